package org.memphisee.client;

/**
 * Times and limits of a conversation.
 *
 * @param connectMillis time to connect and log in
 * @param requestMillis time for the answer to a request and for the acknowledgement of a publish
 * @param pingMillis silence after which the broker is asked whether it is there; a second silence ends the conversation
 * @param maxInFlightBytes published bytes that may wait for their acknowledgement
 */
public record SessionSettings(long connectMillis, long requestMillis, long pingMillis, long maxInFlightBytes) {

    public static final SessionSettings DEFAULTS = new SessionSettings(5_000, 15_000, 10_000, 16 << 20);

    public SessionSettings {
        if (connectMillis < 1 || requestMillis < 1 || pingMillis < 1 || maxInFlightBytes < 1) {
            throw new IllegalArgumentException("times and budget must be at least 1");
        }
    }
}

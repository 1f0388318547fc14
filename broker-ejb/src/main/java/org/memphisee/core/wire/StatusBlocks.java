package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;

/** Header blocks of the statuses a consumer sends (jetstream-api.md 6.9, 6.10). */
public final class StatusBlocks {

    public static final byte[] NO_MESSAGES = of("404 No Messages");
    public static final byte[] REQUESTS_PENDING = of("408 Requests Pending");
    public static final byte[] PUSH_BASED = of("409 Consumer is push based");
    public static final byte[] EXCEEDED_MAX_WAITING = of("409 Exceeded MaxWaiting");
    public static final byte[] CONSUMER_DELETED = of("409 Consumer Deleted");
    public static final byte[] FLOW_CONTROL = of("100 FlowControl Request");

    private StatusBlocks() { }

    public static byte[] of(String status) {
        return ("NATS/1.0 " + status + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A status that tells what the request did not get. */
    public static byte[] unfinished(String status, long messages, long bytes) {
        return ("NATS/1.0 " + status + "\r\nNats-Pending-Messages: " + messages + "\r\nNats-Pending-Bytes: " + bytes
            + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The sign of life; {@code stalledOn} is the open flow control question, empty for none. */
    public static byte[] heartbeat(long lastConsumer, long lastStream, String stalledOn) {
        String stalled = stalledOn.isEmpty() ? "" : "\r\nNats-Consumer-Stalled: " + stalledOn;
        return ("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: " + lastConsumer + "\r\nNats-Last-Stream: "
            + lastStream + stalled + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }
}

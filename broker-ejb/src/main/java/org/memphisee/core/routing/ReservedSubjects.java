package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;

/** Subjects that only brokers use among themselves: clients may not touch them (wire-protocol.md 3.11). */
final class ReservedSubjects {

    private static final byte[] MEMPHIS = ascii("$memphis");
    private static final byte[][] EXACT = {ascii("$memphis_connection_status"), ascii("$memphis_integration_updates"),
        ascii("$memphis_config_reload_signal"), ascii("$memphis_cache_updates")};
    /** Live topics: who follows which, and what there is to say about them. */
    private static final byte[] TOPICS = ascii("$memphis_ws_");
    private static final byte[] TOLD_TOPICS = ascii("$memphis_ws_pubs.");
    private static final byte[][] BELOW = {ascii("$memphis-throughput-v1."), ascii("$memphis_jsapi_reply_"),
        ascii("$memphis_syslogs."), ascii("$memphis_tiered_storage.")};

    private ReservedSubjects() { }

    /** Whether the broker's own requests and notices go there: no stream stores them, whatever its subjects. */
    static boolean own(byte[] s, int offset, int length) {
        return Router.startsWith(s, offset, length, MEMPHIS);
    }

    /** Whether this is said about live topics, by brokers only. */
    static boolean toldTopic(byte[] s, int offset, int length) {
        return Router.startsWith(s, offset, length, TOLD_TOPICS);
    }

    /** Whether a client may not publish there. */
    static boolean published(byte[] s, int offset, int length) {
        return contains(s, offset, length) || toldTopic(s, offset, length);
    }

    /** Whether a client may not subscribe there; {@code viewer} whether it may follow live topics. */
    static boolean subscribed(byte[] s, boolean viewer) {
        return contains(s, 0, s.length)
            || Router.startsWith(s, 0, s.length, TOPICS) && !(viewer && toldTopic(s, 0, s.length));
    }

    static boolean contains(byte[] s, int offset, int length) {
        if (!Router.startsWith(s, offset, length, MEMPHIS)) {
            return false;
        }
        for (byte[] subject : EXACT) {
            if (length == subject.length && Router.startsWith(s, offset, length, subject)) {
                return true;
            }
        }
        for (byte[] prefix : BELOW) {
            if (Router.startsWith(s, offset, length, prefix)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}

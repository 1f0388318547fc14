package org.memphisee.core.station;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

import org.memphisee.core.log.MessageId;

/** The message ids of the deduplication window and where they went (P5). Shard's thread only. */
final class DedupWindow {

    private final Map<String, MessageId> byId = new HashMap<>();
    private final ArrayDeque<MessageId> byAge = new ArrayDeque<>();

    /** The earlier message with this id, or null. */
    MessageId find(String id, long nowNanos, long windowNanos) {
        expire(nowNanos - windowNanos);
        return byId.get(id);
    }

    void add(MessageId id) {
        byId.put(id.id(), id);
        byAge.add(id);
    }

    /** Forgets ids whose messages were never committed. */
    void forgetFrom(long sequence) {
        while (!byAge.isEmpty() && byAge.peekLast().sequence() >= sequence) {
            MessageId id = byAge.pollLast();
            byId.remove(id.id(), id);
        }
    }

    void expire(long before) {
        while (!byAge.isEmpty() && byAge.peekFirst().timestampNanos() <= before) {
            MessageId id = byAge.pollFirst();
            byId.remove(id.id(), id);
        }
    }

    boolean empty() {
        return byAge.isEmpty();
    }
}

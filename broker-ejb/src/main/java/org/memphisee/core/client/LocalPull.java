package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One pull request on one partition, from its sending to its end. The loop's thread only. */
final class LocalPull {

    /** How long past its expiry a request may be silent; then its consumer is gone. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final String STATUS = "NATS/1.0 ";

    /** How a request ends. */
    enum End {
        /** Got all it asked for. */
        COMPLETE,
        /** No more messages now, or the time is over. */
        NO_MORE,
        /** The next message does not fit any more. */
        FULL,
        /** The consumer was removed. */
        GONE,
        /** The stream is offline, or the record that is next is damaged. */
        UNREADABLE,
        /** Refused or given up; something that may pass. */
        REFUSED,
        /** No answer at all. */
        SILENCE
    }

    /** Who asked. */
    interface Listener {
        void message(LocalDelivery delivery);

        void ended(End how);
    }

    final String stream;
    final String consumer;
    final long expiresNanos;
    final Listener listener;
    /** Given by the loop. */
    String sid = "";

    private final int batch;
    private final long maxBytes;
    private int left;

    /**
     * @param expiresNanos how long to wait for messages, 0 for those that are there
     */
    LocalPull(String stream, String consumer, int batch, long maxBytes, long expiresNanos, Listener listener) {
        this.stream = stream;
        this.consumer = consumer;
        this.batch = batch;
        this.left = batch;
        this.maxBytes = maxBytes;
        this.expiresNanos = expiresNanos;
        this.listener = listener;
    }

    String request() {
        return "{\"batch\":" + batch + ",\"max_bytes\":" + maxBytes
            + (expiresNanos > 0 ? ",\"expires\":" + expiresNanos : ",\"no_wait\":true") + "}";
    }

    /** Takes what came for it; how the request ended, or null. */
    End take(LocalSink.Frame frame) {
        byte[] headers = frame.headers();
        if (headers.length > STATUS.length() && headers[STATUS.length() - 1] == ' ') {
            return status(new String(headers, STATUS.length(), headers.length - STATUS.length(),
                StandardCharsets.UTF_8));
        }
        listener.message(new LocalDelivery(frame.subject(), headers, frame.payload(), frame.reply()));
        return --left == 0 ? End.COMPLETE : null;
    }

    private static End status(String line) {
        if (line.startsWith("100")) {
            return null;
        }
        if (line.startsWith("404") || line.startsWith("408")) {
            return End.NO_MORE;
        }
        if (line.startsWith("409 Message Size") || line.startsWith("409 Batch Completed")) {
            return End.FULL;
        }
        if (line.startsWith("409 Stream Is Offline") || line.startsWith("409 Stored Message Unreadable")) {
            return End.UNREADABLE;
        }
        return line.startsWith("409 Consumer Deleted") || line.startsWith("503") ? End.GONE : End.REFUSED;
    }
}

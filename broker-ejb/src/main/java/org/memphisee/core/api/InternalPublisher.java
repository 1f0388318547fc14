package org.memphisee.core.api;

import java.util.concurrent.CompletableFuture;

/** Publishing by the broker itself (advisories, pushes to SDKs). Any thread. */
public interface InternalPublisher {

    /** Publishes like a client would: to subscribers and, where a stream covers the subject, into the stream. */
    default void publish(String subject, byte[] payload) {
        publish(subject, new byte[0], payload);
    }

    /** The same with a header block (complete, with final blank line; empty for none). */
    void publish(String subject, byte[] headerBlock, byte[] payload);

    /**
     * The same with a reply subject, for what is answered.
     *
     * @param reply where answers go
     */
    default void publish(String subject, String reply, byte[] headerBlock, byte[] payload) {
        throw new UnsupportedOperationException("nobody answers here");
    }

    /**
     * Whether anybody would get a message with this literal subject: a subscriber, or a stream. What nobody hears need not be
     * made.
     */
    default boolean heard(String subject) {
        return true;
    }

    /**
     * The same, told once whether a stream has stored it.
     *
     * @return empty when it is durable, else why it is not stored, or may not be
     */
    default CompletableFuture<String> store(String subject, byte[] headerBlock, byte[] payload) {
        publish(subject, headerBlock, payload);
        return CompletableFuture.completedFuture("");
    }
}

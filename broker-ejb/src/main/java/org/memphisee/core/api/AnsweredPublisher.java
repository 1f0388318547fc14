package org.memphisee.core.api;

import java.util.concurrent.CompletableFuture;

/** Publishing by the broker itself where somebody or a stream answers. Any thread. */
public interface AnsweredPublisher extends InternalPublisher {

    /**
     * Publishes with a reply subject.
     *
     * @param reply where answers go
     */
    void publish(String subject, String reply, byte[] headerBlock, byte[] payload);

    /**
     * Publishes into a stream, told once whether that has stored it. A stream that acknowledges nothing is asked for nothing.
     *
     * @return empty when it is durable, else why it is not stored, or may not be
     */
    CompletableFuture<String> store(String subject, byte[] headerBlock, byte[] payload);
}

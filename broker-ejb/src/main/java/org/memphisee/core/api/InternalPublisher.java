package org.memphisee.core.api;

/** Publishing by the broker itself (advisories, pushes to SDKs). Any thread. */
public interface InternalPublisher {

    /** Publishes like a client would: to subscribers and, where a stream covers the subject, into the stream. */
    void publish(String subject, byte[] payload);
}

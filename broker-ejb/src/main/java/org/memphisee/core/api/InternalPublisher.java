package org.memphisee.core.api;

/** Publishing by the broker itself (advisories, pushes to SDKs). Any thread. */
public interface InternalPublisher {

    /** Publishes like a client would: to subscribers and, where a stream covers the subject, into the stream. */
    default void publish(String subject, byte[] payload) {
        publish(subject, new byte[0], payload);
    }

    /** The same with a header block (complete, with final blank line; empty for none). */
    void publish(String subject, byte[] headerBlock, byte[] payload);

    /**
     * Publishes what every node of a cluster publishes, each for its own: subscribers of this node get it, and a stream that is
     * served here; of a queue group one member in the cluster. The same as {@link #publish} for a broker alone.
     */
    default void publishHere(String subject, byte[] payload) {
        publish(subject, payload);
    }

    /**
     * Whether anybody would get a message with this literal subject: a subscriber, or a stream. What nobody hears need not be
     * made.
     */
    default boolean heard(String subject) {
        return true;
    }

    /** Whether a subscriber at this node should read before more is published to this literal subject. */
    default boolean behind(String subject) {
        return false;
    }
}

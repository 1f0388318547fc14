package org.memphisee.core.wire;

/** What it takes to publish advisories. Shard's thread only. */
public interface AdvisoryOutlet {

    /** Wall clock, nanoseconds since the epoch. */
    long wallNanos();

    /** A random number, from the seeded source in simulations. */
    long random();

    /** Publishes to a subject from the broker itself: advisories, ack answers. Empty payload for an empty answer. */
    void publish(String subject, byte[] payload);

    /** Whether somebody would get what is published to a subject. */
    boolean heard(String subject);
}

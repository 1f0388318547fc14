package org.memphisee.core.topics;

import java.util.Optional;

/** Makes what is published about a topic. */
public interface TopicSource {

    /** Whether there is such a topic, whatever there is to say about it. Any thread; does not wait. */
    boolean known(String topic);

    /**
     * What there is to say now, as JSON; empty when it is about something that is not there (any more). May wait for the broker;
     * one call at a time.
     *
     * @param topic a known one
     * @param maxBytes that the message may have
     */
    Optional<byte[]> now(String topic, int maxBytes);
}

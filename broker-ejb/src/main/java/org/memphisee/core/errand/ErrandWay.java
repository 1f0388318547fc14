package org.memphisee.core.errand;

import java.util.List;

/** The way of errands to the nodes that decide about their partitions. Any thread; nothing here waits. */
@FunctionalInterface
public interface ErrandWay {

    /** Of a broker alone: there are no other nodes. */
    ErrandWay NONE = errands -> errands.forEach(SentErrand::nobodyDecides);

    /** Takes errands; each ends once, after some seconds at the latest. */
    void send(List<? extends SentErrand<?>> errands);
}

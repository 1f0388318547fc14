package org.memphisee.dashboard.api;

import java.util.function.Consumer;

import org.memphisee.core.topics.TopicSource;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/**
 * What is done once a second while the module is there: totals for the throughput, and the broker told who has figures for dashboards of
 * Memphis. When the module goes the broker may have gone before it, and is not asked for: what was told is told that there is nobody.
 * One call at a time.
 */
final class Sampling implements Runnable {

    private final BrokerStatus status;
    private final Consumer<BrokerEngine> totals;
    private final TopicSource topics;
    private BrokerEngine told;

    Sampling(BrokerStatus status, Consumer<BrokerEngine> totals, TopicSource topics) {
        this.status = status;
        this.totals = totals;
        this.topics = topics;
    }

    @Override
    public synchronized void run() {
        status.engine().ifPresent(engine -> {
            totals.accept(engine);
            engine.showTopics(topics);
            told = engine;
        });
    }

    /** The module goes. */
    synchronized void end() {
        if (told != null) {
            told.showTopics(null);
        }
    }
}

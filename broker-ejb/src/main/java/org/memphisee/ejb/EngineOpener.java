package org.memphisee.ejb;

import java.util.concurrent.ThreadFactory;

import org.memphisee.config.BrokerSettings;

/** Opens the broker proper: store, recovery, shards. Found as a service of the application. */
public interface EngineOpener {

    /**
     * Opens it; may take as long as recovery takes.
     *
     * @param settings validated settings
     * @param threads makes the threads of shards and loops; they are interrupted before the adapter stops
     * @throws Exception when it cannot be opened; the message is one line for people
     */
    BrokerEngine open(BrokerSettings settings, ThreadFactory threads) throws Exception;
}

package org.memphisee.core;

import java.util.List;

import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;

/** Opens whole brokers for tests, with threads that nobody waits for and the server's password {@value #SECRET}. */
final class WholeBroker {

    static final String SECRET = "secret-1";
    static final int SHARDS = 2;

    private WholeBroker() { }

    static ControlSettings control() {
        return ControlSettings.of(SECRET, ControlSettings.AuthMode.USER_PASSWORD, "", "test").withPasswordIterations(1000);
    }

    /** Options of a small broker whose cursors are stored after so long. */
    static BrokerOptions options(int shards, long cursorIntervalNanos) {
        return new BrokerOptions("test", 1 << 20, shards, 32 << 20, 8 << 20, 32 << 20, 100_000_000, cursorIntervalNanos, 0, 0,
            false, control());
    }

    static Broker open(BrokerOptions options, LogStore store, BrokerEvents events) throws StoreException {
        return Broker.open(options, store, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }, events);
    }

    /** Keeps what a test does not expect to happen. */
    static class Events implements BrokerEvents {
        private final List<String> happened;

        /** Adds to a list that may be added to by any thread. */
        Events(List<String> happened) {
            this.happened = happened;
        }

        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            happened.add(stream + " is frozen: " + cause);
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            happened.add(where + ": " + cause);
        }
    }
}

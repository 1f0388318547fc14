package org.memphisee.chaos;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.core.log.LogStore;

/**
 * Where a node's process halts by itself, beside the points of the write path
 * ({@link org.memphisee.core.append.CrashPoint}): around the syncs of the journal, on which each vote, answer and
 * acknowledgement of a group depends, and around the writes of the store, of which a rebuild is made.
 */
enum Halt {
    /** Records are written, and not synced: an entry, a vote, the opening of a leadership. */
    JOURNAL_BEFORE_SYNC,
    /** They are durable, and nobody was answered. */
    JOURNAL_AFTER_SYNC,
    /** Something is applied, and the store does not have it. */
    STORE_BEFORE_WRITE,
    /** It has it, and nobody knows. */
    STORE_AFTER_WRITE;

    private static final int EXIT = 137;
    private static final String SETTING = System.getProperty("chaos.halt", "");
    private static final AtomicInteger LEFT = new AtomicInteger(SETTING.isEmpty() ? 0
        : Integer.parseInt(SETTING.substring(SETTING.indexOf(':') + 1)));

    /** Halts when this is the point, and its time has come. */
    void reached() {
        if (SETTING.startsWith(name() + ":") && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT);
        }
    }

    /** A store with the points around its writes. */
    static LogStore around(LogStore store) {
        return SETTING.startsWith("STORE") ? (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(),
            new Class<?>[] {LogStore.class}, (proxy, method, arguments) -> {
                boolean writes = method.getName().equals("write");
                try {
                    if (writes) {
                        STORE_BEFORE_WRITE.reached();
                    }
                    Object result = method.invoke(store, arguments);
                    if (writes) {
                        STORE_AFTER_WRITE.reached();
                    }
                    return result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }) : store;
    }
}

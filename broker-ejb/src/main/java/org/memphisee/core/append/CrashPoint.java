package org.memphisee.core.append;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named points of the write path at which a crash test halts the process, as if the power went. Set by the environment
 * variable {@code MEMPHISEE_CRASH_POINT=name[:n]}: halts when the point is reached for the n-th time. Without it a point
 * costs one comparison with a constant.
 */
public enum CrashPoint {
    /** A batch was sealed and not yet given to the log writer. */
    BATCH_BUILT,
    /** The log writer is about to commit. */
    BEFORE_COMMIT,
    /** The commit is durable, nobody knows yet. */
    AFTER_COMMIT,
    /** The shard knows and is about to acknowledge. */
    BEFORE_ACK,
    /** Cursors were encoded and not yet given to the log writer. */
    CURSOR_BEFORE_COMMIT,
    /** A definition was appended to the system log and not yet given to the log writer. */
    SYSTEM_BEFORE_COMMIT,
    /** A definition is durable and not yet applied. */
    SYSTEM_AFTER_COMMIT;

    private static final String SETTING = System.getenv().getOrDefault("MEMPHISEE_CRASH_POINT", "");
    private static final AtomicInteger LEFT = new AtomicInteger(count());
    private static final int EXIT = 137;

    private final boolean armed = name().equals(point());

    /** Halts the process when this point is the one that was asked for, and its time has come. */
    public void reached() {
        if (armed && LEFT.decrementAndGet() <= 0) {
            Runtime.getRuntime().halt(EXIT);
        }
    }

    private static String point() {
        String setting = System.getenv().getOrDefault("MEMPHISEE_CRASH_POINT", "");
        int colon = setting.indexOf(':');
        return (colon < 0 ? setting : setting.substring(0, colon)).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static int count() {
        int colon = SETTING.indexOf(':');
        return colon < 0 ? 1 : Integer.parseInt(SETTING.substring(colon + 1));
    }
}

package org.memphisee.cli.migrate;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Progress for people: on a terminal a line that is written again and again, elsewhere a line at the end of each thing. */
public final class ProgressLine implements Progress {

    private static final long PAUSE_NANOS = 200_000_000L;
    private static final long LOOK = 0x3ff;
    private static final double NANOS = 1e9;

    private final PrintStream to;
    private final boolean terminal;
    private final AtomicLong moved = new AtomicLong();
    private volatile String what = "";
    private volatile long total;
    private volatile long began;
    private volatile long written;

    /** @param terminal whether a person looks at {@code to} while it goes on */
    public ProgressLine(PrintStream to, boolean terminal) {
        this.to = to;
        this.terminal = terminal;
    }

    @Override
    public void begins(String what, long messages) {
        this.what = what;
        total = messages;
        moved.set(0);
        began = System.nanoTime();
        written = began - PAUSE_NANOS;
        line();
    }

    @Override
    public void moved() {
        if ((moved.incrementAndGet() & LOOK) == 0) {
            line();
        }
    }

    private void line() {
        long now = System.nanoTime();
        if (!terminal || now - written < PAUSE_NANOS) {
            return;
        }
        synchronized (this) {
            if (now - written >= PAUSE_NANOS) {
                written = now;
                long done = moved.get();
                to.print("\r" + what + "  " + done + " of " + total + " messages, " + Math.min(100, total == 0 ? 0
                    : done * 100 / total)
                    + " %, " + rate(done, now) + "/s   ");
                to.flush();
            }
        }
    }

    private String rate(long done, long now) {
        return String.format(Locale.ROOT, "%,d", Math.round(done / Math.max(1e-3, (now - began) / NANOS)));
    }

    @Override
    public void ends(String how) {
        long now = System.nanoTime();
        to.println((terminal ? "\r" : "") + what + "  " + moved.get() + " messages, " + String.format(Locale.ROOT, "%.1f",
            (now - began) / NANOS)
            + " s, " + rate(moved.get(), now) + "/s" + (how.isEmpty() ? "" : ": " + how) + (terminal ? "          " : ""));
        to.flush();
    }
}

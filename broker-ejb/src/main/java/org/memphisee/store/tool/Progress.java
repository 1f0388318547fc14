package org.memphisee.store.tool;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Says every few seconds how far a long walk has come. */
final class Progress {

    private static final long EVERY_NANOS = 2_000_000_000L;

    private final PrintStream to;
    private final LongSupplier nanos;
    private long next;
    private long begin;
    private long all;
    private long done;
    private String what = "";

    Progress(PrintStream to, LongSupplier nanos) {
        this.to = to;
        this.nanos = nanos;
    }

    /** A walk over so many bytes begins. */
    void begin(String phase, long bytes) {
        what = phase;
        all = bytes;
        done = 0;
        begin = nanos.getAsLong();
        next = begin + EVERY_NANOS;
    }

    /** So many more bytes were read. */
    void add(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (now - next >= 0) {
            next = now + EVERY_NANOS;
            double seconds = (now - begin) / 1e9;
            to.println(String.format(Locale.ROOT, "%s: %,d of %,d MiB (%d %%), %.0f MiB/s", what, done >> 20, all >> 20,
                Math.min(100, done * 100 / Math.max(1, all)), (done >> 20) / seconds));
        }
    }
}

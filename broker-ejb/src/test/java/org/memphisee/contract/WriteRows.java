package org.memphisee.contract;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;

/** Rows of a table that says how long synced writes took. One thread. */
public final class WriteRows {

    private final PrintStream out = System.out;
    private final long nanosPerRow;

    /** Measures for so long for each row, after a quarter of that to warm up. */
    public WriteRows(long nanosPerRow) {
        this.nanosPerRow = nanosPerRow;
    }

    /** What is measured. */
    public interface Step {

        /** Writes once; numbers go up from 1. */
        void run(long sequence) throws IOException;
    }

    /** The line above the rows. */
    public void head() {
        out.printf("%-30s %8s %8s %8s %8s %8s%n", "ms", "p50", "p99", "p99.9", "max", "MB/s");
    }

    /** Measures a row; {@code size} is what a step writes, in bytes. */
    public void measure(String name, int size, Step step) throws IOException {
        long[] nanos = new long[1 << 16];
        int count = 0;
        long sequence = 1;
        long warm = System.nanoTime() + nanosPerRow / 4;
        while (System.nanoTime() < warm) {
            step.run(sequence++);
        }
        long begin = System.nanoTime();
        long end = begin + nanosPerRow;
        long now = begin;
        while (now < end && count < nanos.length) {
            step.run(sequence++);
            long after = System.nanoTime();
            nanos[count++] = after - now;
            now = after;
        }
        Arrays.sort(nanos, 0, count);
        out.printf("%-30s %8.3f %8.3f %8.3f %8.3f %8.1f%n", name, nanos[count / 2] / 1e6,
            nanos[(int) (count * 0.99)] / 1e6, nanos[(int) (count * 0.999)] / 1e6, nanos[count - 1] / 1e6,
            (double) size * count / (now - begin) * 1e3);
    }
}

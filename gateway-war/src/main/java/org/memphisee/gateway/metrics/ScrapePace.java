package org.memphisee.gateway.metrics;

import java.util.concurrent.locks.LockSupport;

/**
 * Leaves the processor to others between two pieces of a long answer. A scraper waits for seconds, a publisher that waits
 * for its acknowledgement does not: tens of milliseconds at a stretch are felt by whoever comes meanwhile, one is not
 * (docs/benchmarks.md, "Scrape"). An answer of less than a piece never waits. One thread; one answer.
 */
class ScrapePace {

    /** Waits for nothing. */
    static final ScrapePace NONE = new ScrapePace() {
        @Override
        void written(int bytes) { }
    };

    /** About a millisecond's work when it is packed. */
    private static final int PIECE = 256 << 10;
    private static final long PAUSE_NANOS = 4_000_000L;
    /** With more pieces than that the answer would take too long. */
    private static final int MOST_PAUSES = 100;

    private int sincePause;
    private int pauses;

    /** So much more was written. */
    void written(int bytes) {
        sincePause += bytes;
        if (sincePause >= PIECE && pauses < MOST_PAUSES) {
            sincePause = 0;
            pauses++;
            pause(PAUSE_NANOS);
        }
    }

    /** Lets others run. */
    void pause(long nanos) {
        LockSupport.parkNanos(this, nanos);
    }
}

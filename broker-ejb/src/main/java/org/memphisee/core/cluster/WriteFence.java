package org.memphisee.core.cluster;

/**
 * Keeps a partition's log free of gaps: after a batch that could not be written none that was submitted behind it may be
 * written, or sequences would be missing. Its owner takes back what it gave out and goes on with a new one. Used by whoever
 * writes, apart from being created.
 */
public final class WriteFence {

    /** Of requests that depend on no earlier one; never closed. */
    public static final WriteFence NONE = new WriteFence();

    private WriteOutcome.Failed failure;

    /** Why nothing behind it may be written, null while all is well. */
    public WriteOutcome.Failed failure() {
        return failure;
    }

    /** Something failed that others depend on. */
    public void close(WriteOutcome.Failed why) {
        if (this != NONE) {
            failure = why;
        }
    }
}

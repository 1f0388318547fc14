package org.memphisee.client;

/** Whether the broker is still there: a silent one is asked, and one that does not answer is left. One thread. */
final class Silence {

    /** What to do about it. */
    enum Verdict { FINE, ASK, GONE }

    private final long limitNanos;
    private boolean heard;
    private boolean asked;
    private long since;

    /**
     * @param limitNanos silence after which it is asked, and after which again it is gone
     */
    Silence(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /** Bytes came. */
    void heard() {
        heard = true;
    }

    /** Looks; to be called regularly. */
    Verdict look(long now) {
        if (heard) {
            heard = false;
            asked = false;
            since = now;
            return Verdict.FINE;
        }
        if (now - since < limitNanos) {
            return Verdict.FINE;
        }
        if (asked) {
            return Verdict.GONE;
        }
        asked = true;
        since = now;
        return Verdict.ASK;
    }
}

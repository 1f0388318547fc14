package org.memphisee.schema;

/**
 * How many steps a check may take: so many for any message, and some for each byte of it. A step is some tens of
 * nanoseconds. One thread at a time.
 */
final class Budget {

    /** The check has cost what it may. Carries no stack trace: it is an answer. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ExhaustedException() {
            super("", null, false, false);
        }
    }

    static final String TOO_COSTLY = "it would take too long to check";
    private static final long FREE_STEPS = 100_000;
    private static final long STEPS_PER_BYTE = 4;

    private static final long NOTHING = -1;

    private long left;

    /** Begins a check of so many bytes. */
    void begin(int bytes) {
        left = FREE_STEPS + STEPS_PER_BYTE * bytes;
    }

    /** Takes steps, or says that there are not enough; then none are left. For places where nothing may be thrown. */
    boolean tryTake(long steps) {
        left = left < steps ? NOTHING : left - steps;
        return left >= 0;
    }

    /** Ends the check if steps were missing. */
    void requireSome() {
        take(0);
    }

    /** Takes steps, or ends the check. */
    void take(long steps) {
        left -= steps;
        if (left < 0) {
            throw new ExhaustedException();
        }
    }
}

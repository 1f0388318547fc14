package org.memphisee.core.time;

/**
 * What one thread does in turns: take all that waits, do it, hand over once. Whoever drives it ({@link World#run}) calls
 * everything here but {@link #ready()} from that thread.
 */
public interface Loop {

    /** Of {@link #turn()}: there is more to do now. */
    long AT_ONCE = 0;
    /** Of {@link #turn()}: nothing to do until something is submitted. */
    long WHEN_WOKEN = Long.MAX_VALUE;
    /** Of {@link #takeNap()}: none. */
    long NO_NAP = Long.MIN_VALUE;

    /**
     * One turn.
     *
     * @return monotonic time at which the next one is due if nothing is submitted before; {@link #AT_ONCE}, {@link
     *     #WHEN_WOKEN}
     */
    long turn();

    /** Whether something waits for the next turn. Any thread. */
    boolean ready();

    /** Where its thread sleeps; whoever submits something wakes it there. */
    Parking parking();

    /** Until when, monotonic, no turn is wanted whatever is submitted; asked once after each turn. {@link #NO_NAP} for none. */
    default long takeNap() {
        return NO_NAP;
    }
}

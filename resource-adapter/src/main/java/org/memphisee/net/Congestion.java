package org.memphisee.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;

/**
 * Whether so much waits for one client that those who send to it should wait, and who waits. It begins when a quarter of
 * the client's budget is used and ends when an eighth of that has gone again, or when the client is not worth waiting for:
 * it has taken nothing for the time that others have patience with it, or too little over {@value #LONG_RUN} such times.
 * Then nobody waits any more and the budget decides, until the client has caught up.
 */
public final class Congestion {

    /** Times of patience within which a client must take a quarter of its budget, so that nobody can trickle for ever. */
    private static final int LONG_RUN = 15;
    /** Looks at the progress in one time of patience. */
    private static final int LOOKS = 8;
    private static final int SHARE_OF_BUDGET = 4;
    private static final int SHARE_OF_RELIEF = 8;

    private static final Waiting NOBODY = new Waiting(() -> { }, null);
    private static final VarHandle STATE;
    private static final VarHandle WAITING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Congestion.class, "state", State.class);
            WAITING = lookup.findVarHandle(Congestion.class, "waiting", Waiting.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum State {
        /** Nobody waits. */
        NONE,
        /** Whoever sends to the client waits. */
        WAITED_FOR,
        /** It takes nothing at present: nobody waits; it may be waited for again when it does. */
        SILENT,
        /** It takes too little: nobody waits until it has caught up. */
        GIVEN_UP
    }

    private record Waiting(Runnable action, Waiting next) { }

    /** What the client's connection knows of it. Event loop. */
    public interface Progress {

        /** Bytes taken so far, in a number that changes with each one. */
        long taken();

        /** Nanoseconds since the client has taken something, or since there has been something to take. */
        long silentNanos();
    }

    private final EventLoop loop;
    private final Progress progress;
    private final long mark;
    private final long relief;
    private final long patienceNanos;

    private volatile State state = State.NONE;
    private volatile Waiting waiting = NOBODY;

    // The event loop's part.
    private boolean watching;
    private long seen;
    private long movedAt;
    private long longRunBegan;
    private long longRunTaken;

    /**
     * Nothing waits yet.
     *
     * @param loop the client's event loop
     * @param budget bytes that may wait for it
     * @param patienceMillis how long others wait for it while it takes nothing
     * @param progress what it takes
     */
    public Congestion(EventLoop loop, long budget, long patienceMillis, Progress progress) {
        this.loop = loop;
        this.progress = progress;
        mark = budget / SHARE_OF_BUDGET;
        relief = mark - mark / SHARE_OF_RELIEF;
        patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** Whether those who send should wait. Any thread. */
    public boolean present() {
        return state == State.WAITED_FOR;
    }

    /**
     * So much waits, and the bytes that came last cannot be written before this returns. Any thread.
     *
     * @return whether the client has to be watched: {@link #watch()} is to be called on its event loop
     */
    public boolean rose(long queued) {
        return queued > mark && state == State.NONE && STATE.compareAndSet(this, State.NONE, State.WAITED_FOR);
    }

    /** Only so much waits now. Event loop. */
    public void fell(long queued) {
        if (state != State.NONE && queued <= relief) {
            end();
        }
    }

    /** Nobody needs to wait: the client is gone, or nothing more is sent to it. Event loop. */
    public void end() {
        state = State.NONE;
        release();
    }

    /** Runs the action when nobody has to wait any more. Any thread. */
    public void whenRelieved(Runnable action) {
        Waiting head;
        do {
            head = waiting;
        } while (!WAITING.compareAndSet(this, head, new Waiting(action, head)));
        if (!present()) {
            release();
        }
    }

    /** Who has waited longest goes first: there may not be room for all, and the others come behind it the next time. */
    private void release() {
        Waiting oldest = NOBODY;
        for (Waiting w = (Waiting) WAITING.getAndSet(this, NOBODY); w != NOBODY; w = w.next) {
            oldest = new Waiting(w.action, oldest);
        }
        for (Waiting w = oldest; w != NOBODY; w = w.next) {
            w.action.run();
        }
    }

    /** Begins to look at the client's progress. Event loop. */
    public void watch() {
        if (!watching && state != State.NONE) {
            watching = true;
            seen = progress.taken();
            movedAt = System.nanoTime() - patienceNanos; // what was before the progress itself tells
            beginLongRun();
            look();
        }
    }

    private void beginLongRun() {
        longRunBegan = System.nanoTime();
        longRunTaken = seen;
    }

    private void look() {
        if (state == State.NONE) {
            watching = false;
            return;
        }
        judge();
        loop.schedule(this::look, patienceNanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void judge() {
        long now = System.nanoTime();
        boolean moved = progress.taken() != seen;
        seen = progress.taken();
        if (moved) {
            movedAt = now;
        }
        if (state == State.WAITED_FOR && now - movedAt >= patienceNanos && progress.silentNanos() >= patienceNanos) {
            give(State.SILENT);
        } else if (state == State.SILENT && moved) {
            state = State.WAITED_FOR;
        }
        if (now - longRunBegan >= LONG_RUN * patienceNanos) {
            if (seen - longRunTaken < mark) {
                give(State.GIVEN_UP);
            }
            beginLongRun();
        }
    }

    private void give(State up) {
        state = up;
        release();
    }
}

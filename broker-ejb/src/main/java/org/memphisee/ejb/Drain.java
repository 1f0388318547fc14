package org.memphisee.ejb;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

import org.memphisee.message.OperatorMessage;

/**
 * The way down when somebody asks the process to end: the broker is not ready any more, clients may go on for a while, then
 * everything is closed and the process ends, all of that while the container still answers. Asked again, it does not wait;
 * within a second that is the same request, since Ctrl-C reaches a whole group of processes and some pass it on. Thread-safe.
 */
final class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class.getName());

    /** Signals that come so soon after the first are the same request. */
    static final Duration SAME = Duration.ofSeconds(1);
    /** How long closing may take before the process ends without it; what was acknowledged is on disk. */
    static final Duration CLOSING = Duration.ofSeconds(60);
    /** The same for who was asked twice. */
    static final Duration AT_ONCE = Duration.ofSeconds(5);
    /** The container has nothing of ours to close any more. */
    static final Duration CONTAINER = Duration.ofSeconds(15);

    private final Runnable announce;
    private final LongSupplier delayMillis;
    private final Leave leave;
    private final Runnable close;
    private final Process process;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private OptionalLong asked = OptionalLong.empty();

    /** What is done while clients are served still. */
    interface Leave {
        /** Returns within a bounded time, soon when somebody is in a hurry. */
        void leave(Hurry hurry) throws InterruptedException;
    }

    /** Whether whoever asked has asked again. */
    interface Hurry {
        /** Waits; true as soon as somebody is in a hurry. */
        boolean within(long millis) throws InterruptedException;
    }

    /** The process that is to end. */
    interface Process {
        /** Runs something beside the caller. */
        void beside(String name, Runnable task);

        /** Ends in good order, and in whatever order after the limit. */
        void stop(int status, Duration limit);

        /** Ends in whatever order after the limit. */
        void endAfter(int status, Duration limit);

        /** Nanoseconds of a clock that only goes forward. */
        long nanoTime();
    }

    /**
     * Nobody has asked yet.
     *
     * @param announce says that the broker is not ready any more; quick
     * @param delayMillis how long clients are served after that
     * @param leave gives away what others can do, when that time is over
     * @param close closes everything; returns when it is closed, also if somebody else does it
     * @param process what ends then
     */
    Drain(Runnable announce, LongSupplier delayMillis, Leave leave, Runnable close, Process process) {
        this.leave = leave;
        this.announce = announce;
        this.delayMillis = delayMillis;
        this.close = close;
        this.process = process;
    }

    /** Somebody asks; does not wait. */
    void ask(int status) {
        OptionalLong since = sinceFirst();
        if (since.isEmpty()) {
            process.beside("memphisee-drain", () -> run(status));
        } else if (since.getAsLong() > SAME.toNanos()) {
            hurry.countDown();
            process.endAfter(status, AT_ONCE);
        }
    }

    private synchronized OptionalLong sinceFirst() {
        long now = process.nanoTime();
        if (asked.isPresent()) {
            return OptionalLong.of(now - asked.getAsLong());
        }
        asked = OptionalLong.of(now);
        return OptionalLong.empty();
    }

    private boolean hurried(long millis) throws InterruptedException {
        return hurry.await(millis, TimeUnit.MILLISECONDS);
    }

    private void leave() throws InterruptedException {
        try {
            leave.leave(this::hurried);
        } catch (RuntimeException e) {
            OperatorMessage.UNEXPECTED.log(LOG, e, "handing over to other nodes", e);
        }
    }

    private void run(int status) {
        try {
            announce.run();
            if (!hurried(delayMillis.getAsLong())) {
                leave();
            }
            boolean hurried = hurried(0);
            process.endAfter(status, hurried ? AT_ONCE : CLOSING);
            close.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.stop(status, hurry.getCount() == 0 ? Duration.ZERO : CONTAINER);
        }
    }
}

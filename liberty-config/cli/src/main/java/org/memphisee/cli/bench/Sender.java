package org.memphisee.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.memphisee.client.BrokerSession;
import org.memphisee.client.HeaderBlock;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/**
 * Sends messages over one session and waits for an answer to each, with at most so many unanswered: to stations, whose answer says
 * that the message is on disk, or to a responder. Each message in flight has a slot, whose number ends its reply subject.
 *
 * <p>{@link #send} runs on a thread of its own. With a schedule it sends itself; without one the link's thread does, as answers make
 * room. Answers are counted on the link's thread, which hands slots back in the order in which they became free.
 */
final class Sender implements SubscriptionHandler {

    private static final byte[] NONE = {};
    private static final int CHUNK_BYTES = 64 << 10;
    private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);
    private static final long STEP_NANOS = 1_000_000;

    private final Run run;
    private final BrokerSession session;
    private final byte[][] subjects;
    private final byte[][] replies;
    private final int replyPrefix;
    private final int window;
    private final byte[] payload;
    private final double gapNanos;
    private final boolean stamped;
    private final boolean acknowledged;
    private final long limit;
    private final long patienceNanos;
    private final long[] sentAt;
    private final int[] freed;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final Times times = new Times();
    private final Times late = new Times();
    private final ClientFrames frames = new ClientFrames(CHUNK_BYTES);
    private volatile Thread waiting;
    private volatile Thread sending;
    private long readAt;

    /**
     * What is sent.
     *
     * @param subjects where to, in turn
     * @param window messages that may be unanswered
     * @param payload the payload; the array is written to if {@code stamped}
     * @param rate messages a second, 0 for as fast as answers come; with a rate times count from when a message was due
     * @param stamped whether the payload begins with the time when the message was due
     * @param acknowledged whether answers are the broker's acknowledgements, which may be errors
     * @param limit messages to send, at most
     * @param patienceNanos how long no answer may come
     */
    record Plan(List<String> subjects, int window, byte[] payload, double rate, boolean stamped, boolean acknowledged,
                long limit, long patienceNanos) { }

    Sender(Run run, BrokerSession session, Plan plan) {
        this.run = run;
        this.session = session;
        window = plan.window();
        payload = plan.payload();
        gapNanos = plan.rate() > 0 ? 1e9 / plan.rate() : 0;
        stamped = plan.stamped();
        acknowledged = plan.acknowledged();
        limit = plan.limit();
        patienceNanos = plan.patienceNanos();
        subjects = plan.subjects().stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        String prefix = session.inboxPrefix() + "s.";
        replyPrefix = prefix.length();
        replies = new byte[window][];
        for (int i = 0; i < window; i++) {
            replies[i] = (prefix + i).getBytes(StandardCharsets.UTF_8);
        }
        sentAt = new long[window];
        freed = new int[window];
        ClientFrames first = new ClientFrames(128);
        first.line("SUB " + prefix + "* " + session.newSubscription(this));
        session.send(first);
    }

    /** Sends until the run is over, and waits for the last answers. */
    void send() {
        sending = Thread.currentThread();
        if (gapNanos > 0) {
            sendOnSchedule();
        } else {
            session.schedule(this::fill, 0);
            awaitEnd();
        }
    }

    private void sendOnSchedule() {
        long begun = System.nanoTime();
        long now = begun;
        while (sent.get() < limit && !run.over(now)) {
            long due = begun + (long) (sent.get() * gapNanos);
            if (sent.get() - answered.get() >= window) {
                flush();
                awaitAnswer(() -> sent.get() - answered.get() < window);
            } else if (due > now) {
                flush();
                LockSupport.parkNanos(due - now);
            } else {
                add(due, now);
                if (frames.length() >= CHUNK_BYTES) {
                    flush();
                }
            }
            now = System.nanoTime();
        }
        flush();
        awaitAnswer(() -> sent.get() == answered.get());
    }

    /** Sends as many as may be unanswered. Link's thread: an answer is followed by the next message without waking anybody. */
    private void fill() {
        long now = System.nanoTime();
        while (sent.get() - answered.get() < window && sent.get() < limit && !run.over(now)) {
            add(now, now);
            if (frames.length() >= CHUNK_BYTES) {
                session.send(frames);
            }
            if ((sent.get() & 31) == 0) { // the clock is read now and then
                now = System.nanoTime();
            }
        }
        session.send(frames);
    }

    private void awaitEnd() {
        awaitAnswer(() -> sent.get() == answered.get() && (sent.get() >= limit || run.over(System.nanoTime())));
    }

    private void add(long due, long now) {
        long number = sent.get();
        int slot = number < window ? (int) number : freed[(int) (number % window)];
        sentAt[slot] = due;
        if (gapNanos > 0 && run.measuring()) {
            late.add(now - due);
        }
        if (stamped) {
            for (int i = 0; i < Long.BYTES; i++) {
                payload[i] = (byte) (due >>> 8 * i);
            }
        }
        frames.publish(subjects[(int) (number % subjects.length)], replies[slot], NONE, payload);
        sent.lazySet(number + 1);
    }

    private void flush() {
        sent.set(sent.get()); // who reads it sees the times written before
        session.send(frames);
    }

    /** Waits until the condition holds. Nothing unanswered is no reason for impatience. */
    private void awaitAnswer(BooleanSupplier enough) {
        long last = answered.get();
        long since = System.nanoTime();
        while (!enough.getAsBoolean() && run.error() == null) {
            waiting = Thread.currentThread();
            if (!enough.getAsBoolean()) {
                LockSupport.parkNanos(this, STEP_NANOS);
            }
            waiting = null;
            long now = System.nanoTime();
            if (answered.get() != last || sent.get() == last) {
                last = answered.get();
                since = now;
            } else if (now - since > patienceNanos) {
                run.failed("no answer within " + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s to "
                    + (sent.get() - last) + " messages");
            }
            if (!session.open()) {
                run.failed("the connection ended");
            }
        }
    }

    @Override
    public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                        int headerLength, int payloadLength) {
        if (readAt == 0) {
            readAt = System.nanoTime();
            sent.get(); // with this the times of what was sent are seen
        }
        int slot = 0;
        for (int i = subjectOffset + replyPrefix; i < subjectOffset + subjectLength; i++) {
            slot = slot * 10 + bytes[i] - '0';
        }
        if (headerLength > 0 && HeaderBlock.status(bytes, bodyOffset, headerLength) == 503) {
            run.failed("nobody takes messages there");
        } else if (acknowledged && error(bytes, bodyOffset + headerLength, payloadLength)) {
            run.failed(new String(bytes, bodyOffset + headerLength, payloadLength, StandardCharsets.UTF_8));
        }
        if (run.measuring()) {
            times.add(readAt - sentAt[slot]);
        }
        long number = answered.get();
        freed[(int) (number % window)] = slot;
        answered.lazySet(number + 1);
    }

    private static boolean error(byte[] bytes, int offset, int length) {
        for (int i = offset; i <= offset + length - ERROR.length; i++) {
            if (bytes[i] == '"' && bytes[i + 1] == 'e'
                && java.util.Arrays.equals(bytes, i, i + ERROR.length, ERROR, 0, ERROR.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void readComplete() {
        if (readAt != 0) {
            readAt = 0;
            if (gapNanos == 0) {
                fill();
            } else {
                LockSupport.unpark(waiting);
            }
        }
    }

    /** Messages answered so far. */
    long answered() {
        return answered.get();
    }

    /** Messages sent so far. */
    long sent() {
        return sent.get();
    }

    /** From sending, or from when it was due, to the answer. Read it when the run is over. */
    Times times() {
        return times;
    }

    /** How much later than due messages were sent, by this program's own fault. */
    Times late() {
        return late;
    }

    /** Ends a wait for what is due. */
    void interrupt() {
        Thread thread = sending;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}

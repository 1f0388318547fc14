package org.memphisee.core.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;

import org.memphisee.core.wire.AckSubject;
import org.memphisee.core.wire.PullRequest;

/** Clock, inboxes that record what they get, and the one timer of a consumer; time moves only when told. */
final class SimulatedEnvironment implements ConsumerEnvironment {

    /** Whether the partition is one of an ack-based station. */
    boolean ackBased;

    static final long NEVER = Long.MAX_VALUE;
    static final long WALL_START = 1_795_000_000_000_000_000L;

    /** A message or status that an inbox got, in order. */
    record Frame(String inbox, long sequence, long delivered, long consumerSeq, long pending, String subject,
                 boolean headersOnly, String status, String reply) {
        boolean isMessage() {
            return status.isEmpty();
        }
    }

    record Publication(String subject, String payload) { }

    final class RecordingInbox implements Inbox {
        final String subject;
        final String queueGroup;
        boolean interest = true;
        boolean congested;

        RecordingInbox(String subject, String queueGroup) {
            this.subject = subject;
            this.queueGroup = queueGroup;
        }

        @Override
        public boolean hasInterest() {
            return interest;
        }

        @Override
        public boolean congested() {
            return congested;
        }

        @Override
        public int deliver(MessageView message, boolean headersOnly, byte[] reply, int replyLength) {
            if (!interest) {
                throw new AssertionError("message " + message.sequence + " sent to nobody on " + subject);
            }
            AckSubject ack = new AckSubject();
            if (!ack.parse(reply, 0, replyLength)) {
                throw new AssertionError("no ack subject: " + new String(reply, 0, replyLength,
                    StandardCharsets.UTF_8));
            }
            String stored = new String(message.bytes, message.subjectOffset, message.subjectLength,
                StandardCharsets.UTF_8);
            frames.add(new Frame(subject, ack.streamSequence, ack.delivered, ack.consumerSequence, ack.pending, stored,
                headersOnly, "", new String(reply, 0, replyLength, StandardCharsets.UTF_8)));
            return message.subjectLength + replyLength + message.headerLength + message.payloadLength;
        }

        @Override
        public void status(byte[] headerBlock, String reply) {
            frames.add(new Frame(subject, 0, 0, 0, 0, "", false, new String(headerBlock, StandardCharsets.UTF_8),
                reply));
        }
    }

    @Override
    public boolean handOn(PullRequest rest) {
        if (next) {
            handedOn.add(rest);
        }
        return next;
    }

    /** Whether another broker serves the consumer next. */
    boolean next;
    final List<PullRequest> handedOn = new ArrayList<>();
    final List<Frame> frames = new ArrayList<>();
    final List<Publication> published = new ArrayList<>();
    /** Nobody hears what is published. */
    boolean deaf;
    final List<Long> settled = new ArrayList<>();
    final List<Runnable> whenDurable = new ArrayList<>();
    private final Map<String, RecordingInbox> inboxes = new HashMap<>();
    private final Map<String, List<Runnable>> watches = new HashMap<>();
    final List<Runnable> soon = new ArrayList<>();
    private final Random random;
    long now = -5_000_000_000L;
    long wakeAt = NEVER;
    int stateChanges;
    /** What the partition does about a settled message, perhaps calling back into the consumer. */
    LongConsumer onSettled = sequence -> { };
    int removals;
    /** How often the consumer said that it has counted. */
    int countsEnded;
    long delivered;

    SimulatedEnvironment(long seed) {
        random = new Random(seed);
    }

    @Override
    public long wallNanos() {
        return WALL_START + now;
    }

    @Override
    public void served(long waitedNanos) { // nobody looks
    }

    @Override
    public void delivered(long messages) {
        delivered += messages;
    }

    @Override
    public long nowNanos() {
        return now;
    }

    @Override
    public long random() {
        return random.nextLong();
    }

    @Override
    public RecordingInbox inbox(String subject, String queueGroup) {
        return inboxes.computeIfAbsent(subject, s -> new RecordingInbox(s, queueGroup));
    }

    RecordingInbox inbox(String subject) {
        return inbox(subject, "");
    }

    @Override
    public AutoCloseable watch(String subject, Runnable changed) {
        watches.computeIfAbsent(subject, s -> new ArrayList<>()).add(changed);
        return () -> watches.getOrDefault(subject, new ArrayList<>()).remove(changed);
    }

    @Override
    public void soon(Runnable action) {
        soon.add(action);
    }

    /** Somebody comes to or leaves an inbox, and whoever watches it is told. */
    void listen(String subject, boolean interest) {
        inbox(subject).interest = interest;
        List.copyOf(watches.getOrDefault(subject, List.of())).forEach(Runnable::run);
    }

    /** The consumer that watched is no more. */
    void forgetWatches() {
        watches.clear();
    }

    int watched() {
        return watches.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public void publish(String subject, byte[] payload) {
        published.add(new Publication(subject, new String(payload, StandardCharsets.UTF_8)));
    }

    @Override
    public boolean heard(String subject) {
        return !deaf;
    }

    @Override
    public void wakeAt(long nowNanos) {
        wakeAt = nowNanos;
    }

    @Override
    public void stateChanged() {
        stateChanges++;
    }

    @Override
    public void confirm(String reply) {
        whenDurable.add(() -> publish(reply, new byte[0]));
    }

    @Override
    public void settled(long sequence) {
        settled.add(sequence);
        onSettled.accept(sequence);
    }

    @Override
    public void gaveUp(long sequence, int deliveries, boolean terminated, String reason) {
        // it stays with the consumer
    }

    @Override
    public boolean keepsTerminated() {
        return ackBased;
    }

    @Override
    public void counted() {
        countsEnded++;
    }

    @Override
    public void removeInactive() {
        removals++;
    }

    void becomeDurable() {
        List<Runnable> actions = List.copyOf(whenDurable);
        whenDurable.clear();
        actions.forEach(Runnable::run);
    }
}

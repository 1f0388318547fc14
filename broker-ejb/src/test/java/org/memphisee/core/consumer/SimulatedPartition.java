package org.memphisee.core.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Messages in memory, in the most obvious way, so that it can be the judge of cleverer code. */
final class SimulatedPartition implements PartitionView {

    record Message(String subject, String headers, String payload, long timestampNanos) { }

    private final NavigableMap<Long, Message> messages = new TreeMap<>();
    private long last;
    /** Look-ups answer LOADING as long as this is set. */
    boolean loading;
    /** Counts, and whether messages are gone, are told later: see {@link #read}. */
    boolean slow;
    private final Set<Long> asked = new HashSet<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    /** Calls of count, to see that it is not the way of every message. */
    int counted;

    long store(String subject, String payload, long timestampNanos) {
        return store(subject, "", payload, timestampNanos);
    }

    long store(String subject, String headers, String payload, long timestampNanos) {
        messages.put(++last, new Message(subject, headers, payload, timestampNanos));
        return last;
    }

    boolean remove(long sequence) {
        return messages.remove(sequence) != null;
    }

    NavigableMap<Long, Message> messages() {
        return messages;
    }

    @Override
    public String streamName() {
        return "ORD";
    }

    @Override
    public long firstSequence() {
        return messages.isEmpty() ? last + 1 : messages.firstKey();
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public Lookup next(long fromSequence, SubjectFilter filter, MessageView view) {
        if (loading) {
            return Lookup.LOADING;
        }
        for (var entry : messages.tailMap(fromSequence).entrySet()) {
            if (matches(filter, entry.getValue())) {
                return fill(entry.getKey(), entry.getValue(), view);
            }
        }
        return Lookup.NONE;
    }

    @Override
    public Lookup read(long sequence, MessageView view) {
        if (loading) {
            return Lookup.LOADING;
        }
        Message message = messages.get(sequence);
        return message == null ? Lookup.NONE : fill(sequence, message, view);
    }

    @Override
    public Lookup contains(long sequence) {
        return slow && !stored(sequence) && asked.add(sequence) ? Lookup.LOADING : stored(sequence) ? Lookup.FOUND : Lookup.NONE;
    }

    boolean stored(long sequence) {
        return messages.containsKey(sequence);
    }

    @Override
    public void count(long fromSequence, SubjectFilter filter, Tally tally) {
        counted++;
        if (slow) {
            later.add(() -> countSome(fromSequence, filter, tally));
        } else {
            tally.add(last, matching(fromSequence, last, filter));
            tally.done();
        }
    }

    private long matching(long from, long to, SubjectFilter filter) {
        return from > to ? 0 : messages.subMap(from, true, to, true).values().stream().filter(m -> matches(filter, m)).count();
    }

    /** Two messages at a time. */
    private void countSome(long from, SubjectFilter filter, Tally tally) {
        long to = Math.min(last, from + 1);
        if (tally.wanted()) {
            tally.add(to, matching(from, to, filter));
            if (to < last) {
                later.add(() -> countSome(to + 1, filter, tally));
            } else {
                tally.done();
            }
        }
    }

    /** Goes on with one thing that is read. */
    boolean read() {
        Runnable next = later.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Override
    public void lastMatching(SubjectFilter filter, Answer<Long> answer) {
        answer.known(messages.descendingMap().entrySet().stream().filter(e -> matches(filter, e.getValue()))
            .mapToLong(e -> e.getKey()).findFirst().orElse(0));
    }

    @Override
    public void firstSequenceAt(long timeNanos, Answer<Long> answer) {
        answer.known(messages.entrySet().stream().filter(e -> e.getValue().timestampNanos() >= timeNanos)
            .mapToLong(e -> e.getKey()).findFirst().orElse(last + 1));
    }

    @Override
    public void lastPerSubject(SubjectFilter filter, Answer<Lasts> answer) {
        answer.known(new Lasts(last, lasts(filter)));
    }

    long[] lasts(SubjectFilter filter) {
        TreeMap<String, Long> lasts = new TreeMap<>();
        messages.forEach((sequence, message) -> {
            if (matches(filter, message)) {
                lasts.put(message.subject(), sequence);
            }
        });
        return lasts.values().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    @Override
    public List<String> subjects() {
        return messages.values().stream().map(Message::subject).distinct().toList();
    }

    static boolean matches(SubjectFilter filter, Message message) {
        byte[] subject = message.subject().getBytes(StandardCharsets.UTF_8);
        return filter.matches(subject, 0, subject.length);
    }

    private static Lookup fill(long sequence, Message message, MessageView view) {
        byte[] subject = message.subject().getBytes(StandardCharsets.UTF_8);
        byte[] headers = message.headers().getBytes(StandardCharsets.UTF_8);
        byte[] payload = message.payload().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[subject.length + headers.length + payload.length];
        System.arraycopy(subject, 0, bytes, 0, subject.length);
        System.arraycopy(headers, 0, bytes, subject.length, headers.length);
        System.arraycopy(payload, 0, bytes, subject.length + headers.length, payload.length);
        view.bytes = bytes;
        view.subjectOffset = 0;
        view.subjectLength = subject.length;
        view.bodyOffset = subject.length;
        view.headerLength = headers.length;
        view.payloadLength = payload.length;
        view.sequence = sequence;
        view.timestampNanos = message.timestampNanos();
        return Lookup.FOUND;
    }
}

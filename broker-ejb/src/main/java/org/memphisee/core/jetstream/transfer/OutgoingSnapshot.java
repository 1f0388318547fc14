package org.memphisee.core.jetstream.transfer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.archive.ArchiveException;
import org.memphisee.core.archive.ArchiveWriter;
import org.memphisee.core.archive.SnappyWriter;
import org.memphisee.core.partition.log.RecordCopy;
import org.memphisee.core.time.BrokerClock;

/**
 * A stream's archive on its way to whoever asked. Each full chunk is to be acknowledged, and no more than a window of them
 * is on its way; of the stream no more is in memory than one batch. Messages that go while it is under way are left out.
 */
public final class OutgoingSnapshot extends Transfer {

    /** Chunks acknowledge to this, followed by stream, transfer, size and number. */
    public static final String ACK = "$JS.SNAPSHOT.ACK.";

    private static final long INTEREST_NANOS = 2_000_000_000L;
    private static final long FLOW_NANOS = 5_000_000_000L;
    private static final byte[] NONE = {};
    private static final byte[] COMPLETE = status("204");

    /** Where the messages come from. */
    public interface Source {

        /** Finds the first batch at or after a sequence; tells once, on any thread, what it holds or why that cannot be told. */
        void record(long from, long upTo, Consumer<Optional<RecordCopy>> found, Consumer<String> failed);
    }

    /**
     * An entry before the messages.
     *
     * @param name what it is
     * @param body its content
     */
    public record Head(String name, byte[] body) { }

    /**
     * What is wanted.
     *
     * @param stream name of the stream
     * @param deliver subject that chunks go to
     * @param chunkBytes bytes of a chunk
     * @param window chunks on their way at most
     * @param first first sequence
     * @param last last sequence; what comes behind it is not wanted
     */
    public record Wanted(String stream, String deliver, int chunkBytes, int window, long first, long last) { }

    private record Found(Optional<RecordCopy> record) { }

    private final Wanted wanted;
    private final List<Head> heads;
    private final Source source;
    private final AnsweredPublisher publisher;
    private final BrokerClock clock;
    private final Runnable answer;
    private final Consumer<String> whenEnded;
    private final long startedNanos;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ChunkBuffer out = new ChunkBuffer();
    private final SnappyWriter compressed = new SnappyWriter(out);
    private final ArchiveWriter archive = new ArchiveWriter(compressed);
    private volatile Found found;
    private volatile String unreadable;
    private boolean answered;
    private boolean begun;
    private boolean reading;
    private boolean written;
    private long next;
    private int inFlight;
    private int index;
    private long movedNanos;

    /**
     * A transfer that begins when somebody listens.
     *
     * @param heads entries before the messages
     * @param answer answers who asked, before the first chunk leaves; on the worker
     * @param whenEnded told once why it failed, with an empty text when it did not; on the worker
     */
    public OutgoingSnapshot(String id, Wanted wanted, List<Head> heads, Source source, AnsweredPublisher publisher,
                            BrokerClock clock, Runnable answer, Consumer<String> whenEnded) {
        super(id);
        this.wanted = wanted;
        this.heads = List.copyOf(heads);
        this.source = source;
        this.publisher = publisher;
        this.clock = clock;
        this.answer = answer;
        this.whenEnded = whenEnded;
        this.next = wanted.first();
        this.startedNanos = clock.nowNanos();
    }

    /** A chunk arrived. Any thread. */
    public void acknowledged() {
        acknowledged.incrementAndGet();
        wake();
    }

    @Override
    void step() {
        if (!answered) {
            answered = true;
            answer.run();
        }
        long now = clock.nowNanos();
        boolean heard = publisher.heard(wanted.deliver());
        if (!heard && (begun || now - startedNanos > INTEREST_NANOS)) {
            over(status("408 No Interest"), "no interest");
        } else if (unreadable != null) {
            over(status("500 " + unreadable), unreadable);
        } else if (heard) {
            try {
                pump(now);
            } catch (ArchiveException e) {
                failed(new IllegalStateException("what is written is in memory", e));
            }
        }
    }

    private void pump(long now) throws ArchiveException {
        if (!begun) {
            begun = true;
            movedNanos = now;
            for (Head head : heads) {
                archive.entry(head.name(), clock.wallNanos(), head.body());
            }
        }
        int arrived = acknowledged.getAndSet(0);
        if (arrived > 0) {
            inFlight = Math.max(0, inFlight - arrived);
            movedNanos = now;
        }
        Found record = found;
        if (record != null) {
            found = null;
            reading = false;
            write(record.record());
        }
        while (out.size() >= wanted.chunkBytes() && inFlight < wanted.window()) {
            send(out.take(wanted.chunkBytes()), now);
        }
        if (out.size() >= wanted.chunkBytes()) {
            if (now - movedNanos > FLOW_NANOS) {
                over(status("408 No Flow Response"), "no flow response");
            }
        } else if (written) {
            if (out.size() > 0) {
                publisher.publish(wanted.deliver(), NONE, out.take(out.size()));
            }
            over(index > 0 ? COMPLETE : NONE, "");
        } else if (!reading) {
            reading = true;
            source.record(next, wanted.last(), this::found, this::unreadable);
        }
    }

    private void found(Optional<RecordCopy> record) {
        found = new Found(record);
        wake();
    }

    private void unreadable(String why) {
        unreadable = why;
        wake();
    }

    private void write(Optional<RecordCopy> record) throws ArchiveException {
        if (record.isEmpty()) {
            archive.end();
            compressed.flush();
            written = true;
            return;
        }
        record.get().visit(next, wanted.last(), m -> archive.message(m.bytes, m.subjectOffset, m.subjectLength,
            m.timestampNanos, m.sequence, m.bodyOffset, m.headerLength, m.payloadLength));
        next = record.get().last() + 1;
    }

    private void send(byte[] chunk, long now) {
        index++;
        inFlight++;
        movedNanos = now;
        publisher.publish(wanted.deliver(), ACK + wanted.stream() + "." + id() + "." + chunk.length + "." + index, NONE, chunk);
    }

    private void over(byte[] status, String why) {
        end();
        publisher.publish(wanted.deliver(), status, NONE);
        whenEnded.accept(why);
    }

    @Override
    void failed(RuntimeException cause) {
        over(status("500 unexpected: " + cause.getMessage()), "unexpected: " + cause.getMessage());
    }

    private static byte[] status(String text) {
        return ("NATS/1.0 " + text.replaceAll("[\r\n]", " ") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }
}

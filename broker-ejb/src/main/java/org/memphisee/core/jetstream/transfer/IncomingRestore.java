package org.memphisee.core.jetstream.transfer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.core.api.Reply;
import org.memphisee.core.archive.ArchiveEntry;
import org.memphisee.core.archive.ArchiveException;
import org.memphisee.core.archive.ArchiveReader;
import org.memphisee.core.archive.S2Reader;
import org.memphisee.core.time.BrokerClock;

/**
 * A stream's archive on its way in. Each chunk is answered when it was taken, an empty one ends it; nobody sees anything of
 * the stream before all of it is durable. Chunks that come faster than they are taken wait up to a budget.
 */
public final class IncomingRestore extends Transfer {

    /** Chunks are sent to this, followed by stream and transfer. */
    public static final String DELIVER = "$JS.SNAPSHOT.RESTORE.";

    /** Chunks that wait take so many bytes at most; who sends more has not waited for answers. */
    static final long MAX_WAITING = 16L << 20;

    /** So long may a client be silent. */
    public static final long IDLE_NANOS = 5_000_000_000L;

    private static final long MAX_UNWRITTEN = 8L << 20;
    private static final byte[] NONE = {};

    /** What becomes of the entries. On the worker. */
    public interface Destination {

        /** The next entry. */
        void entry(ArchiveEntry entry) throws ArchiveException;

        /** Bytes that wait for the disk; {@link Transfer#wake} is called when they become less. */
        long unwritten();

        /** Why the store does not take it, empty while it does. */
        String problem();

        /** All entries are there: makes the stream known and answers, whatever comes of it. */
        void finish(long bytes, Reply reply);

        /** Nothing comes of it: removes what was stored, and answers with the reason. */
        void refuse(long bytes, String why, Reply reply);

        /** Nothing comes of it, and nobody waits for an answer. */
        void abandon(long bytes);
    }

    private record Chunk(byte[] bytes, Reply reply) { }

    private final Destination destination;
    private final BrokerClock clock;
    private final long idleNanos;
    private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final ArchiveReader archive;
    private final S2Reader compressed;
    private volatile boolean tooMuch;
    private long movedNanos;
    private long total;

    /**
     * A transfer that waits for its first chunk.
     *
     * @param maxBody bytes of a message at most
     * @param idleNanos silence after which nothing comes of it
     */
    public IncomingRestore(String id, Destination destination, int maxBody, BrokerClock clock, long idleNanos) {
        super(id);
        this.destination = destination;
        this.clock = clock;
        this.idleNanos = idleNanos;
        this.archive = new ArchiveReader(destination::entry, maxBody);
        this.compressed = new S2Reader(archive);
        this.movedNanos = clock.nowNanos();
    }

    /** A chunk came. Any thread. */
    public void chunk(byte[] bytes, Reply reply) {
        if (waiting.addAndGet(bytes.length) > MAX_WAITING) {
            waiting.addAndGet(-bytes.length);
            if (!tooMuch) {
                tooMuch = true;
                chunks.add(new Chunk(NONE, reply)); // somebody has to be told, also when nothing else waits
            }
        } else {
            chunks.add(new Chunk(bytes, reply));
        }
        wake();
    }

    /**
     * Ends it where it is, and leaves its destination for one that goes on. What waits is not taken. On the worker.
     *
     * @return false when it had ended
     */
    public boolean leave() {
        if (ended()) {
            return false;
        }
        end();
        return true;
    }

    /** Nothing more is wanted of it, if it has not ended. On the worker. */
    public void cancel() {
        if (leave()) {
            destination.abandon(total);
        }
    }

    @Override
    void step() {
        if (chunks.isEmpty()) {
            if (clock.nowNanos() - movedNanos > idleNanos) {
                end();
                destination.abandon(total);
            }
            return;
        }
        movedNanos = clock.nowNanos();
        while (!ended() && destination.unwritten() <= MAX_UNWRITTEN) {
            Chunk chunk = chunks.poll();
            if (chunk == null) {
                break;
            }
            waiting.addAndGet(-chunk.bytes().length);
            take(chunk);
        }
    }

    private void take(Chunk chunk) {
        Reply reply = chunk.reply();
        String problem = tooMuch ? "more than " + MAX_WAITING + " bytes were sent without waiting for answers"
            : destination.problem();
        if (!reply.wanted()) {
            end();
            destination.abandon(total);
        } else if (!problem.isEmpty()) {
            refuse(problem, reply);
        } else if (chunk.bytes().length == 0) {
            if (archive.ended() && compressed.complete()) {
                end();
                destination.finish(total, reply);
            } else {
                refuse("EOF", reply);
            }
        } else {
            total += chunk.bytes().length;
            try {
                compressed.bytes(chunk.bytes(), 0, chunk.bytes().length);
                reply.send(NONE);
            } catch (ArchiveException e) {
                refuse(e.getMessage(), reply);
            }
        }
    }

    private void refuse(String why, Reply reply) {
        end();
        destination.refuse(total, why, reply);
    }

    @Override
    void failed(RuntimeException cause) {
        end();
        destination.abandon(total);
    }
}

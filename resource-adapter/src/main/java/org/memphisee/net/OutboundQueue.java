package org.memphisee.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * Bytes on their way to one client. Any thread offers arrays, without a lock; the event loop takes all of them at once,
 * copies them into a few direct buffers and writes. Only the thread that finds the queue empty wakes the event loop.
 *
 * <p>Netty is given no more than its write watermark; the rest waits here, on the heap, within the client's budget.
 */
public final class OutboundQueue implements Congestion.Progress {

    private static final int MAX_PIECE = 64 << 10;

    /** Flushes in one turn of the event loop, each up to Netty's watermark: others want their turn too. */
    private static final int MAX_ROUNDS = 4;

    private static final Chunk NOTHING = new Chunk(new byte[0], 0, false);
    private static final VarHandle INTAKE;
    private static final VarHandle QUEUED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INTAKE = lookup.findVarHandle(OutboundQueue.class, "intake", Chunk.class);
            QUEUED = lookup.findVarHandle(OutboundQueue.class, "queued", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Channel channel;
    private final ArrayPool pool;
    private final Owner owner;
    private final long maxBytes;
    private final long deadlineMillis;
    private final Congestion congestion;

    private volatile Chunk intake = NOTHING; // newest first
    private volatile long queued;
    private volatile boolean sealed;
    private volatile boolean headersSupported;

    // The event loop's part.
    private Chunk first = NOTHING;
    private Chunk last = NOTHING;
    private int firstOffset;
    private long backlog;
    private long accepted;
    private long taken;
    private long takenAt = System.nanoTime();
    private long progressSeen;
    private boolean flushing;
    private boolean watching;
    private boolean dropped;
    private boolean reportFlushed;

    /** Whom the queue tells what happens. */
    public interface Owner {

        /** Something waits where nothing waited: call {@link OutboundQueue#flush()} on the event loop. Any thread. */
        void wakeUp();

        /** The client takes its bytes too slowly. Any thread, possibly repeatedly. */
        void tooSlow();

        /** Others begin to wait for the client: call {@link Congestion#watch()} on the event loop. Any thread. */
        default void mustBeWatched() {
            // nobody asks whether it is congested
        }

        /** All bytes offered before {@link OutboundQueue#seal()} were taken. Event loop. */
        void flushed();
    }

    private static final class Chunk {
        final byte[] bytes;
        final int length;
        final boolean pooled;
        Chunk next;

        Chunk(byte[] bytes, int length, boolean pooled) {
            this.bytes = bytes;
            this.length = length;
            this.pooled = pooled;
        }
    }

    /** The queue of one channel, within the budget of the settings. */
    public OutboundQueue(Channel channel, ArrayPool pool, Owner owner, NetSettings settings) {
        this.channel = channel;
        this.pool = pool;
        this.owner = owner;
        maxBytes = settings.maxQueuedBytes();
        deadlineMillis = settings.writeDeadlineMillis();
        congestion = new Congestion(channel.eventLoop(), maxBytes, settings.patienceMillis(), this);
    }

    long maxBytes() {
        return maxBytes;
    }

    long queuedBytes() {
        return queued;
    }

    /** Who waits until less waits here. */
    Congestion congestion() {
        return congestion;
    }

    /** Whether offers are in vain. */
    boolean sealed() {
        return sealed;
    }

    boolean headersSupported() {
        return headersSupported;
    }

    void headersSupported(boolean supported) {
        headersSupported = supported;
    }

    /**
     * Appends bytes. Any thread.
     *
     * @param bytes array that belongs to the queue from now on
     * @param length how many of them
     * @param pooled whether the array goes back to the pool afterwards
     */
    public void offer(byte[] bytes, int length, boolean pooled) {
        if (sealed) {
            return;
        }
        long waiting = (long) QUEUED.getAndAdd(this, (long) length) + length;
        if (waiting > maxBytes) {
            overflow();
            return;
        }
        if (congestion.rose(waiting)) {
            owner.mustBeWatched();
        }
        Chunk chunk = new Chunk(bytes, length, pooled);
        Chunk newest;
        do {
            newest = intake;
            chunk.next = newest;
        } while (!INTAKE.compareAndSet(this, newest, chunk));
        if (newest == NOTHING) {
            owner.wakeUp();
        }
    }

    /** More was to be sent than may ever wait. Any thread. */
    void overflow() {
        sealed = true;
        owner.tooSlow();
    }

    /** Writes what waits, as far as the socket takes it. Event loop. */
    public void flush() {
        if (flushing || dropped) { // Netty reports writability from inside a flush
            return;
        }
        flushing = true;
        try {
            accept();
            int round = 0;
            while (first != NOTHING && channel.isWritable()) {
                if (round++ == MAX_ROUNDS) {
                    owner.wakeUp();
                    break;
                }
                while (first != NOTHING && channel.isWritable()) {
                    writePiece();
                }
                channel.flush();
                accept();
            }
        } finally {
            flushing = false;
        }
        watchProgress();
        reportIfFlushed();
    }

    /** Takes no more; tells the owner when everything is written. Event loop. */
    public void seal() {
        sealed = true;
        reportFlushed = true;
        congestion.end();
        flush();
    }

    /** The connection is gone: forgets everything. Event loop. */
    public void drop() {
        sealed = true;
        dropped = true;
        first = NOTHING;
        last = NOTHING;
        intake = NOTHING;
        congestion.end();
    }

    private void accept() {
        if (intake == NOTHING) {
            return;
        }
        Chunk newest = (Chunk) INTAKE.getAndSet(this, NOTHING);
        Chunk oldest = NOTHING;
        long bytes = 0;
        for (Chunk chunk = newest; chunk != NOTHING;) {
            Chunk older = chunk.next;
            chunk.next = oldest;
            oldest = chunk;
            bytes += chunk.length;
            chunk = older;
        }
        if (first == NOTHING) {
            first = oldest;
        } else {
            last.next = oldest;
        }
        last = newest;
        backlog += bytes;
        if (taken == accepted) {
            takenAt = System.nanoTime(); // before this there was nothing to take
        }
        accepted += bytes;
    }

    private void writePiece() {
        int size = (int) Math.min(backlog, MAX_PIECE);
        ByteBuf piece = channel.alloc().directBuffer(size, size);
        int room = size;
        while (room > 0) {
            Chunk chunk = first;
            int count = Math.min(room, chunk.length - firstOffset);
            piece.writeBytes(chunk.bytes, firstOffset, count);
            room -= count;
            firstOffset += count;
            if (firstOffset == chunk.length) {
                first = chunk.next;
                if (first == NOTHING) {
                    last = NOTHING; // an idle client keeps no array
                }
                firstOffset = 0;
                if (chunk.pooled) {
                    pool.give(chunk.bytes);
                }
            }
        }
        backlog -= size;
        channel.write(piece).addListener(new Written(size));
    }

    private final class Written implements ChannelFutureListener {
        private final int size;

        Written(int size) {
            this.size = size;
        }

        @Override
        public void operationComplete(ChannelFuture future) {
            taken += size;
            takenAt = System.nanoTime();
            congestion.fell((long) QUEUED.getAndAdd(OutboundQueue.this, (long) -size) - size);
            if (reportFlushed) {
                reportIfFlushed();
            }
        }
    }

    private void reportIfFlushed() {
        if (reportFlushed && !flushing && !dropped && queued == 0) {
            reportFlushed = false;
            owner.flushed();
        }
    }

    private void watchProgress() {
        if (queued > 0 && !watching && !dropped) {
            watching = true;
            progressSeen = progress();
            channel.eventLoop().schedule(this::checkProgress, deadlineMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void checkProgress() {
        watching = false;
        if (dropped || queued == 0) {
            return;
        }
        if (progress() == progressSeen && silentNanos() >= TimeUnit.MILLISECONDS.toNanos(deadlineMillis)) {
            owner.tooSlow();
        } else {
            watchProgress();
        }
    }

    private long progress() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? taken : taken + pending.currentProgress();
    }

    @Override
    public long taken() {
        return progress();
    }

    /**
     * The operating system takes bytes in gulps of megabytes when the client reads slowly, but it goes on sending what it
     * took; where it tells, that counts.
     */
    @Override
    public long silentNanos() {
        long silent = System.nanoTime() - takenAt;
        return channel instanceof EpollSocketChannel socket && channel.isActive()
                ? Math.min(silent, TimeUnit.MILLISECONDS.toNanos(socket.tcpInfo().lastDataSent())) : silent;
    }
}

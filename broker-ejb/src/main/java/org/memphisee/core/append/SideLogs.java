package org.memphisee.core.append;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;

/**
 * The side logs: appends records, reads them for people, and lets the oldest go when they are too old or too many. What is
 * remembered of the records is one entry for each {@value #PIECE_RECORDS} of them. Thread-safe; no message comes here.
 */
public final class SideLogs {

    /** Records that go together, at most. */
    static final int PIECE_RECORDS = 256;
    /** The part of the budget that one piece may have. */
    private static final int PIECES = 32;
    /** Bytes that a record costs beside what is in it. */
    private static final int OVERHEAD = 64;
    private static final long NANOS_PER_DAY = 86_400L * 1_000_000_000L;

    private record Limit(long ageNanos, long bytes) { }

    /** Neighbouring records. */
    private static final class Piece {
        private long last;
        private long lastNanos;
        private long bytes;
        private int records;
    }

    /** What is known of one log. */
    private static final class Book {
        private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
        private Limit limit = new Limit(Long.MAX_VALUE, Long.MAX_VALUE);
        private long bytes;
        private long last;
        /** Whether the records of before this start are counted; until then none goes. */
        private boolean counted;
    }

    private final LogStore store;
    private final LogWriter writer;
    private final Executor readers;
    private final BrokerClock clock;
    private final Map<SideLog, Book> books = new EnumMap<>(SideLog.class);

    /**
     * Logs in a store.
     *
     * @param writer writes them
     * @param readers where they are read
     */
    public SideLogs(LogStore store, LogWriter writer, Executor readers, BrokerClock clock) {
        this.store = store;
        this.writer = writer;
        this.readers = readers;
        this.clock = clock;
        for (SideLog log : SideLog.values()) {
            books.put(log, new Book());
        }
    }

    /** Finds out how far the logs go; before anything is appended. */
    public void recover() throws StoreException {
        for (SideLog log : SideLog.values()) {
            List<SideRecord> newest = store.readSideLog(log, Long.MAX_VALUE, false, 1);
            synchronized (this) {
                books.get(log).last = newest.isEmpty() ? 0 : newest.get(0).number();
                books.get(log).counted = newest.isEmpty();
            }
        }
    }

    /** Counts what is there from before this start, on the readers' threads. After {@link #recover}. */
    public void countEarlier() {
        for (SideLog log : SideLog.values()) {
            count(log, 0, book(log).last, new ArrayDeque<>());
        }
    }

    private synchronized Book book(SideLog log) {
        return books.get(log);
    }

    /** One slice on a reader's thread, then the next: others who read come in between. */
    private void count(SideLog log, long from, long last, ArrayDeque<Piece> found) {
        if (from > last) {
            counted(log, found);
            return;
        }
        run(() -> {
            List<SideRecord> records;
            try {
                records = store.readSideLog(log, from, true, PIECE_RECORDS);
            } catch (StoreException e) {
                return; // the store has failed, or is closed: nothing is let go either
            }
            Piece piece = new Piece();
            for (SideRecord record : records) {
                if (record.number() <= last) {
                    add(piece, record.number(), record.atNanos(), record.bytes().length);
                }
            }
            if (piece.records > 0) {
                found.add(piece);
            }
            count(log, records.isEmpty() ? last + 1 : records.get(records.size() - 1).number() + 1, last, found);
        });
    }

    private synchronized void counted(SideLog log, ArrayDeque<Piece> found) {
        Book book = books.get(log);
        while (!found.isEmpty()) {
            Piece piece = found.pollLast();
            book.pieces.addFirst(piece);
            book.bytes += piece.bytes;
        }
        book.counted = true;
    }

    /**
     * How long and how much is kept; more than that goes soon, at the next {@link #trim} or append.
     *
     * @param days so many days
     * @param bytes so many bytes, accounted with what each record costs
     */
    public synchronized void limit(SideLog log, long days, long bytes) {
        books.get(log).limit = new Limit(days > Long.MAX_VALUE / NANOS_PER_DAY ? Long.MAX_VALUE : days * NANOS_PER_DAY, bytes);
    }

    /** Bytes of the records of a log, accounted with what each record costs. */
    public synchronized long bytes(SideLog log) {
        return books.get(log).bytes;
    }

    /** Appends a record of its own; it is durable with the next sync, as nobody waits for it. */
    public void append(SideLog log, byte[] record) {
        long number;
        long atNanos = clock.wallNanos();
        synchronized (this) {
            number = books.get(log).last + 1;
            appended(log, number, atNanos, record.length);
            writer.submit(new Proposal(List.of(new StoreChange.PutSideRecord(log, number, atNanos, record)), false, record.length,
                outcome -> { }));
        }
    }

    /** A record was handed over for writing together with something else. In order of the numbers. */
    synchronized void appended(SideLog log, long number, long atNanos, int length) {
        Book book = books.get(log);
        Piece piece = book.pieces.peekLast();
        if (piece == null || piece.records >= PIECE_RECORDS || piece.bytes >= book.limit.bytes / PIECES) {
            piece = new Piece();
            book.pieces.addLast(piece);
        }
        add(piece, number, atNanos, length);
        book.last = number;
        book.bytes += length + OVERHEAD;
        trim(log, atNanos);
    }

    private static void add(Piece piece, long number, long atNanos, int length) {
        piece.last = number;
        piece.lastNanos = Math.max(piece.lastNanos, atNanos);
        piece.bytes += length + OVERHEAD;
        piece.records++;
    }

    /** Lets go what is too old. Every now and then. */
    public synchronized void trim() {
        long now = clock.wallNanos();
        for (SideLog log : SideLog.values()) {
            trim(log, now);
        }
    }

    private void trim(SideLog log, long nowNanos) {
        Book book = books.get(log);
        long upTo = 0;
        while (book.counted && !book.pieces.isEmpty() && (book.bytes > book.limit.bytes && book.pieces.size() > 1
            || nowNanos - book.pieces.peekFirst().lastNanos > book.limit.ageNanos)) {
            Piece piece = book.pieces.pollFirst();
            book.bytes -= piece.bytes;
            upTo = piece.last;
        }
        if (upTo > 0) {
            writer.submit(new Proposal(List.of(new StoreChange.TruncateSideLog(log, upTo)), false, 0, outcome -> { }));
        }
    }

    /**
     * Reads records; completes on a reader's thread.
     *
     * @param from the first number to look at
     * @param upwards whether to go to higher numbers, or to lower ones
     * @param max so many at most
     */
    public CompletableFuture<List<SideRecord>> read(SideLog log, long from, boolean upwards, int max) {
        CompletableFuture<List<SideRecord>> result = new CompletableFuture<>();
        if (!run(() -> {
            try {
                result.complete(new ArrayList<>(store.readSideLog(log, from, upwards, max)));
            } catch (StoreException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        })) {
            result.completeExceptionally(new StoreException("the broker is closing", null, false));
        }
        return result;
    }

    private boolean run(Runnable task) {
        try {
            readers.execute(task);
            return true;
        } catch (RejectedExecutionException closing) {
            return false;
        }
    }
}

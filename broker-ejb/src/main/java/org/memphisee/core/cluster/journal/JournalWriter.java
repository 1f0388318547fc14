package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.core.cluster.journal.JournalException.Reason;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.LatencyHistogram;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.Parking;

/**
 * The one place that writes to the journal: takes what waits, of all groups, writes it once, syncs once, and tells each group.
 * One sync group is on its way at a time. Submitted by runners; everything else on the thread of the loop.
 */
final class JournalWriter implements Loop {

    /** What is not an entry may wait beyond the budget, so much of it. */
    private static final long SMALL_BYTES = 64 << 10;
    private static final byte[] ZEROS = new byte[4096];

    private final JournalSettings settings;
    private final Segments segments;
    private final DurableMark mark;
    private final BrokerClock clock;
    private final Parking parking = new Parking();
    private final LatencyHistogram syncs = new LatencyHistogram();
    private final Queue<Pending> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Map<Long, JournalGroup> groups = new HashMap<>();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    /** The next sync group. */
    private final List<Pending> gathered = new ArrayList<>();
    private final ByteBuffer scratch;
    private Runnable whenSegmentBegan = () -> { };
    private Segment current;
    private int offset;
    private long sync;
    private long end;
    private volatile boolean reclaim;
    private volatile boolean closed;
    private volatile JournalException failure;

    /**
     * A writer.
     *
     * @param current where it goes on
     * @param offset and from where
     * @param sync number of the last sync group
     */
    JournalWriter(JournalSettings settings, Segments segments, DurableMark mark, BrokerClock clock, Segment current, int offset,
                  long sync) {
        this.settings = settings;
        this.segments = segments;
        this.mark = mark;
        this.clock = clock;
        this.current = current;
        this.offset = offset;
        this.sync = sync;
        end = Position.of(current.number(), offset);
        scratch = ByteBuffer.allocateDirect(settings.groupBytes() + 2 * settings.blockBytes()); // the system takes it as it is
    }

    // ---- any thread

    LatencyHistogram syncs() {
        return syncs;
    }

    Segments segments() {
        return segments;
    }

    /** Refuses when nothing is taken any more. */
    void check() throws JournalException {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new JournalException(Reason.CLOSED, "the journal is closed", null);
        }
    }

    /** What ended writing, null while it is well. */
    JournalException failure() {
        return failure;
    }

    /** Refuses what no segment can hold. */
    void fits(int length) throws JournalException {
        if (length > settings.maxEntryBytes()) {
            throw new JournalException(Reason.TOO_LARGE, "an entry of " + length + " bytes: a segment of the journal holds "
                + settings.maxEntryBytes() + ". Publish smaller messages or configure larger segments", null);
        }
    }

    /**
     * Charges bytes to what may wait.
     *
     * @param entries whether they are of entries: others may wait beyond the budget, so that votes pass
     */
    void admit(long bytes, boolean entries) throws JournalException {
        long all = waitingBytes.addAndGet(bytes);
        long limit = settings.waitingBytes() + (entries ? 0 : SMALL_BYTES);
        if (all > limit && all > bytes) {
            waitingBytes.addAndGet(-bytes);
            throw new JournalException(Reason.BUSY, (all - bytes) + " bytes wait for the journal's disk and " + bytes
                + " more would be above the " + settings.waitingBytes() + " that may; append again when some are durable", null);
        }
    }

    /** Queues a record that was admitted. Those of a group are written in order. */
    void submit(Pending record) {
        inbox.add(record);
    }

    void wake() {
        parking.wake();
    }

    /** Has segments dropped that nobody needs. */
    void reclaim() {
        reclaim = true;
        parking.wake();
    }

    /** Takes nothing more. */
    void close() {
        closed = true;
    }

    // ---- before it runs, and on its thread

    /** Told when a new segment was begun. */
    void whenSegmentBegan(Runnable task) {
        whenSegmentBegan = task;
    }

    /** A group that it writes for. */
    void know(JournalGroup known) {
        synchronized (groups) {
            groups.put(known.id(), known);
        }
    }

    private List<JournalGroup> known() {
        synchronized (groups) {
            return new ArrayList<>(groups.values());
        }
    }

    @Override
    public long turn() {
        boolean worked = write();
        if (worked) {
            return AT_ONCE;
        }
        return failure != null ? WHEN_WOKEN : mark.due();
    }

    @Override
    public boolean ready() {
        return !inbox.isEmpty() || reclaim;
    }

    @Override
    public Parking parking() {
        return parking;
    }

    /** Writes one sync group, and drops what was asked for; false when there was nothing to do. */
    boolean write() {
        for (Pending record = inbox.poll(); record != null; record = inbox.poll()) {
            waiting.add(record);
        }
        if (failure != null) {
            discard();
            return false;
        }
        try {
            boolean worked = false;
            if (reclaim) {
                reclaim = false;
                worked = drop();
            }
            worked |= writeWaiting();
            if (mark.due() <= clock.nowNanos()) {
                mark.write(clock.nowNanos());
            }
            return worked;
        } catch (IOException | RuntimeException | Error e) {
            freeze(e);
            return true;
        }
    }

    /** Writes records at once, before it runs. */
    void writeNow(List<Pending> records) throws JournalException {
        try {
            long bytes = records.stream().mapToLong(Pending::size).sum();
            if (current.bytes() - offset - RecordHeader.BYTES < bytes) {
                JournalException full = beginSegment(); // whatever the journal's limit is: this must be remembered
                if (full != null) {
                    throw full;
                }
            }
            gathered.addAll(records);
            writeGroup(bytes);
        } catch (JournalException e) {
            throw e;
        } catch (IOException e) {
            throw new JournalException(Reason.FAILED, "the journal could not be written at " + Position.text(end) + ": "
                + e.getMessage() + ". Check the disk", e);
        }
    }

    /** Writes down how far it is durable, so that damage found at the next start is known as such. */
    void leave() throws IOException {
        if (failure == null) {
            mark.force(clock.nowNanos());
        }
    }

    private boolean writeWaiting() throws IOException {
        skipWithdrawn();
        if (waiting.isEmpty()) {
            return false;
        }
        boolean beyond = !within(0) && !drop(); // the last segment is there for what must not wait
        if (beyond || room(false) < waiting.peek().size()) {
            JournalException full = beyond && droppable(segments.list()) == 0 ? limit() : begin(0);
            if (full != null) {
                refuseEntries(full);
                skipWithdrawn(); // what was withdrawn waited behind what was refused
                if (waiting.isEmpty()) {
                    return true;
                }
                if (room(!beyond) < waiting.peek().size() && begin(1) != null) {
                    refuse(waiting.peek(), full);
                    return true;
                }
            }
        }
        long bytes = 0;
        long most = Math.min(Math.max(room(false), waiting.peek().size()), settings.groupBytes());
        while (!waiting.isEmpty() && (bytes + waiting.peek().size() <= most || gathered.isEmpty())) {
            bytes += waiting.peek().size();
            gathered.add(waiting.poll());
            skipWithdrawn();
        }
        writeGroup(bytes);
        return true;
    }

    /** Bytes that records of the next sync group may have in this segment. */
    private int room(boolean reserve) {
        int kept = reserve ? settings.reserveBytes() / 2 : settings.reserveBytes();
        return current.bytes() - offset - kept - RecordHeader.BYTES;
    }

    private void skipWithdrawn() {
        while (!waiting.isEmpty() && waiting.peek().withdrawn()) {
            waitingBytes.addAndGet(-waiting.poll().size());
        }
    }

    /** Refuses what must wait for room, and what its groups submitted after it. */
    private void refuseEntries(JournalException why) {
        List<Pending> first = new ArrayList<>();
        Set<JournalGroup> refused = new HashSet<>();
        for (Pending record : waiting) {
            if (!record.withdrawn() && record.needsRoom() && refused.add(record.group())) {
                first.add(record);
            }
        }
        for (Pending record : first) {
            refuse(record, why);
        }
    }

    /** Refuses a record and what its group submitted after it. */
    private void refuse(Pending record, JournalException why) {
        boolean from = false;
        for (Iterator<Pending> all = waiting.iterator(); all.hasNext(); ) {
            Pending next = all.next();
            from |= next == record;
            if (from && next.group() == record.group()) {
                all.remove();
                waitingBytes.addAndGet(-next.size());
            }
        }
        record.group().refuse(record.ticket(), why);
    }

    /**
     * Goes on in a new segment; null, or why it cannot.
     *
     * @param more segments that there may be besides what the journal may have
     */
    private JournalException begin(int more) throws IOException {
        if (!within(1 - more)) {
            drop();
        }
        return within(1 - more) ? beginSegment() : droppable(segments.list()) > 0 ? passOn() : limit();
    }

    /**
     * Segments may go, and what is still to be known of them finds no room in this one, since votes have used it up: the next one
     * has room, and they go at once. There are no more segments than before.
     */
    private JournalException passOn() throws IOException {
        JournalException full = beginSegment();
        if (full == null) {
            drop();
        }
        return full;
    }

    private JournalException limit() {
        return new JournalException(Reason.FULL, "the journal has the " + settings.maxBytes() + " bytes that it may have, and the "
            + "store has not applied enough of them for a segment to go. Wait until it has, or allow more", null);
    }

    private JournalException beginSegment() throws IOException {
        try {
            current = segments.next(mark.next());
        } catch (JournalException e) {
            if (e.reason() == Reason.FULL) {
                return e;
            }
            throw e;
        }
        offset = 0;
        whenSegmentBegan.run();
        long bytes = bases(Position.NONE);
        if (bytes > 0) {
            writeGroup(bytes); // so each segment says of all groups what was: it is seen when those before it get lost
        }
        return null;
    }

    /** Whether it has no more than it may have, with so many segments more. */
    private boolean within(int more) {
        return (segments.count() + (long) more) * settings.segmentBytes() <= settings.maxBytes();
    }

    /** Drops the oldest segments that nobody needs, after what is still to be known of them was written anew. */
    private boolean drop() throws IOException {
        List<Segment> list = segments.list();
        int count = droppable(list);
        if (count == 0) {
            return false;
        }
        long kept = Position.of(list.get(count).number(), 0);
        long bytes = bases(kept);
        if (current.bytes() - offset - RecordHeader.BYTES < bytes) {
            gathered.clear();
            return false; // the next segment has room for it
        }
        if (!gathered.isEmpty()) {
            writeGroup(bytes);
            leave(); // from now on nothing else says this: if it is damaged, that must be seen
        }
        for (Segment oldest : list.subList(0, count)) {
            segments.drop(oldest);
        }
        for (JournalGroup known : known()) {
            known.forget(kept);
        }
        return true;
    }

    /** Gathers what is to be known of each group when everything before a position is gone; how many bytes that takes. */
    private long bases(long position) {
        for (JournalGroup known : known()) {
            Pending base = known.base(position);
            if (base != null) {
                gathered.add(base);
            }
        }
        return gathered.stream().mapToLong(Pending::size).sum();
    }

    /** How many of the oldest nobody needs; at the limit one that is only held may go, too. */
    private int droppable(List<Segment> list) {
        int count = droppable(list, true);
        return count == 0 && !within(1) ? droppable(list, false) : count;
    }

    private int droppable(List<Segment> list, boolean holdsCount) {
        int count = 0;
        while (count < list.size() - 1 && list.get(count) != current) {
            long position = Position.of(list.get(count + 1).number(), 0);
            for (JournalGroup known : known()) {
                if (!known.releases(position, holdsCount)) {
                    return count;
                }
            }
            count++;
            if (!holdsCount) {
                return count; // no more than is needed
            }
        }
        return count;
    }

    /** Writes and syncs what was gathered, and tells whose it is. */
    private void writeGroup(long bytes) throws IOException {
        Thread.interrupted(); // a pending interrupt would close the file
        int length = RecordHeader.BYTES + (int) bytes;
        int padded = (offset + length + settings.blockBytes() - 1 & -settings.blockBytes()) - offset;
        padded = Math.min(padded, current.bytes() - offset);
        ByteBuffer out = padded <= scratch.capacity() ? scratch.clear() : ByteBuffer.allocate(padded);
        new RecordHeader(RecordKind.MARK, 0, current.generation(), sync + 1, 0, length, end, settings.blockBytes(), 0).write(out);
        long[] positions = new long[gathered.size()];
        for (int i = 0; i < positions.length; i++) {
            Pending record = gathered.get(i);
            positions[i] = Position.of(current.number(), offset + out.position());
            encode(record, out);
            record.group().chain(positions[i]);
        }
        zeros(out, padded - out.position());
        current.file().write(offset, out.flip());
        long before = clock.nowNanos();
        current.file().force();
        syncs.record(clock.nowNanos() - before);
        sync++;
        offset += padded;
        end = Position.of(current.number(), offset);
        mark.durable(end);
        boolean first = offset == padded;
        tell(positions);
        if (first) {
            leave(); // so that it is seen when the whole segment gets lost
        }
    }

    private void encode(Pending record, ByteBuffer out) {
        new RecordHeader(record.kind(), record.length(), current.generation(), sync + 1, record.group().id(), record.index(),
            record.term(), record.group().chain(), RecordHeader.checksum(record.bytes(), record.offset(), record.length()))
            .write(out);
        out.put(record.bytes(), record.offset(), record.length());
        zeros(out, (int) (record.size() - RecordHeader.BYTES - record.length()));
    }

    private static void zeros(ByteBuffer out, int count) {
        for (int left = count; left > 0; left -= ZEROS.length) {
            out.put(ZEROS, 0, Math.min(left, ZEROS.length));
        }
    }

    private void tell(long[] positions) {
        Map<JournalGroup, Long> last = new LinkedHashMap<>();
        for (int i = 0; i < positions.length; i++) {
            Pending record = gathered.get(i);
            record.group().written(record, positions[i]);
            if (record.ticket() > 0) {
                waitingBytes.addAndGet(-record.size());
                last.put(record.group(), record.ticket());
            }
        }
        gathered.clear();
        last.forEach(JournalGroup::tellDurable);
    }

    /**
     * Nothing is believed any more, and nothing is tried again (P3). What was on its way was told to nobody; it is made
     * unreadable, if that is still possible, because the system may show it to the next process although the disk has not got it.
     */
    private void freeze(Throwable cause) {
        failure = new JournalException(Reason.FAILED, "the journal could not be written at " + Position.text(end) + ": " + cause
            + ". It accepts nothing until the broker is restarted; check the disk", cause);
        try {
            current.zero(offset, Math.min(current.bytes(), offset + settings.blockBytes()));
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        gathered.clear();
        discard();
        known().forEach(known -> known.tellFailed(failure));
    }

    private void discard() {
        for (Pending record = waiting.poll(); record != null; record = waiting.poll()) {
            waitingBytes.addAndGet(-record.size());
        }
    }
}

package org.memphisee.core.cluster.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a whole journal and finds where it ends. Sync groups are taken whole or not at all. Where one is not whole, it was torn
 * if it is the last: nothing of a later one is to be seen, and it was not known to be durable. Otherwise something is damaged;
 * then what can be read behind it is taken record by record, and each group's chain of positions tells whether it lost
 * something. Changes nothing on the disk.
 */
final class JournalScan {

    /** Instead of the next segment: the journal ends here. */
    private static final int END = Integer.MAX_VALUE;
    /** Instead of a segment that says it goes on: the next one, whatever is in it. */
    private static final int NEXT = -1;

    private final List<Segment> segments;
    private final long durable;
    /** Sync groups begin at multiples of this; each mark says it anew. */
    private int block;
    private final long oldest;
    private final Map<Long, FoundGroup> groups = new TreeMap<>();
    private final List<String> damages = new ArrayList<>();
    private final List<Remains> remains = new ArrayList<>();
    /** Number of the last sync group. */
    private long sync;
    /** The next sync group may have any number: it is the first of those that are kept, or follows damage. */
    private boolean anyNext;
    private long lastHole = Position.NONE;
    private long records;
    private int endSegment;
    private int endOffset;
    private long end = Position.NONE;

    /**
     * A scan that has not begun.
     *
     * @param segments by number, at least one
     * @param durable up to where it was known to be durable, or {@link Position#NONE}
     * @param block what sync groups begin at multiples of, as long as no mark says it
     */
    JournalScan(List<Segment> segments, long durable, int block) {
        this.segments = segments;
        this.durable = durable;
        this.block = block;
        oldest = Position.of(segments.get(0).number(), 0);
        anyNext = segments.get(0).number() > 1;
    }

    /**
     * What a torn sync group left, behind the end of the journal.
     *
     * @param segment where
     * @param from offset of the first that can be read
     * @param to offset behind the last
     */
    record Remains(Segment segment, int from, int to) { }

    /** A sync group that is whole. */
    private record Whole(RecordHeader mark, List<RecordHeader> headers, List<Integer> offsets, int end) { }

    void run() throws IOException {
        int i = 0;
        while (i < segments.size()) {
            Segment segment = segments.get(i);
            int next = read(i, new SegmentReader(segment));
            if (next == NEXT) {
                next = i + 1;
                if (next < segments.size() && segments.get(next).number() != segment.number() + 1) {
                    hole(Position.of(segment.number() + 1, 0), "segments before " + segments.get(next) + " are missing");
                }
            }
            i = next;
        }
        for (FoundGroup group : groups.values()) {
            if (group.position() < lastHole) {
                group.fail("records at " + Position.text(lastHole) + " cannot be read, and may have been its");
            }
        }
    }

    /** Reads a segment; which one goes on, {@link #END} when the journal ends in it. */
    private int read(int i, SegmentReader reader) throws IOException {
        Segment segment = segments.get(i);
        endSegment = i;
        endOffset = 0;
        while (endOffset < segment.bytes()) {
            int offset = endOffset;
            Whole group = whole(segment, reader, offset);
            if (group != null && (anyNext || group.mark.sync() == sync + 1)) {
                take(segment, reader, group);
                endOffset = group.end;
                end = Position.of(segment.number(), endOffset);
                continue;
            }
            int next = continuation(i, offset);
            if (next >= 0) {
                return next;
            }
            if (group != null) {
                segment.markDamaged();
                hole(Position.of(segment.number(), offset), "sync groups from " + (sync + 1) + " to " + (group.mark.sync() - 1)
                    + " are missing before offset " + offset + " of " + segment);
            } else if (!anyNext && torn(i, reader, offset)) {
                return END;
            } else {
                endOffset = salvage(segment, reader, offset);
                end = Position.of(segment.number(), endOffset);
            }
        }
        int next = continuation(i, endOffset);
        return next >= 0 ? next : i == segments.size() - 1 ? END : NEXT;
    }

    /**
     * The segment in which the sync group after the last one is: the next one, or a later one that says so, because damage
     * between them was found when the journal was opened before. -1 for none.
     */
    private int continuation(int i, int offset) throws IOException {
        for (int next = i + 1; next < segments.size(); next++) {
            RecordHeader first = new SegmentReader(segments.get(next)).header(0);
            boolean follows = segments.get(next).number() == segments.get(i).number() + 1;
            if (first != null && first.is(RecordKind.MARK) && first.sync() == sync + 1
                && (follows || first.term() == Position.of(segments.get(i).number(), offset))) {
                segments.subList(i + 1, next).forEach(Segment::markDamaged);
                return next;
            }
        }
        return -1;
    }

    /** The sync group that begins at an offset, null when it is not whole. */
    private Whole whole(Segment segment, SegmentReader reader, int offset) throws IOException {
        RecordHeader mark = reader.header(offset);
        if (mark == null || !mark.is(RecordKind.MARK) || mark.index() > segment.bytes() - offset) {
            return null;
        }
        block = (int) mark.previous();
        List<RecordHeader> headers = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int end = offset + (int) mark.index();
        int at = offset + RecordHeader.BYTES;
        while (at < end) {
            RecordHeader header = reader.header(at);
            if (header == null || header.sync() != mark.sync() || header.is(RecordKind.MARK) || !reader.intact(at, header)) {
                return null;
            }
            headers.add(header);
            offsets.add(at);
            at += (int) header.size();
        }
        return at == end ? new Whole(mark, headers, offsets, aligned(end)) : null;
    }

    private void take(Segment segment, SegmentReader reader, Whole group) throws IOException {
        sync = group.mark.sync();
        anyNext = false;
        for (int i = 0; i < group.headers.size(); i++) {
            take(segment, reader, group.headers.get(i), group.offsets.get(i));
        }
    }

    private void take(Segment segment, SegmentReader reader, RecordHeader header, int offset) throws IOException {
        byte[] body = header.is(RecordKind.ENTRY) ? null : reader.body(offset, header);
        group(header).take(header, Position.of(segment.number(), offset), oldest, body);
        records++;
    }

    private FoundGroup group(RecordHeader header) {
        return groups.computeIfAbsent(header.group(), id -> new FoundGroup());
    }

    /** Whether what cannot be read at an offset is the end of the journal; then remembers what is there of a torn group. */
    private boolean torn(int i, SegmentReader reader, int offset) throws IOException {
        if (durable > Position.of(segments.get(i).number(), offset)) {
            return false;
        }
        List<Remains> found = new ArrayList<>();
        for (int k = i; k < segments.size(); k++) {
            SegmentReader look = k == i ? reader : new SegmentReader(segments.get(k));
            int first = -1;
            int end = -1;
            for (int at = look.next(k == i ? offset : 0); at >= 0; at = look.next(at + RecordHeader.ALIGNMENT)) {
                RecordHeader header = look.header(at);
                if (header.sync() > sync + 1) {
                    return false;
                }
                first = first < 0 ? at : first;
                end = (int) Math.max(end, at + header.size());
            }
            if (first >= 0) {
                found.add(new Remains(segments.get(k), first, end));
            }
        }
        remains.addAll(found);
        return true;
    }

    /** Takes what can be read from damage on; the offset from which whole sync groups are read again. */
    private int salvage(Segment segment, SegmentReader reader, int offset) throws IOException {
        segment.markDamaged();
        anyNext = true;
        damages.add("the sync group at offset " + offset + " of " + segment + " is damaged");
        int end = -1;
        int at = offset;
        while (at <= segment.bytes() - RecordHeader.BYTES) {
            RecordHeader header = reader.header(at);
            if (header == null) {
                int padded = aligned(at);
                if (padded == at || !reader.zeros(at, padded) || reader.header(padded) == null) {
                    hole(Position.of(segment.number(), at), "nothing can be read at offset " + at + " of " + segment);
                    padded = reader.next(at + RecordHeader.ALIGNMENT);
                }
                if (padded < 0) {
                    return segment.bytes();
                }
                at = padded;
                end = -1;
                continue;
            }
            if (header.is(RecordKind.MARK)) {
                if (at != offset) {
                    return at;
                }
                end = header.index() > segment.bytes() - at ? -1 : at + (int) header.index();
                block = (int) header.previous();
            } else if (reader.intact(at, header)) {
                take(segment, reader, header, at);
            } else {
                damages.add("the record at offset " + at + " of " + segment + " is damaged, " + RecordKind.of(header.kind())
                    + " of group " + header.group() + (header.is(RecordKind.ENTRY) ? " index " + header.index() : ""));
                group(header).takeDamaged(header, Position.of(segment.number(), at), oldest);
            }
            sync = Math.max(sync, header.sync());
            at += (int) header.size();
            if (at == end) {
                anyNext = false; // nothing in it was passed over
                return aligned(at);
            }
        }
        return segment.bytes();
    }

    /** Records may have been here, of whatever group. */
    private void hole(long position, String what) {
        damages.add(what);
        lastHole = Math.max(lastHole, position);
        anyNext = true;
        groups.values().forEach(group -> group.index().gap());
    }

    private int aligned(int offset) {
        return offset + block - 1 & -block;
    }

    // ---- what was found

    Map<Long, FoundGroup> groups() {
        return groups;
    }

    List<String> damages() {
        return damages;
    }

    /** What torn groups left; to be made unreadable before anything is written. */
    List<Remains> remains() {
        return remains;
    }

    /** Number of the last sync group. */
    long sync() {
        return sync;
    }

    long records() {
        return records;
    }

    /** Which segment the journal ends in; those behind it are empty. */
    int endSegment() {
        return endSegment;
    }

    int endOffset() {
        return endOffset;
    }

    /** Where what was read ends; {@link Position#NONE} when nothing was. */
    long end() {
        return end;
    }
}

package org.memphisee.core.cluster.journal;

import java.io.IOException;

import org.memphisee.core.cluster.journal.JournalException.Reason;

/** Reads entries of a group that are no longer in memory, one after the other. One thread. */
final class ColdEntries {

    private final Segments segments;
    private final long group;
    private Segment segment;
    private SegmentReader reader;
    private int offset;

    ColdEntries(Segments segments, long group) {
        this.segments = segments;
        this.group = group;
    }

    /**
     * Goes to where the next entry is to be looked for.
     *
     * @param exactly where it is, {@link Position#NONE} when only what is before it is known; then reading goes on where it is
     * @param before where to begin
     */
    void move(long exactly, long before) {
        long to = exactly != Position.NONE ? exactly : before;
        if (exactly == Position.NONE && reader != null) {
            return;
        }
        Segment wanted = segments.get(Position.segment(to));
        if (wanted != segment || wanted == null) {
            segment = wanted;
            reader = wanted == null ? null : new SegmentReader(wanted);
        }
        offset = Position.offset(to);
    }

    /**
     * Reads it.
     *
     * @param index of the entry
     * @param room null is returned for a larger one
     */
    JournalEntry read(long index, int room) throws IOException {
        while (reader != null && offset < segment.bytes()) {
            RecordHeader header = reader.header(offset);
            if (header == null) {
                offset = skip();
                continue;
            }
            if (header.group() == group && header.is(RecordKind.ENTRY) && header.index() == index) {
                if (header.length() > room) {
                    return null;
                }
                byte[] body = reader.body(offset, header);
                if (RecordHeader.checksum(body, 0, body.length) != header.bodyCrc()) {
                    throw damaged(index);
                }
                offset += (int) header.size();
                return new JournalEntry(index, header.term(), body);
            }
            offset += (int) header.size();
        }
        throw damaged(index);
    }

    /** The padding behind a sync group ends with a block, the smallest of which may be of other settings. */
    private int skip() throws IOException {
        int next = offset + JournalSettings.LEAST_BLOCK & -JournalSettings.LEAST_BLOCK;
        while (next < segment.bytes() && reader.zeros(offset, next) && reader.header(next) == null) {
            next += JournalSettings.LEAST_BLOCK;
        }
        return next < segment.bytes() && reader.header(next) != null ? next : segment.bytes();
    }

    private JournalException damaged(long index) {
        return new JournalException(Reason.DAMAGED, "entry " + index + " of group " + group + " is not what was written to "
            + (segment == null ? "a segment that is gone" : segment + " near offset " + offset) + ". Nothing was changed; take it "
            + "from another member and rebuild the group", null);
    }
}

package org.memphisee.core.cluster.journal;

/**
 * Sizes of a journal, in bytes.
 *
 * @param segmentBytes of one file, at least 16 KiB and at most 1 GiB; a record must fit into one
 * @param blockBytes sync groups begin at multiples of this, so that none is written where a durable one ends; a power of two, at
 *     least 512 and at most an eighth of a segment
 * @param groupBytes written with one sync at most, but for one record that is larger; at least a block
 * @param waitingBytes of records that are not durable yet, of all groups; more is refused. At least a segment
 * @param recentBytes of entries that each group keeps in memory
 * @param maxBytes of all segments together. Entries that somebody still wants are dropped from there on, and when the store did
 *     not apply enough, no more are taken. At least four segments; two spare files may come on top
 * @param minimumFree left free on the disk when a file is made
 * @param groups that may be in it
 */
public record JournalSettings(int segmentBytes, int blockBytes, int groupBytes, long waitingBytes, long recentBytes,
                              long maxBytes, long minimumFree, int groups) {

    private static final int MIB = 1 << 20;
    private static final int LEAST_SEGMENT = 16 << 10;
    static final int LEAST_BLOCK = 512;
    private static final int BLOCKS = 8;
    private static final int SEGMENTS = 4;
    private static final int RESERVED_BLOCKS = 64;
    private static final long LEAST_JOURNAL = 64L * MIB;
    private static final int DISK_SHARE = 10;

    /** 64 MiB, blocks of 4 KiB, 4 MiB a sync, 64 MiB waiting, 4 MiB recent for each of 64 groups, 1 GiB in all, 256 MiB free. */
    public static final JournalSettings DEFAULT =
        new JournalSettings(64 * MIB, 4096, 4 * MIB, 64L * MIB, 4L * MIB, 1024L * MIB, 256L * MIB, 64);

    public JournalSettings {
        require(segmentBytes >= LEAST_SEGMENT && segmentBytes <= 1024 * MIB, "segments of " + segmentBytes
            + " bytes: choose 16 KiB to 1 GiB");
        require(blockBytes >= LEAST_BLOCK && Integer.bitCount(blockBytes) == 1 && blockBytes <= segmentBytes / BLOCKS
            && segmentBytes % blockBytes == 0, "blocks of " + blockBytes + " bytes: choose a power of two from 512 on, at most an "
            + "eighth of a segment, of which segments are multiples");
        require(groupBytes >= blockBytes, "sync groups of " + groupBytes + " bytes: choose a block or more");
        require(waitingBytes >= segmentBytes, waitingBytes + " bytes may wait: choose a segment or more");
        require(recentBytes >= 0 && minimumFree >= 0 && groups > 0, "negative sizes");
        require(groups < segmentBytes / RecordHeader.size(BaseBody.MAX_BYTES)
            && basesBytes(groups, blockBytes) <= segmentBytes / SEGMENTS, groups + " groups: what is to be known of all must fit into "
            + "a quarter of a segment");
        require(maxBytes / SEGMENTS >= segmentBytes, "a journal of " + maxBytes + " bytes: choose four segments of " + segmentBytes
            + " bytes or more");
    }

    /**
     * {@link #DEFAULT} on a disk.
     *
     * @param wanted bytes that the journal may have ({@code memphisee.cluster.journal.max}), at least 64 MiB; 0 for 1 GiB or a
     *     tenth of the disk, whichever is less
     * @param diskBytes size of the disk
     */
    public static JournalSettings forDisk(long wanted, long diskBytes) {
        require(wanted == 0 || wanted >= LEAST_JOURNAL, "a journal of " + wanted + " bytes: choose 64 MiB or more");
        long max = wanted > 0 ? wanted : Math.max(LEAST_JOURNAL, Math.min(DEFAULT.maxBytes, diskBytes / DISK_SHARE));
        int segment = (int) Math.min(DEFAULT.segmentBytes, Long.highestOneBit(max / SEGMENTS));
        return new JournalSettings(segment, DEFAULT.blockBytes, DEFAULT.groupBytes, DEFAULT.waitingBytes, DEFAULT.recentBytes, max,
            DEFAULT.minimumFree, DEFAULT.groups);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Kept at the end of a segment for what needs no room of its own: votes, and what lets segments go. */
    int reserveBytes() {
        return Math.min(RESERVED_BLOCKS * blockBytes, segmentBytes / BLOCKS);
    }

    /** The largest body of an entry: what a segment has besides its reserve and what it says of all groups first. */
    public int maxEntryBytes() {
        return segmentBytes - reserveBytes() - basesBytes(groups, blockBytes) - 2 * RecordHeader.BYTES;
    }

    /** What a segment says of so many groups before anything else. */
    private static int basesBytes(int groups, int block) {
        return RecordHeader.BYTES + groups * (int) RecordHeader.size(BaseBody.MAX_BYTES) + block - 1 & -block;
    }
}

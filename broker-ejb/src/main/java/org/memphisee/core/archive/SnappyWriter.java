package org.memphisee.core.archive;

/** Writes an S2 stream of Snappy blocks: what is written leaves compressed, in frames of up to 64 KiB of data. */
public final class SnappyWriter implements ByteSink {

    private static final byte[] IDENTIFIER = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
    private static final int COMPRESSED = 0;
    private static final int PLAIN = 1;
    private static final int FRAME_HEADER = 8;

    private final ByteSink to;
    private final SnappyBlock block = new SnappyBlock();
    private final byte[] data = new byte[SnappyBlock.MAX];
    private final byte[] header = new byte[FRAME_HEADER];
    private int filled;
    private boolean begun;

    /** {@code to} gets the frames. */
    public SnappyWriter(ByteSink to) {
        this.to = to;
    }

    @Override
    public void bytes(byte[] bytes, int offset, int length) throws ArchiveException {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            int n = Math.min(end - from, data.length - filled);
            System.arraycopy(bytes, from, data, filled, n);
            filled += n;
            from += n;
            if (filled == data.length) {
                flush();
            }
        }
    }

    /** Lets everything leave that was written. */
    public void flush() throws ArchiveException {
        if (!begun) {
            begun = true;
            to.bytes(IDENTIFIER, 0, IDENTIFIER.length);
        }
        if (filled == 0) {
            return;
        }
        int compressed = block.compress(data, 0, filled);
        boolean smaller = compressed < filled - filled / 8;
        int body = smaller ? compressed : filled;
        int length = body + 4;
        header[0] = (byte) (smaller ? COMPRESSED : PLAIN);
        header[1] = (byte) length;
        header[2] = (byte) (length >>> 8);
        header[3] = (byte) (length >>> 16);
        int sum = MaskedChecksum.of(data, 0, filled);
        for (int i = 0; i < 4; i++) {
            header[4 + i] = (byte) (sum >>> 8 * i);
        }
        to.bytes(header, 0, header.length);
        to.bytes(smaller ? block.out() : data, 0, body);
        filled = 0;
    }
}

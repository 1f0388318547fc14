package org.memphisee.core.archive;

import java.util.Arrays;

/**
 * Reads an S2 stream as it arrives, in pieces of any size: Snappy's framing with blocks of up to 4 MiB. Keeps one frame at
 * most; what a frame says of itself is checked before room is made for it.
 */
public final class S2Reader implements ByteSink {

    private static final String CORRUPT = "s2: corrupt input";
    private static final int FRAME_HEADER = 4;
    private static final int CHECKSUM = 4;
    private static final int IDENTIFIER = 0xff;
    private static final int COMPRESSED = 0;
    private static final int PLAIN = 1;
    /** Frames from here on may be passed over. */
    private static final int SKIPPABLE = 0x80;
    /** A block with all its data as literals. */
    private static final int MAX_FRAME = S2Block.MAX + S2Block.MAX / 6 + 64;

    private final ByteSink to;
    private byte[] frame = new byte[FRAME_HEADER];
    private int filled;
    private long skip;
    private boolean identified;

    /** {@code to} gets the data. */
    public S2Reader(ByteSink to) {
        this.to = to;
    }

    @Override
    public void bytes(byte[] bytes, int offset, int length) throws ArchiveException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (skip > 0) {
                int n = (int) Math.min(skip, end - at);
                skip -= n;
                at += n;
                continue;
            }
            int need = filled < FRAME_HEADER ? FRAME_HEADER : FRAME_HEADER + size();
            if (frame.length < need) { // no more at once than has come: who says much must send it
                frame = Arrays.copyOf(frame, Math.min(need, Math.max(frame.length * 2, filled + end - at)));
            }
            int n = Math.min(end - at, Math.min(need, frame.length) - filled);
            System.arraycopy(bytes, at, frame, filled, n);
            filled += n;
            at += n;
            if (filled == FRAME_HEADER && need == FRAME_HEADER) {
                begin();
            }
            if (filled >= FRAME_HEADER && filled == FRAME_HEADER + size()) {
                filled = 0;
                frame();
            }
        }
    }

    /** Whether it ends between two frames. */
    public boolean complete() {
        return filled == 0 && skip == 0;
    }

    private int size() {
        return frame[1] & 0xff | (frame[2] & 0xff) << 8 | (frame[3] & 0xff) << 16;
    }

    private void begin() throws ArchiveException {
        int type = frame[0] & 0xff;
        if (!identified && type != IDENTIFIER) {
            throw new ArchiveException(CORRUPT);
        }
        if (type >= SKIPPABLE && type != IDENTIFIER) {
            skip = size();
            filled = 0;
        } else if (type != IDENTIFIER && type != COMPRESSED && type != PLAIN || size() > MAX_FRAME) {
            throw new ArchiveException("s2: unsupported input");
        }
    }

    private void frame() throws ArchiveException {
        int type = frame[0] & 0xff;
        int size = size();
        if (type == IDENTIFIER) {
            byte[] name = Arrays.copyOfRange(frame, FRAME_HEADER, FRAME_HEADER + size);
            if (!Arrays.equals(name, new byte[] {'s', 'N', 'a', 'P', 'p', 'Y'})
                && !Arrays.equals(name, new byte[] {'S', '2', 's', 'T', 'w', 'O'})) {
                throw new ArchiveException(CORRUPT);
            }
            identified = true;
            return;
        }
        if (size < CHECKSUM) {
            throw new ArchiveException(CORRUPT);
        }
        int from = FRAME_HEADER + CHECKSUM;
        int sum = frame[4] & 0xff | (frame[5] & 0xff) << 8 | (frame[6] & 0xff) << 16 | (frame[7] & 0xff) << 24;
        byte[] data = frame;
        int length = size - CHECKSUM;
        if (type == COMPRESSED) {
            data = S2Block.read(frame, from, length);
            length = data.length;
            from = 0;
        }
        if (MaskedChecksum.of(data, from, length) != sum) {
            throw new ArchiveException("s2: checksum does not match");
        }
        to.bytes(data, from, length);
    }
}

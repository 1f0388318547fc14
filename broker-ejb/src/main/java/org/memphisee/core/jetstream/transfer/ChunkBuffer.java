package org.memphisee.core.jetstream.transfer;

import java.util.Arrays;

import org.memphisee.core.archive.ByteSink;

/** Bytes that wait to be sent, taken from the front. */
final class ChunkBuffer implements ByteSink {

    private byte[] bytes = new byte[64 << 10];
    private int from;
    private int to;

    @Override
    public void bytes(byte[] more, int offset, int length) {
        if (bytes.length - to < length) {
            int size = to - from;
            if (size + length > bytes.length) {
                byte[] larger = new byte[Math.max(bytes.length * 2, size + length)];
                System.arraycopy(bytes, from, larger, 0, size);
                bytes = larger;
            } else {
                System.arraycopy(bytes, from, bytes, 0, size);
            }
            from = 0;
            to = size;
        }
        System.arraycopy(more, offset, bytes, to, length);
        to += length;
    }

    int size() {
        return to - from;
    }

    byte[] take(int length) {
        byte[] chunk = Arrays.copyOfRange(bytes, from, from + length);
        from += length;
        return chunk;
    }
}

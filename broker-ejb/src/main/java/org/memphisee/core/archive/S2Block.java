package org.memphisee.core.archive;

/** Reads blocks in the format of S2, which is Snappy's with copies that repeat a distance. Trusts nothing. */
final class S2Block {

    /** Data of a block at most. */
    static final int MAX = 4 << 20;

    private static final String CORRUPT = "s2: corrupt input";

    private final byte[] in;
    private final int end;
    private int at;
    private byte[] out;
    private int length;

    private S2Block(byte[] in, int offset, int size) {
        this.in = in;
        this.at = offset;
        this.end = offset + size;
    }

    /** The data of the block in the slice. */
    static byte[] read(byte[] in, int offset, int size) throws ArchiveException {
        return new S2Block(in, offset, size).read();
    }

    private byte[] read() throws ArchiveException {
        long size = 0;
        int shift = 0;
        int b;
        do {
            b = next();
            size |= (long) (b & 0x7f) << shift;
            shift += 7;
        } while (b >= 0x80 && shift < 35);
        if (b >= 0x80 || size > MAX) {
            throw new ArchiveException("s2: block of more than " + MAX + " bytes");
        }
        out = new byte[(int) size];
        int distance = 0;
        while (at < end) {
            int tag = next();
            switch (tag & 3) {
                case 0 -> literal(tag >>> 2);
                case 1 -> {
                    int low = next();
                    int far = (tag & 0xe0) << 3 | low;
                    int code = tag >>> 2 & 7;
                    if (far == 0) {
                        copy(distance, repeated(code));
                    } else {
                        distance = far;
                        copy(distance, code + 4);
                    }
                }
                case 2 -> {
                    distance = number(2);
                    copy(distance, (tag >>> 2) + 1);
                }
                default -> {
                    distance = number(4);
                    copy(distance, (tag >>> 2) + 1);
                }
            }
        }
        if (length != out.length) {
            throw new ArchiveException(CORRUPT);
        }
        return out;
    }

    /** How much a copy takes that says no distance. */
    private int repeated(int code) throws ArchiveException {
        return switch (code) {
            case 5 -> number(1) + 8;
            case 6 -> number(2) + (1 << 8) + 4;
            case 7 -> number(3) + (1 << 16) + 4;
            default -> code + 4;
        };
    }

    private void literal(int code) throws ArchiveException {
        int count = code < 60 ? code + 1 : number(code - 59) + 1;
        if (count <= 0 || count > end - at || count > out.length - length) {
            throw new ArchiveException(CORRUPT);
        }
        System.arraycopy(in, at, out, length, count);
        at += count;
        length += count;
    }

    private void copy(int distance, int count) throws ArchiveException {
        if (distance <= 0 || distance > length || count > out.length - length) {
            throw new ArchiveException(CORRUPT);
        }
        for (int i = 0; i < count; i++, length++) { // what is copied may be what was just written
            out[length] = out[length - distance];
        }
    }

    private int number(int bytes) throws ArchiveException {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= next() << 8 * i;
        }
        return value;
    }

    private int next() throws ArchiveException {
        if (at == end) {
            throw new ArchiveException(CORRUPT);
        }
        return in[at++] & 0xff;
    }
}

package org.memphisee.core.archive;

import java.util.zip.CRC32C;

/** The checksum of a block's data, as Snappy's framing wants it. */
final class MaskedChecksum {

    private static final int MASK = 0xa282ead8;

    private MaskedChecksum() { }

    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        int value = (int) crc.getValue();
        return (value >>> 15 | value << 17) + MASK;
    }
}

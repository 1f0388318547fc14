package org.memphisee.core.cluster.link;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame on the wire: version, kind, traffic, one byte 0, CRC32C of everything else, link, number, body; big endian. Whatever the
 * version of this protocol is, hellos keep the version 1 here, so that nodes of different versions can tell each other so.
 */
record LinkFrame(Kind kind, Traffic traffic, long link, long number, ByteBuffer body) {

    /** What it is. The order is part of the format. */
    enum Kind { HELLO, REFUSED, DATA, REPORT, BEAT, BEAT_ANSWER }

    static final int HEADER = 24;
    static final byte VERSION = 1;
    private static final int CRC_AT = 4;
    private static final int CHECKED_FROM = 8;
    private static final Kind[] KINDS = Kind.values();
    private static final Traffic[] TRAFFIC = Traffic.values();

    /** Bytes of a frame. */
    static byte[] encode(Kind kind, Traffic traffic, long link, long number, byte[] body) {
        byte[] frame = new byte[HEADER + body.length];
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        buffer.put(VERSION).put((byte) kind.ordinal()).put((byte) traffic.ordinal()).put((byte) 0).putInt(0).putLong(link)
            .putLong(number).put(body);
        buffer.putInt(CRC_AT, crc(frame));
        return frame;
    }

    /** Whether bytes may be a hello; a first look at them. */
    static boolean saysHello(byte[] frame) {
        return frame.length >= HEADER && frame[1] == Kind.HELLO.ordinal();
    }

    /** What bytes say, null when they are no whole frame. The body is a view of them. */
    static LinkFrame decode(byte[] frame) {
        if (frame.length < HEADER || frame[0] != VERSION || frame[1] < 0 || frame[1] >= KINDS.length || frame[2] < 0
            || frame[2] >= TRAFFIC.length || frame[3] != 0) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        return buffer.getInt(CRC_AT) != crc(frame) ? null : new LinkFrame(KINDS[frame[1]], TRAFFIC[frame[2]],
            buffer.getLong(CHECKED_FROM), buffer.getLong(CHECKED_FROM + Long.BYTES), buffer.position(HEADER).slice());
    }

    private static int crc(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, CRC_AT);
        crc.update(frame, CHECKED_FROM, frame.length - CHECKED_FROM);
        return (int) crc.getValue();
    }
}

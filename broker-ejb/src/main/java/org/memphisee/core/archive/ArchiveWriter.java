package org.memphisee.core.archive;

import java.nio.charset.StandardCharsets;

/** Writes an archive: its sign, then entries, then the mark of its end. */
public final class ArchiveWriter {

    /** What each archive of version 2 begins with. */
    static final byte[] SIGN = "NATSARC1".getBytes(StandardCharsets.US_ASCII);

    private static final int NUMBERS = 50;

    private final ByteSink to;
    private final byte[] numbers = new byte[NUMBERS];
    private int length;
    private boolean begun;

    /** {@code to} gets the bytes. */
    public ArchiveWriter(ByteSink to) {
        this.to = to;
    }

    /** An entry that is no message. */
    public void entry(String name, long timeNanos, byte[] body) throws ArchiveException {
        byte[] n = name.getBytes(StandardCharsets.UTF_8);
        head(n.length, timeNanos, 0, 0, body.length);
        to.bytes(n, 0, n.length);
        to.bytes(body, 0, body.length);
    }

    /** A message: subject and, from {@code body} on, header block and payload are slices of the array. */
    public void message(byte[] bytes, int subject, int subjectLength, long timeNanos, long sequence, int body,
                        int headerLength, int payloadLength) throws ArchiveException {
        head(subjectLength, timeNanos, sequence, headerLength, payloadLength);
        to.bytes(bytes, subject, subjectLength);
        to.bytes(bytes, body, headerLength + payloadLength);
    }

    /** Nothing follows. */
    public void end() throws ArchiveException {
        head(0, 0, 0, 0, 0);
    }

    private void head(int name, long timeNanos, long sequence, int header, int payload) throws ArchiveException {
        if (!begun) {
            begun = true;
            to.bytes(SIGN, 0, SIGN.length);
        }
        length = 0;
        number(name);
        number(timeNanos << 1 ^ timeNanos >> 63);
        number(sequence);
        number(header);
        number(payload);
        to.bytes(numbers, 0, length);
    }

    private void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            numbers[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        numbers[length++] = (byte) rest;
    }
}

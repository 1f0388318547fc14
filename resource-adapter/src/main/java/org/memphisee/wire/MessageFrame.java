package org.memphisee.wire;

/** Encodes MSG and HMSG into arrays (wire-protocol.md 1.2). */
public final class MessageFrame {

    /** Longest operation, blanks, two numbers and line ends. */
    private static final int OVERHEAD = 5 + 4 + 20 + 4;

    private MessageFrame() { }

    /** Bytes that a frame with arguments and body of these lengths takes at most. */
    public static long maxLength(int arguments, int headerLength, int payloadLength) {
        return (long) OVERHEAD + arguments + headerLength + payloadLength;
    }

    /**
     * Writes one frame: HMSG if there is a header block, else MSG.
     *
     * @param to where to write; room for {@link #maxLength} is the caller's duty
     * @param at where to begin
     * @param sid the subscription
     * @param subject array with the subject
     * @param subjectOffset its first byte
     * @param subjectLength its length
     * @param reply array with the reply subject
     * @param replyOffset its first byte
     * @param replyLength its length, 0 for none
     * @param body array with header block and payload
     * @param bodyOffset first byte of the header block
     * @param headerLength bytes of the header block, 0 for none
     * @param payloadLength bytes of the payload
     * @return the position behind the frame
     */
    public static int write(byte[] to, int at, byte[] sid, byte[] subject, int subjectOffset, int subjectLength,
                            byte[] reply, int replyOffset, int replyLength, byte[] body, int bodyOffset,
                            int headerLength, int payloadLength) {
        int p = at;
        if (headerLength > 0) {
            to[p++] = 'H';
        }
        to[p++] = 'M';
        to[p++] = 'S';
        to[p++] = 'G';
        to[p++] = ' ';
        System.arraycopy(subject, subjectOffset, to, p, subjectLength);
        p += subjectLength;
        to[p++] = ' ';
        for (byte b : sid) { // a few digits: shorter than a call
            to[p++] = b;
        }
        to[p++] = ' ';
        if (replyLength > 0) {
            System.arraycopy(reply, replyOffset, to, p, replyLength);
            p += replyLength;
            to[p++] = ' ';
        }
        if (headerLength > 0) {
            p = number(to, p, headerLength);
            to[p++] = ' ';
        }
        int length = headerLength + payloadLength;
        p = number(to, p, length);
        to[p++] = '\r';
        to[p++] = '\n';
        System.arraycopy(body, bodyOffset, to, p, length);
        p += length;
        to[p++] = '\r';
        to[p++] = '\n';
        return p;
    }

    private static int number(byte[] to, int at, int value) {
        int digits = 1;
        for (long bound = 10; value >= bound; bound *= 10) {
            digits++;
        }
        int rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}

package org.memphisee.client;

/**
 * What the subject of acknowledgement says about a delivery (wire-protocol.md 4.6), in both of its forms.
 *
 * @param partition number behind the last {@code $} of the stream's name, 0 if there is none
 * @param delivered which delivery this is, from 1
 * @param streamSequence sequence in the partition
 * @param timestamp when it was stored, nanoseconds since 1970
 */
record AckToken(int partition, long delivered, long streamSequence, long timestamp) {

    private static final int SHORT = 9;
    private static final int LONG = 11;

    /** Reads the subject; null if it is none of acknowledgement. */
    static AckToken parse(byte[] bytes, int offset, int length) {
        int end = offset + length;
        if (length < 8 || bytes[offset] != '$' || bytes[offset + 1] != 'J' || bytes[offset + 4] != 'A') {
            return null;
        }
        int tokens = 1;
        for (int i = offset; i < end; i++) {
            tokens += bytes[i] == '.' ? 1 : 0;
        }
        if (tokens < SHORT) {
            return null;
        }
        int before = tokens >= LONG ? 4 : 2;
        int at = skip(bytes, offset, end, before);
        int stream = at;
        at = skip(bytes, at, end, 1);
        int partition = partition(bytes, stream, at - 1);
        at = skip(bytes, at, end, 1);
        long delivered = number(bytes, at, end);
        at = skip(bytes, at, end, 1);
        long sequence = number(bytes, at, end);
        at = skip(bytes, at, end, 2);
        return new AckToken(partition, delivered, sequence, number(bytes, at, end));
    }

    private static int skip(byte[] bytes, int from, int end, int tokens) {
        int at = from;
        for (int left = tokens; left > 0 && at < end; at++) {
            if (bytes[at] == '.') {
                left--;
            }
        }
        return at;
    }

    private static int partition(byte[] bytes, int from, int to) {
        int dollar = to - 1;
        while (dollar > from && bytes[dollar] != '$') {
            dollar--;
        }
        return dollar <= from ? 0 : (int) number(bytes, dollar + 1, to);
    }

    private static long number(byte[] bytes, int from, int end) {
        long value = 0;
        for (int i = from; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }
}

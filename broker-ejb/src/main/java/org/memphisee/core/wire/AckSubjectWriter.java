package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the ack subjects of one consumer into one array, digit by digit. */
public final class AckSubjectWriter {

    private static final int NUMBERS = 5 * 20;

    private final byte[] bytes;
    private final int prefixLength;

    public AckSubjectWriter(String stream, String consumer) {
        byte[] prefix = ("$JS.ACK." + stream + "." + consumer + ".").getBytes(StandardCharsets.UTF_8);
        prefixLength = prefix.length;
        bytes = Arrays.copyOf(prefix, prefix.length + NUMBERS);
    }

    /** The array that holds the subject written last. */
    public byte[] bytes() {
        return bytes;
    }

    /** Writes the subject and answers its length. */
    public int write(long delivered, long streamSeq, long consumerSeq, long timestampNanos, long pending) {
        int at = digits(prefixLength, delivered);
        bytes[at++] = '.';
        at = digits(at, streamSeq);
        bytes[at++] = '.';
        at = digits(at, consumerSeq);
        bytes[at++] = '.';
        at = digits(at, timestampNanos);
        bytes[at++] = '.';
        return digits(at, pending);
    }

    private int digits(int at, long value) {
        int end = at + width(value);
        long rest = value;
        for (int i = end - 1; i >= at; i--) {
            long tenth = rest / 10;
            bytes[i] = (byte) ('0' + (int) (rest - tenth * 10));
            rest = tenth;
        }
        return end;
    }

    /** Decimal digits of a number that is not negative. */
    public static int width(long value) {
        int width = 1;
        long bound = 10;
        while (width < 19 && value >= bound) {
            width++;
            bound *= 10;
        }
        return width;
    }
}

package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the ack subjects of one consumer into one array. Most numbers of a delivery differ from those of the one before in their
 * last digits only, and only these are written.
 */
public final class AckSubjectWriter {

    private static final int NUMBERS = 5 * 20;

    private final byte[] bytes;
    private final int prefixLength;
    private final Field delivered = new Field();
    private final Field streamSequence = new Field();
    private final Field consumerSequence = new Field();
    private final Field timestamp = new Field();
    private final Field pending = new Field();

    /** A number as it stands in the array. */
    private static final class Field {
        private int from = -1;
        private int width;
        /** Smallest number of this width, and the one behind the largest. */
        private long least;
        private long bound;
        private long value;

        boolean fits(int at, long other) {
            return from == at && other >= least && other < bound;
        }

        void place(int at, long number) {
            from = at;
            width = width(number);
            least = width == 1 ? 0 : power(width - 1);
            bound = width == 19 ? Long.MAX_VALUE : power(width);
        }
    }

    public AckSubjectWriter(String stream, String consumer) {
        byte[] prefix = ("$JS.ACK." + stream + "." + consumer + ".").getBytes(StandardCharsets.UTF_8);
        prefixLength = prefix.length;
        bytes = Arrays.copyOf(prefix, prefix.length + NUMBERS);
    }

    /** The array that holds the subject written last. */
    public byte[] bytes() {
        return bytes;
    }

    /** Writes the subject and answers its length. No number is negative. */
    public int write(long deliveries, long streamSeq, long consumerSeq, long timestampNanos, long left) {
        int at = put(delivered, prefixLength, deliveries);
        bytes[at++] = '.';
        at = put(streamSequence, at, streamSeq);
        bytes[at++] = '.';
        at = put(consumerSequence, at, consumerSeq);
        bytes[at++] = '.';
        at = put(timestamp, at, timestampNanos);
        bytes[at++] = '.';
        return put(pending, at, left);
    }

    private int put(Field field, int at, long value) {
        long rest = value;
        long there = field.value;
        if (!field.fits(at, value)) {
            field.place(at, value);
            there = -1; // no digit is right
        }
        field.value = value;
        int end = at + field.width;
        for (int i = end - 1; i >= at && rest != there; i--) {
            long tenth = rest / 10;
            bytes[i] = (byte) ('0' + (int) (rest - tenth * 10));
            rest = tenth;
            there = there < 0 ? -1 : there / 10;
        }
        return end;
    }

    private static long power(int ten) {
        long power = 1;
        for (int i = 0; i < ten; i++) {
            power *= 10;
        }
        return power;
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

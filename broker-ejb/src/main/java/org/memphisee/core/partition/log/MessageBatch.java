package org.memphisee.core.partition.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.memphisee.core.consumer.MessageView;

/**
 * The format of a batch record, version 1 (docs/design/formats.md). All numbers big endian:
 *
 * <pre>
 * 0  byte  version = 1          24 entries: int sequence - first, long time, int header length, int payload length,
 * 1  byte  flags = 0                        short subject length, subject, header block, payload
 * 2  short reserved = 0         index offset: int[count], where each entry begins
 * 4  int   count
 * 8  int   index offset
 * 12 long  first sequence
 * 20 int   reserved = 0
 * </pre>
 *
 * The checksum is the store's and the replication log's: each puts the record into its own envelope.
 */
public final class MessageBatch {

    static final byte VERSION = 1;
    public static final int HEADER = 24;
    public static final int ENTRY = 22;
    /** A batch is closed when it has grown to so many bytes; a single larger message makes a batch of its own. */
    public static final int FULL = 1 << 20;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private MessageBatch() { }

    public static void putHeader(byte[] b, int count, int indexOffset, long firstSequence) {
        b[0] = VERSION;
        b[1] = 0;
        SHORT.set(b, 2, (short) 0);
        INT.set(b, 4, count);
        INT.set(b, 8, indexOffset);
        LONG.set(b, 12, firstSequence);
        INT.set(b, 20, 0);
    }

    /** Writes the fixed part of an entry. */
    public static void putEntry(byte[] b, int at, int sequenceDelta, long timeNanos, int headerLength, int payloadLength,
                         int subjectLength) {
        INT.set(b, at, sequenceDelta);
        LONG.set(b, at + 4, timeNanos);
        INT.set(b, at + 12, headerLength);
        INT.set(b, at + 16, payloadLength);
        SHORT.set(b, at + 20, (short) subjectLength);
    }

    public static void putInt(byte[] b, int at, int value) {
        INT.set(b, at, value);
    }

    /** How many messages a record has. */
    public static int count(byte[] b) {
        return (int) INT.get(b, 4);
    }

    static long firstSequence(byte[] b) {
        return (long) LONG.get(b, 12);
    }

    private static int entry(byte[] b, int index) {
        return (int) INT.get(b, (int) INT.get(b, 8) + 4 * index);
    }

    /** Sequence of an entry. */
    public static long sequence(byte[] b, int index) {
        return firstSequence(b) + (int) INT.get(b, entry(b, index));
    }

    /** Length of an entry in the record. */
    static int length(byte[] b, int index) {
        int at = entry(b, index);
        return ENTRY + (int) INT.get(b, at + 12) + (int) INT.get(b, at + 16) + (SHORT_MASK & (short) SHORT.get(b, at + 20));
    }

    /** Index of the first entry whose sequence is not below, {@code count} when there is none. */
    public static int indexOf(byte[] b, long sequence) {
        int count = count(b);
        long first = firstSequence(b);
        if (sequence <= first) {
            return 0;
        }
        long guess = sequence - first;
        if (guess < count && sequence(b, (int) guess) == sequence) {
            return (int) guess;
        }
        int low = 0;
        int high = (int) Math.min(count, guess + 1);
        while (low < high) {
            int mid = low + high >>> 1;
            if (sequence(b, mid) < sequence) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /** Fills the view with an entry. */
    public static void view(byte[] b, int index, MessageView view) {
        int at = entry(b, index);
        int subjectLength = SHORT_MASK & (short) SHORT.get(b, at + 20);
        view.bytes = b;
        view.sequence = firstSequence(b) + (int) INT.get(b, at);
        view.timestampNanos = (long) LONG.get(b, at + 4);
        view.headerLength = (int) INT.get(b, at + 12);
        view.payloadLength = (int) INT.get(b, at + 16);
        view.subjectOffset = at + ENTRY;
        view.subjectLength = subjectLength;
        view.bodyOffset = at + ENTRY + subjectLength;
    }

    private static final int SHORT_MASK = 0xFFFF;

    /** Accounted size of a message (jetstream-api.md 5.4). */
    public static long accounted(boolean file, int subjectLength, int headerLength, int payloadLength) {
        if (file) {
            return 30L + subjectLength + payloadLength + (headerLength > 0 ? 4L + headerLength : 0L);
        }
        return 16L + subjectLength + headerLength + payloadLength;
    }

    /** Accounted size of the message in the view. */
    public static long accounted(boolean file, MessageView view) {
        return accounted(file, view.subjectLength, view.headerLength, view.payloadLength);
    }
}

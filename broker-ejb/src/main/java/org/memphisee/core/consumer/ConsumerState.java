package org.memphisee.core.consumer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The durable form of a consumer: version byte, body of varints, CRC32C of all before it (big endian).
 *
 * <p>Body of version 1: delivered (consumer, stream, time), floor (consumer, stream, time), next sequence; pending
 * (count; per entry distance of the sequence doubled plus 1 when delivered again, distance of the first delivery's
 * number, count of deliveries when again); without deliveries left (count; distance, deliveries); chosen by
 * last_per_subject and not delivered (count; distance). Version 2 ends with how many messages ran out of deliveries and
 * how many were terminated, ever; a message without deliveries left may have none, because it was terminated. Distances are from the entry before, so that a pending entry
 * mostly takes two bytes. Times of deliveries are not kept: after a restart the ack wait begins anew.
 */
final class ConsumerState {

    private static final byte VERSION = 2;
    private static final byte WITHOUT_COUNTS = 1;
    private static final int CRC_LENGTH = 4;

    /** What a state holds. */
    record Restored(Marks marks, PendingDeliveries pending, long next, long[] chosen) { }

    private ConsumerState() { }

    static byte[] encode(Marks marks, PendingDeliveries pending, long next, long[] chosen) {
        Out out = new Out(96 + pending.size() * 4 + pending.exhaustedSize() * 4 + chosen.length * 2);
        out.raw(VERSION);
        out.number(marks.deliveredConsumer);
        out.number(marks.deliveredStream);
        out.number(marks.deliveredAtNanos);
        out.number(marks.floorConsumer);
        out.number(marks.floorStream);
        out.number(marks.floorAtNanos);
        out.number(next);
        pending(out, pending);
        long[] exhausted = pending.exhaustedSequences();
        out.number(exhausted.length);
        long before = 0;
        for (long sequence : exhausted) {
            out.number(sequence - before);
            out.number(pending.exhaustedDeliveries(sequence));
            before = sequence;
        }
        out.number(chosen.length);
        before = 0;
        for (long sequence : chosen) {
            out.number(sequence - before);
            before = sequence;
        }
        out.number(marks.exhausted);
        out.number(marks.terminated);
        return out.finish();
    }

    private static void pending(Out out, PendingDeliveries pending) {
        DeliverySlots slots = pending.slots;
        out.number(pending.size());
        long sequence = 0;
        long consumerSeq = 0;
        for (int slot = pending.first(); slot != DeliverySlots.NONE; slot = pending.after(slot)) {
            int again = slots.deliveries[slot] > 1 ? 1 : 0;
            out.number(slots.sequence[slot] - sequence << 1 | again);
            out.number(slots.consumerSeq[slot] - consumerSeq);
            if (again == 1) {
                out.number(slots.deliveries[slot]);
            }
            sequence = slots.sequence[slot];
            consumerSeq = slots.consumerSeq[slot];
        }
    }

    /** Reads a state, or throws without side effect. */
    static Restored decode(byte[] state) {
        if (state.length <= CRC_LENGTH) {
            throw new CorruptConsumerStateException("consumer state of " + state.length + " bytes is too short");
        }
        int end = state.length - CRC_LENGTH;
        int expected = ByteBuffer.wrap(state).getInt(end);
        if (crc(state, end) != expected) {
            throw new CorruptConsumerStateException("checksum of consumer state does not match");
        }
        if (state[0] != VERSION && state[0] != WITHOUT_COUNTS) {
            throw new CorruptConsumerStateException("consumer state has unknown version " + state[0]);
        }
        In in = new In(state, end);
        Marks marks = new Marks();
        marks.deliveredConsumer = in.number();
        marks.deliveredStream = in.number();
        marks.deliveredAtNanos = in.number();
        marks.floorConsumer = in.number();
        marks.floorStream = in.number();
        marks.floorAtNanos = in.number();
        long next = in.number();
        PendingDeliveries pending = new PendingDeliveries();
        long sequence = 0;
        long consumerSeq = 0;
        for (int left = in.count(); left > 0; left--) {
            long distance = in.number();
            sequence += distance >>> 1;
            consumerSeq += in.number();
            pending.add(sequence, consumerSeq, (distance & 1) == 1 ? (int) in.number() : 1);
        }
        sequence = 0;
        for (int left = in.count(); left > 0; left--) {
            sequence += in.number();
            pending.exhausted(sequence, (int) in.number());
        }
        long[] chosen = new long[in.count()];
        sequence = 0;
        for (int i = 0; i < chosen.length; i++) {
            sequence += in.number();
            chosen[i] = sequence;
        }
        if (state[0] == VERSION) {
            marks.exhausted = in.number();
            marks.terminated = in.number();
        } else {
            marks.exhausted = pending.exhaustedSize(); // of an older release: those that are still there
        }
        return new Restored(marks, pending, next, chosen);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** Growing output. */
    private static final class Out {
        private byte[] bytes;
        private int length;

        Out(int estimate) {
            bytes = new byte[estimate];
        }

        void raw(byte value) {
            bytes[length++] = value;
        }

        void number(long value) {
            if (bytes.length - length < 10) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }

        byte[] finish() {
            byte[] state = Arrays.copyOf(bytes, length + CRC_LENGTH);
            ByteBuffer.wrap(state).putInt(length, crc(bytes, length));
            return state;
        }
    }

    /** Input that knows its end. */
    private static final class In {
        private final byte[] bytes;
        private final int end;
        private int at = 1;

        In(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at == end) {
                    throw new CorruptConsumerStateException("consumer state ends within a number");
                }
                byte b = bytes[at++];
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new CorruptConsumerStateException("consumer state holds a number that is too long");
        }

        /** A count of entries, each of which takes a byte at least. */
        int count() {
            long count = number();
            if (count < 0 || count > end - at) {
                throw new CorruptConsumerStateException("consumer state holds a count beyond its end");
            }
            return (int) count;
        }
    }
}

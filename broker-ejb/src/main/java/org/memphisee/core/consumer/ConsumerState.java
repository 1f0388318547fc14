package org.memphisee.core.consumer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The durable form of a consumer: version byte, body of varints, CRC32C of all before it (big endian).
 *
 * <p>Body of version 1: delivered (consumer, stream, time), floor (consumer, stream, time), next sequence; pending
 * (count; per entry distance of the sequence doubled plus 1 when delivered again, distance of the first delivery's
 * number, count of deliveries when again); without deliveries left (count; distance, deliveries, 0 for one that was
 * terminated); chosen by last_per_subject and not delivered (count; distance). Version 2 ends with how many messages ran
 * out of deliveries and how many were terminated, ever. Version 3 has two sets in place of those without deliveries left:
 * delivered more than once, and the others. A set is a count of blocks of 65 536 sequences, each with the distance of its
 * number, a count of runs and the runs (distance from the end of the one before, length less one); with 0 runs a bit for
 * each sequence follows, in longs, big endian. Distances are from the entry before, so that a pending entry mostly takes
 * two bytes. Times of deliveries are not kept: after a restart the ack wait begins anew.
 */
final class ConsumerState {

    private static final byte VERSION = 3;
    private static final byte WITHOUT_SETS = 2;
    private static final byte WITHOUT_COUNTS = 1;
    /** From here on the runs of a block take more than its bits. */
    private static final int MOST_RUNS = 2_048;
    private static final int CRC_LENGTH = 4;

    /** What a state holds. */
    record Restored(Marks marks, PendingDeliveries pending, long next, long[] chosen) {

        /**
         * The same, not ahead of the messages: else numbers that the cursor has seen would be given to messages it has not.
         *
         * @param most first sequence that no message has had yet
         */
        Restored within(long most) {
            return new Restored(marks, pending, Math.min(Math.max(next, 1), most), chosen);
        }
    }

    private ConsumerState() { }

    /**
     * The state of a consumer that has delivered nothing.
     *
     * @param startSequence where it begins
     * @param lasts the messages it begins with, before what comes behind them
     */
    static Restored beginning(long startSequence, Optional<PartitionView.Lasts> lasts) {
        long start = Math.max(1, startSequence);
        Marks marks = new Marks();
        marks.startAt(start);
        return new Restored(marks, new PendingDeliveries(), lasts.map(l -> l.upTo() + 1).orElse(start),
            lasts.map(PartitionView.Lasts::sequences).orElse(new long[0]));
    }

    static byte[] encode(Marks marks, PendingDeliveries pending, long next, long[] chosen) {
        Out out = new Out(96 + pending.size() * 4 + pending.exhaustedSize() / 4 + chosen.length * 2);
        out.raw(VERSION);
        out.number(marks.deliveredConsumer);
        out.number(marks.deliveredStream);
        out.number(marks.deliveredAtNanos);
        out.number(marks.floorConsumer);
        out.number(marks.floorStream);
        out.number(marks.floorAtNanos);
        out.number(next);
        pending(out, pending);
        set(out, pending.exhausted(true));
        set(out, pending.exhausted(false));
        out.number(chosen.length);
        long before = 0;
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

    private static void set(Out out, SequenceSet set) {
        out.number(set.blocks());
        long[] words = new long[set.blocks() == 0 ? 0 : SequenceSet.WORDS];
        long key = 0;
        for (int i = 0; i < set.blocks(); i++) {
            out.number(set.key(i) - key);
            key = set.key(i);
            set.words(i, words);
            int runs = runs(words);
            if (runs > MOST_RUNS) {
                out.number(0);
                out.words(words);
            } else {
                out.number(runs);
                int end = 0;
                for (int at = next(words, 0, true); at < SequenceSet.BLOCK; at = next(words, end, true)) {
                    out.number(at - end);
                    end = next(words, at, false);
                    out.number(end - at - 1);
                }
            }
        }
    }

    private static int runs(long[] words) {
        int runs = 0;
        long before = 0;
        for (long word : words) {
            runs += Long.bitCount(word & ~(word << 1 | before >>> 63));
            before = word;
        }
        return runs;
    }

    /** The first bit from one on that is set, or that is not; the number of bits when there is none. */
    private static int next(long[] words, int from, boolean set) {
        for (int i = from >> 6; i < words.length; i++) {
            long word = set ? words[i] : ~words[i];
            word &= i == from >> 6 ? -1L << from : -1L;
            if (word != 0) {
                return (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return SequenceSet.BLOCK;
    }

    private static void set(In in, PendingDeliveries pending, boolean again) {
        long key = 0;
        for (int blocks = in.count(); blocks > 0; blocks--) {
            key += in.number();
            if (key < 0 || key > Long.MAX_VALUE / SequenceSet.BLOCK - 1) {
                throw new CorruptConsumerStateException("consumer state holds a block beyond all sequences");
            }
            long first = key * SequenceSet.BLOCK;
            int runs = in.count();
            for (int i = 0; runs == 0 && i < SequenceSet.WORDS; i++) {
                for (long word = in.word(); word != 0; word &= word - 1) {
                    pending.exhausted(first + i * Long.SIZE + Long.numberOfTrailingZeros(word), again);
                }
            }
            long end = 0;
            for (; runs > 0; runs--) {
                long begin = end + in.number();
                end = begin + in.number() + 1;
                if (begin < 0 || end <= begin || end > SequenceSet.BLOCK) {
                    throw new CorruptConsumerStateException("consumer state holds a run beyond its block");
                }
                for (long value = begin; value < end; value++) {
                    pending.exhausted(first + value, again);
                }
            }
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
        if (state[0] < WITHOUT_COUNTS || state[0] > VERSION) {
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
        if (state[0] >= VERSION) {
            set(in, pending, true);
            set(in, pending, false);
        } else {
            sequence = 0;
            for (int left = in.count(); left > 0; left--) {
                sequence += in.number();
                pending.exhausted(sequence, in.number() > 1);
            }
        }
        long[] chosen = new long[in.count()];
        sequence = 0;
        for (int i = 0; i < chosen.length; i++) {
            sequence += in.number();
            chosen[i] = sequence;
        }
        if (state[0] >= WITHOUT_SETS) {
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

        void words(long[] words) {
            int need = length + words.length * Long.BYTES;
            if (need > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(need, bytes.length * 2));
            }
            ByteBuffer.wrap(bytes, length, need - length).asLongBuffer().put(words);
            length = need;
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

        long word() {
            if (end - at < Long.BYTES) {
                throw new CorruptConsumerStateException("consumer state ends within a set");
            }
            at += Long.BYTES;
            return ByteBuffer.wrap(bytes).getLong(at - Long.BYTES);
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

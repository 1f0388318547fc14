package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.consumer.ConsumerState.Restored;

class ConsumerStateTest {

    private final ConsumerFixture f = new ConsumerFixture();

    private static byte[] sample() {
        Marks marks = new Marks();
        marks.deliveredConsumer = 1000;
        marks.deliveredStream = 900;
        marks.deliveredAtNanos = 1_795_478_544_954_412_199L;
        marks.floorConsumer = 700;
        marks.floorStream = 650;
        marks.floorAtNanos = 1_795_478_544_000_000_000L;
        PendingDeliveries pending = new PendingDeliveries();
        pending.add(651, 701, 1);
        pending.add(652, 702, 3);
        pending.add(900, 1000, 1);
        pending.exhausted(12, true);
        pending.exhausted(640, true);
        pending.exhausted(641, false);
        marks.exhausted = 300;
        marks.terminated = 4;
        return ConsumerState.encode(marks, pending, 950, new long[] {905, 920});
    }

    private static byte[] golden(int version) {
        return GoldenFiles.hex("/org/memphisee/core/consumer/consumer-state-v" + version + ".hex");
    }

    @Test
    void shouldWriteVersion3AsItWasFixed() throws IOException {
        assertEquals(HexFormat.of().formatHex(golden(3)), HexFormat.of().formatHex(sample()));
    }

    private static List<Long> exhausted(Restored state) {
        List<Long> all = new ArrayList<>();
        PendingDeliveries pending = state.pending();
        for (long s = pending.nextExhausted(1); s != SequenceSet.NONE; s = pending.nextExhausted(s + 1)) {
            all.add(s);
        }
        assertEquals(all.size(), pending.exhaustedSize());
        return all;
    }

    @Test
    void shouldReadVersion1AndCountWhatIsStillThere() throws IOException {
        Restored state = ConsumerState.decode(golden(1));
        assertCommon(state);
        assertEquals(List.of(12L, 640L), exhausted(state));
        assertEquals(3, state.pending().redelivered());
        assertEquals(2, state.marks().exhausted);
        assertEquals(0, state.marks().terminated);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldReadLaterVersions(int version) throws IOException {
        Restored state = ConsumerState.decode(golden(version));
        assertCommon(state);
        assertEquals(List.of(12L, 640L, 641L), exhausted(state));
        assertEquals(3, state.pending().redelivered(), "one that was terminated was not delivered again");
        assertEquals(300, state.marks().exhausted);
        assertEquals(4, state.marks().terminated);
    }

    private static void assertCommon(Restored state) {
        assertEquals(1000, state.marks().deliveredConsumer);
        assertEquals(900, state.marks().deliveredStream);
        assertEquals(1_795_478_544_954_412_199L, state.marks().deliveredAtNanos);
        assertEquals(700, state.marks().floorConsumer);
        assertEquals(650, state.marks().floorStream);
        assertEquals(1_795_478_544_000_000_000L, state.marks().floorAtNanos);
        assertEquals(950, state.next());
        assertArrayEquals(new long[] {905, 920}, state.chosen());
        PendingDeliveries pending = state.pending();
        assertEquals(3, pending.size());
        assertEquals(3, pending.slots.deliveries[pending.find(652)]);
        assertEquals(1000, pending.slots.consumerSeq[pending.find(900)]);
        assertTrue(pending.exhausted(true).contains(12));
    }

    @Test
    void shouldRefuseAnyChangedByte() {
        byte[] state = sample();
        for (int i = 0; i < state.length; i++) {
            byte[] changed = state.clone();
            changed[i] ^= 0x10;
            assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(changed));
        }
        assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(new byte[3]));
    }

    @Test
    void shouldRefuseAnUnknownVersionAndACountBeyondTheEnd() {
        assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(sealed(4, 0)));
        byte[] endless = sealed(1, 0, 0, 0, 0, 0, 0, 0, 0x7F);
        assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(endless));
    }

    private static byte[] sealed(int... body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.length + 4);
        for (int b : body) {
            bytes.put((byte) b);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, body.length);
        return bytes.putInt((int) crc.getValue()).array();
    }

    @Test
    void shouldStayCompactWithManyPendingDeliveries() {
        PendingDeliveries pending = new PendingDeliveries();
        for (int i = 1; i <= 100_000; i++) {
            pending.add(10_000_000L + i * 50L, 20_000_000L + i, 1 + i % 3);
        }
        int bytes = ConsumerState.encode(new Marks(), pending, 1, new long[0]).length;
        assertTrue(bytes <= 400_000, "bytes for 100 000 entries: " + bytes);
    }

    @Test
    void shouldRefuseARunBeyondItsBlock() {
        // one block, number 0, one run that begins at 65 535 and has two sequences
        byte[] state = sealed(3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0xFF, 0xFF, 0x03, 1, 0, 0, 0, 0);
        assertEquals("consumer state holds a run beyond its block",
            assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(state)).getMessage());
    }

    /** All of them, every second one, one of a thousand: whatever people give up, it neither fills the heap nor the disk. */
    @ParameterizedTest
    @CsvSource({"1, 200000, 2000", "2, 400000, 300000", "1000, 5000000, 4000000"})
    void shouldStayCompactWithMillionsWithoutDeliveriesLeft(int step, long heap, int stored) {
        PendingDeliveries pending = new PendingDeliveries();
        long last = 1_000_000L * step;
        for (long sequence = step; sequence <= last; sequence += step) {
            pending.exhausted(sequence, true);
        }
        assertEquals(1_000_000, pending.redelivered());
        assertTrue(pending.exhausted(true).heapBytes() <= heap, () -> "heap: " + pending.exhausted(true).heapBytes());
        byte[] state = ConsumerState.encode(new Marks(), pending, 1, new long[0]);
        assertTrue(state.length <= stored, () -> "stored: " + state.length);
        PendingDeliveries restored = ConsumerState.decode(state).pending();
        assertEquals(1_000_000, restored.exhaustedSize());
        for (long sequence = step; sequence <= last; sequence += step) {
            assertTrue(restored.exhausted(true).contains(sequence) && restored.forgetExhausted(sequence));
        }
        assertEquals(0, restored.redelivered());
        assertEquals(SequenceSet.NONE, restored.nextExhausted(1));
    }

    @Test
    void shouldRedeliverOneAckWaitAfterARestart() {
        f.store(3).start(pullConfig().ackWait(10 * SECOND));
        f.pull("in", 3);
        f.ack(f.messages("in").get(1));
        f.pass(9 * SECOND);
        f.restart();
        f.pull("again", 5);
        f.pass(10 * SECOND - 1);
        assertEquals(List.of(), f.order("again"));
        f.pass(1);
        assertEquals(List.of(1L, 3L), f.sequences("again"));
        assertEquals(2, f.messages("again").get(0).delivered());
        assertEquals(4, f.messages("again").get(0).consumerSeq());
    }

    @Test
    void shouldKeepFloorAndMarksOverARestart() {
        f.store(4).start(pullConfig());
        f.pull("in", 3);
        f.messages("in").forEach(f::ack);
        f.restart();
        ConsumerInfo info = f.consumer.info();
        assertEquals(0, info.numAckPending());
        assertEquals(3, info.ackFloorStreamSeq());
        assertEquals(3, info.deliveredConsumerSeq());
        assertEquals(1, info.numPending());
        f.pull("in", 5);
        assertEquals(List.of(1L, 2L, 3L, 4L), f.sequences("in"));
    }

    @Test
    void shouldForgetPendingMessagesThatVanishedMeanwhile() {
        f.store(3).start(pullConfig());
        f.pull("in", 2);
        byte[] state = f.consumer.encodeState();
        f.partition.remove(1);
        f.consumer = Consumer.restore(f.config, 0, 1, state, f.partition, f.env);
        assertEquals(1, f.consumer.info().numAckPending());
        assertEquals(1, f.consumer.info().ackFloorStreamSeq());
    }

    @Test
    void shouldNotBeAheadOfTheMessagesAfterARestore() {
        f.store(3).start(pullConfig());
        f.pull("in", 3);
        byte[] state = f.consumer.encodeState();
        SimulatedPartition shorter = new SimulatedPartition();
        shorter.store("a", "", 1);
        f.consumer = Consumer.restore(f.config, 0, 1, state, shorter, f.env);
        f.pull("again", 3);
        shorter.store("a", "", 1);
        f.consumer.committed();
        assertEquals(List.of(2L), f.sequences("again"));
    }
}

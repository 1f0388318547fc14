package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
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
        pending.exhausted(12, 5);
        pending.exhausted(640, 2);
        pending.exhausted(641, 0);
        marks.exhausted = 300;
        marks.terminated = 4;
        return ConsumerState.encode(marks, pending, 950, new long[] {905, 920});
    }

    private static byte[] golden(int version) throws IOException {
        try (InputStream in = ConsumerStateTest.class.getResourceAsStream("consumer-state-v" + version + ".hex")) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }

    @Test
    void shouldWriteVersion2AsItWasFixed() throws IOException {
        assertEquals(HexFormat.of().formatHex(golden(2)), HexFormat.of().formatHex(sample()));
    }

    @Test
    void shouldReadVersion1AndCountWhatIsStillThere() throws IOException {
        Restored state = ConsumerState.decode(golden(1));
        assertCommon(state);
        assertArrayEquals(new long[] {12, 640}, state.pending().exhaustedSequences());
        assertEquals(3, state.pending().redelivered());
        assertEquals(2, state.marks().exhausted);
        assertEquals(0, state.marks().terminated);
    }

    @Test
    void shouldReadVersion2() throws IOException {
        Restored state = ConsumerState.decode(golden(2));
        assertCommon(state);
        assertArrayEquals(new long[] {12, 640, 641}, state.pending().exhaustedSequences());
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
        assertEquals(5, pending.exhaustedDeliveries(12));
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
        assertThrows(CorruptConsumerStateException.class, () -> ConsumerState.decode(sealed(3, 0)));
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

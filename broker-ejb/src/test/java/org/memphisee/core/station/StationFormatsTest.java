package org.memphisee.core.station;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.port.PublishRequest;

/** What version 1 wrote must be read for ever (D18): the golden files are never regenerated. */
class StationFormatsTest {

    private static byte[] golden(String name) {
        try (InputStream in = StationFormatsTest.class.getResourceAsStream("/golden/station/" + name)) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] batch() {
        BatchBuilder b = new BatchBuilder(7, 0);
        SubjectEntry subject = new SubjectEntry("s.a".getBytes(StandardCharsets.UTF_8));
        b.add(7, 1_000_000_001L, request("s.a", "NATS/1.0\r\nk: v\r\n\r\n", "one"), subject, 0);
        b.add(9, 1_000_000_002L, request("s.a", "", ""), subject, 0);
        BatchBuilder.Sealed sealed = b.seal();
        return java.util.Arrays.copyOf(sealed.record(), sealed.length());
    }

    private static PublishRequest request(String subject, String header, String payload) {
        byte[] all = (subject + header + payload).getBytes(StandardCharsets.UTF_8);
        return new PublishRequest(all, 0, subject.length(), 0, 0, subject.length(), header.length(), payload.length());
    }

    @Test
    void shouldWriteBatchesAsVersionOne() {
        assertArrayEquals(golden("batch-1.hex"), batch(), () -> HexFormat.of().formatHex(batch()));
    }

    @Test
    void shouldReadBatchesOfVersionOne() {
        byte[] record = golden("batch-1.hex");
        MessageView v = new MessageView();
        assertEquals(2, MessageBatch.count(record));
        assertEquals(1, MessageBatch.indexOf(record, 8));
        MessageBatch.view(record, 0, v);
        assertEquals("s.a", new String(record, v.subjectOffset, v.subjectLength, StandardCharsets.UTF_8));
        assertEquals("one", new String(record, v.bodyOffset + v.headerLength, v.payloadLength, StandardCharsets.UTF_8));
        assertEquals(1_000_000_001L, v.timestampNanos);
        MessageBatch.view(record, 1, v);
        assertEquals(9, v.sequence);
        assertEquals(0, v.payloadLength);
    }

    @Test
    void shouldKeepTheFormatOfTombstones() {
        Removed removed = new Removed();
        removed.add(0, 40);
        removed.add(70, 2);
        assertArrayEquals(golden("tombstones-1.hex"), removed.encode(), () -> HexFormat.of().formatHex(removed.encode()));
        Removed read = Removed.decode(golden("tombstones-1.hex"));
        assertEquals(42, read.bytes);
        assertEquals(2, read.count);
        assertEquals(71, read.nextKept(70));
    }

    @Test
    void shouldKeepTheFormatOfPartitionState() {
        assertArrayEquals(golden("state-1.hex"), PartitionState.encode(5, 9, 77),
            () -> HexFormat.of().formatHex(PartitionState.encode(5, 9, 77)));
        assertEquals(new PartitionState(5, 9, 77), PartitionState.decode(golden("state-1.hex")));
    }

    @Test
    void shouldRefuseVersionsItDoesNotKnow() {
        byte[] state = golden("state-1.hex");
        state[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> PartitionState.decode(state));
        byte[] tombstones = golden("tombstones-1.hex");
        tombstones[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> Removed.decode(tombstones));
    }
}

package org.memphisee.core.partition.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.consumer.MessageView;

/** What version 1 wrote must be read for ever (D18): the golden files are never regenerated. */
class PartitionFormatsTest {

    private static byte[] golden(String name) {
        return GoldenFiles.hex("/golden/station/" + name);
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

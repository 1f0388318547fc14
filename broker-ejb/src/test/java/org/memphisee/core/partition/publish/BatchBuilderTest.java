package org.memphisee.core.partition.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import org.memphisee.contract.GoldenFiles;
import org.memphisee.core.log.MessageId;
import org.memphisee.core.partition.index.SubjectEntry;
import org.memphisee.core.partition.log.StoredFormats;
import org.memphisee.port.PublishRequest;

/** The record that is being built, against the golden file that is never regenerated (D18). */
class BatchBuilderTest {

    private static PublishRequest request(String subject, String header, String payload) {
        byte[] all = (subject + header + payload).getBytes(StandardCharsets.UTF_8);
        return new PublishRequest(all, 0, subject.length(), 0, 0, subject.length(), header.length(), payload.length());
    }

    @Test
    void shouldWriteBatchesAsVersionOne() {
        byte[] golden = GoldenFiles.hex("/golden/station/batch-1.hex");
        BatchBuilder b = new BatchBuilder(7, 0);
        SubjectEntry subject = new SubjectEntry("s.a".getBytes(StandardCharsets.UTF_8));
        b.add(7, 1_000_000_001L, request("s.a", "NATS/1.0\r\nk: v\r\n\r\n", "one"), subject, 0, true);
        b.add(9, 1_000_000_002L, request("s.a", "", ""), subject, 0, true);
        BatchBuilder.Sealed sealed = b.seal();
        byte[] record = Arrays.copyOf(sealed.record(), sealed.length());
        assertArrayEquals(golden, record, () -> HexFormat.of().formatHex(record));
    }

    @Test
    void shouldTakeABatchThatHoldsIdsOnlyForSound() throws Exception {
        BatchBuilder building = new BatchBuilder(5, 512);
        building.skip(5, 1_000, new PublishRequest(new byte[10], 0, 3, 3, 0, 3, 0, 7), true);
        building.addId(new MessageId("id-5", 5, 1_000));
        BatchBuilder.Sealed sealed = building.seal();
        assertTrue(UnstoredIds.holds(sealed.summary()));
        StoredFormats.check(sealed.summary(), Arrays.copyOf(sealed.record(), sealed.length()));
    }
}

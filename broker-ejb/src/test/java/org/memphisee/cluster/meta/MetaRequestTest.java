package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.cluster.meta.MetaRequest.By;

/** What nodes ask of the leader, held to its bytes: other releases read them. */
class MetaRequestTest {

    private static final By BY = new By("n1", 2, 3);
    private static final String BY_BYTES = "0002" + "6e31" + "0000000000000002" + "0000000000000003";

    private static MetaRequest again(MetaRequest request, String hex) {
        assertEquals(hex, HexFormat.of().formatHex(request.bytes()));
        return MetaRequest.read(ByteBuffer.wrap(request.bytes()));
    }

    @Test
    void shouldWriteAndReadEachKind() {
        MetaRequest claim = new MetaRequest.Claim(BY, "x");
        assertEquals(claim, again(claim, "01" + BY_BYTES + "0001" + "78"));
        MetaRequest release = new MetaRequest.Release(BY, 4, 5);
        assertEquals(release, again(release, "02" + BY_BYTES + "0000000000000004" + "0000000000000005"));
        assertEquals(new MetaRequest.Quiet(), again(new MetaRequest.Quiet(), "04"));
        MetaRequest.Append append = (MetaRequest.Append) again(new MetaRequest.Append(4, List.of(BY), new byte[] {7}),
            "03" + "0000000000000004" + "0001" + BY_BYTES + "07");
        assertEquals(4, append.term());
        assertEquals(List.of(BY), append.under());
        assertArrayEquals(new byte[] {7}, append.event());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowAndWhatEndsTooEarly() {
        assertThrows(IllegalArgumentException.class, () -> MetaRequest.read(ByteBuffer.wrap(new byte[] {9})));
        assertThrows(BufferUnderflowException.class, () -> MetaRequest.read(ByteBuffer.wrap(new byte[0])));
        byte[] whole = new MetaRequest.Append(4, List.of(BY), new byte[0]).bytes();
        for (int length = 1; length < whole.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(whole, 0, length);
            assertThrows(BufferUnderflowException.class, () -> MetaRequest.read(part));
        }
    }
}

package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import org.memphisee.cluster.node.NodeFrameException;
import org.memphisee.core.cluster.watch.NodeFigures;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeUse;

/** What nodes say of themselves, as bytes that do not change. */
class NodeNewsFrameTest {

    private static final NodeFigures FIGURES = new NodeFigures(NodeState.REBUILDING, 4, 1, 2, 1, 17, 300, 1L << 30,
        new NodeUse("1.2.0", 1_700_000_000_000L, 12, new NodeUse.Traffic(1, 2, 3, 4), 123.45, 2, 5, 6, 7, 8));
    /** As version 1 of the frame has been from its beginning. */
    private static final String GOLDEN = "0144" + "03" + "00000004" + "00000001" + "00000002" + "00000001" + "0000012c"
        + "0000000000000011" + "0000000040000000" + "0000018bcfe56800" + "000000000000000c" + "0000000000000001" + "0000000000000002"
        + "0000000000000003" + "0000000000000004" + "00003039" + "00000002" + "0000000000000005" + "0000000000000006"
        + "0000000000000007" + "0000000000000008" + "05" + "312e322e30";

    @Test
    void shouldBeTheBytesThatOtherReleasesRead() throws Exception {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        assertArrayEquals(golden, NodeNewsFrame.encode(FIGURES));
        assertEquals(FIGURES, NodeNewsFrame.decode(golden));
    }

    @Test
    void shouldReadWhatALaterReleaseSaysMoreAndShowAStateItDoesNotKnowAsReady() throws Exception {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        byte[] longer = Arrays.copyOf(golden, golden.length + 9);
        assertEquals(FIGURES, NodeNewsFrame.decode(longer));
        longer[2] = 99;
        assertEquals(NodeState.READY, NodeNewsFrame.decode(longer).state());
    }

    @Test
    void shouldRefuseWhatEndsTooEarlyWhereverThatIs() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        for (int length = 2; length < golden.length; length++) {
            byte[] cut = Arrays.copyOf(golden, length);
            assertThrows(NodeFrameException.class, () -> NodeNewsFrame.decode(cut), "of " + length + " bytes");
        }
    }

    @Test
    void shouldHaveANumberForEachStateThatIsItsOwn() {
        assertEquals(NodeState.values().length, Arrays.stream(NodeState.values()).map(NodeState::number).distinct().count());
        assertTrue(Arrays.stream(NodeState.values()).allMatch(state -> NodeState.of(state.number()) == state));
    }

    @Test
    void shouldNotSayAVersionThatIsNone() throws Exception {
        NodeUse use = new NodeUse("v".repeat(65), 0, 0, new NodeUse.Traffic(0, 0, 0, 0), 0, 0, 0, 0, 0, 0);
        NodeFigures figures = new NodeFigures(NodeState.READY, 0, 0, 0, 0, 0, 0, 0, use);
        assertEquals("", NodeNewsFrame.decode(NodeNewsFrame.encode(figures)).use().version());
    }
}

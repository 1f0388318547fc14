package org.memphisee.cluster.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.core.cluster.election.ElectionMessage;
import org.memphisee.core.cluster.election.NodeBeats.GroupBeat;

class NodeFramesTest {

    private static final List<GroupMessage> MESSAGES = List.of(
        new GroupMessage.Elect(new ElectionMessage.PreVote(7, 6, 99)),
        new GroupMessage.Elect(new ElectionMessage.PreVoteAnswer(7, true)),
        new GroupMessage.Elect(new ElectionMessage.Vote(8, 6, 99, true)),
        new GroupMessage.Elect(new ElectionMessage.VoteAnswer(8, false)),
        new GroupMessage.Elect(new ElectionMessage.Resigned(8)),
        new GroupMessage.Elect(new ElectionMessage.TimeoutNow(8)),
        new GroupMessage.Answer(8, true, 100, 98),
        new GroupMessage.Behind(8));

    @Test
    void shouldReadWhatItWrites() throws Exception {
        for (GroupMessage message : MESSAGES) {
            assertEquals(List.of(new NodeFrames.Said(5, message)), NodeFrames.decode(NodeFrames.encode(5, message)));
        }
        List<NodeFrames.Said> beats = NodeFrames.decode(NodeFrames.beats(List.of(new GroupBeat(1,
            new ElectionMessage.Beat(3, 11)),
            new GroupBeat(2, new ElectionMessage.BeatAnswer(4, 12)))));
        assertEquals(List.of(new NodeFrames.Said(1, new GroupMessage.Elect(new ElectionMessage.Beat(3, 11))),
            new NodeFrames.Said(2, new GroupMessage.Elect(new ElectionMessage.BeatAnswer(4, 12)))), beats);
    }

    private static GroupMessage.Append append() {
        byte[] bytes = {9, 1, 2, 3, 9};
        return new GroupMessage.Append(8, 100, 7, 98, 95, List.of(new GroupMessage.Item(8, bytes, 1, 3),
            new GroupMessage.Item(8, bytes, 0, 0)));
    }

    @Test
    void shouldReadEntriesWhereTheyLie() throws Exception {
        GroupMessage.Append read = (GroupMessage.Append) NodeFrames.decode(NodeFrames.encode(5, append())).get(0).message();
        assertEquals(List.of(8L, 100L, 7L, 98L, 95L),
            List.of(read.term(), read.prevIndex(), read.prevTerm(), read.commit(), read.had()));
        GroupMessage.Item first = read.entries().get(0);
        assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOfRange(first.bytes(), first.offset(), first.offset()
            + first.length()));
        assertEquals(0, read.entries().get(1).length());
    }

    @Test
    void shouldWriteTheSameBytesForever() {
        assertEquals("0108" + "0000000000000005" + "0000000000000008" + "0000000000000064" + "0000000000000007"
            + "0000000000000062" + "000000000000005f"
            + "00000002" + "0000000000000008" + "00000003" + "010203" + "0000000000000008" + "00000000",
            HexFormat.of().formatHex(NodeFrames.encode(5, append())));
        assertEquals("0104" + "0000000000000005" + "0000000000000008" + "0000000000000006" + "0000000000000063" + "01",
            HexFormat.of().formatHex(NodeFrames.encode(5, MESSAGES.get(2))));
        assertEquals("0101" + "00000001" + "0000000000000001" + "00" + "0000000000000003" + "000000000000000b",
            HexFormat.of().formatHex(NodeFrames.beats(List.of(new GroupBeat(1, new ElectionMessage.Beat(3, 11))))));
    }

    @Test
    void shouldSayWhatItCannotRead() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = NodeFrames.encode(5, i % 3 == 0 ? append() : MESSAGES.get(i % MESSAGES.size()));
            for (int n = random.nextInt(3); n >= 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 3));
            try {
                NodeFrames.decode(frame);
            } catch (NodeFrameException e) {
                // as promised; nothing else
            }
        }
        assertThrows(NodeFrameException.class, () -> NodeFrames.decode(new byte[] {2, 1, 0, 0, 0, 0}));
        assertThrows(NodeFrameException.class, () -> NodeFrames.decode(new byte[] {1, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0}));
        assertThrows(NodeFrameException.class, () -> NodeFrames.decode(new byte[] {1, 1, 0x7f, 0, 0, 0}));
    }
}

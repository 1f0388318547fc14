package org.memphisee.cluster.node;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.core.cluster.election.ElectionMessage;
import org.memphisee.core.cluster.election.NodeBeats.GroupBeat;

/**
 * What nodes say to each other, version 1, inside of the links' frames. Big endian: version (1), kind (1), then by kind as below.
 * Groups and terms, indices and times have 8 bytes, counts and lengths 4, truths 1. Stateless.
 *
 * <p>Kinds up to 31 are of groups, others of {@link NodeService}s. A number never changes its meaning.
 */
public final class NodeFrames {

    /** The version that is written. */
    public static final int VERSION = 1;
    /** The first kind that is not of a group. */
    public static final int SERVICES = 32;
    /** Version and kind. */
    public static final int HEADER = 2;

    private static final int BEATS = 1;
    private static final int PRE_VOTE = 2;
    private static final int PRE_VOTE_ANSWER = 3;
    private static final int VOTE = 4;
    private static final int VOTE_ANSWER = 5;
    private static final int RESIGNED = 6;
    private static final int TIMEOUT_NOW = 7;
    private static final int APPEND = 8;
    private static final int ANSWER = 9;
    private static final int BEHIND = 10;

    private static final int FIXED = HEADER + 7 * Long.BYTES;
    private static final int BEAT = 1 + 3 * Long.BYTES;
    private static final int ITEM = Long.BYTES + Integer.BYTES;

    private NodeFrames() { }

    /**
     * What one group says.
     *
     * @param group its number
     * @param message what
     */
    record Said(long group, GroupMessage message) { }

    /** Begins a frame of a service. */
    public static ByteBuffer begin(int kind, int bytes) {
        return ByteBuffer.allocate(HEADER + bytes).put((byte) VERSION).put((byte) kind);
    }

    /** What is behind version and kind of a frame, which has both. */
    public static ByteBuffer body(byte[] frame) {
        return ByteBuffer.wrap(frame, HEADER, frame.length - HEADER);
    }

    /** Kind of a frame. */
    public static int kind(byte[] frame) throws NodeFrameException {
        if (frame.length < HEADER) {
            throw new NodeFrameException("a frame of " + frame.length + " bytes");
        }
        if (frame[0] != VERSION) {
            throw new NodeFrameException("a frame of version " + frame[0] + ", readable is " + VERSION);
        }
        return frame[1];
    }

    /** Beats of many groups. */
    static byte[] beats(List<GroupBeat> beats) {
        ByteBuffer out = begin(BEATS, Integer.BYTES + BEAT * beats.size()).putInt(beats.size());
        for (GroupBeat beat : beats) {
            out.putLong(beat.group());
            if (beat.message() instanceof ElectionMessage.Beat m) {
                out.put((byte) 0).putLong(m.term()).putLong(m.sentNanos());
            } else if (beat.message() instanceof ElectionMessage.BeatAnswer m) {
                out.put((byte) 1).putLong(m.term()).putLong(m.sentNanos());
            }
        }
        return out.array();
    }

    /** What is not a beat. */
    static byte[] encode(long group, GroupMessage message) {
        ByteBuffer out;
        if (message instanceof GroupMessage.Append m) {
            long bytes = FIXED + Integer.BYTES;
            for (GroupMessage.Item item : m.entries()) {
                bytes += ITEM + item.length();
            }
            out = start(APPEND, group, m.term(), Math.toIntExact(bytes)).putLong(m.prevIndex()).putLong(m.prevTerm())
                .putLong(m.commit()).putLong(m.had()).putInt(m.entries().size());
            for (GroupMessage.Item item : m.entries()) {
                out.putLong(item.term()).putInt(item.length()).put(item.bytes(), item.offset(), item.length());
            }
        } else if (message instanceof GroupMessage.Answer m) {
            out = start(ANSWER, group, m.term(), FIXED).put(truth(m.matched())).putLong(m.index()).putLong(m.commit());
        } else if (message instanceof GroupMessage.Behind m) {
            out = start(BEHIND, group, m.term(), FIXED);
        } else {
            out = elect(group, ((GroupMessage.Elect) message).message());
        }
        byte[] frame = new byte[out.position()];
        out.flip().get(frame);
        return frame;
    }

    private static ByteBuffer elect(long group, ElectionMessage message) {
        long term = message.term();
        if (message instanceof ElectionMessage.PreVote m) {
            return start(PRE_VOTE, group, term, FIXED).putLong(m.lastTerm()).putLong(m.lastIndex());
        } else if (message instanceof ElectionMessage.PreVoteAnswer m) {
            return start(PRE_VOTE_ANSWER, group, term, FIXED).put(truth(m.granted()));
        } else if (message instanceof ElectionMessage.Vote m) {
            return start(VOTE, group, term, FIXED).putLong(m.lastTerm()).putLong(m.lastIndex()).put(truth(m.transfer()));
        } else if (message instanceof ElectionMessage.VoteAnswer m) {
            return start(VOTE_ANSWER, group, term, FIXED).put(truth(m.granted()));
        } else if (message instanceof ElectionMessage.Resigned) {
            return start(RESIGNED, group, term, FIXED);
        } else if (message instanceof ElectionMessage.TimeoutNow) {
            return start(TIMEOUT_NOW, group, term, FIXED);
        }
        throw new IllegalArgumentException("beats are gathered: " + message);
    }

    private static ByteBuffer start(int kind, long group, long term, int bytes) {
        return begin(kind, bytes).putLong(group).putLong(term);
    }

    private static byte truth(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    /**
     * Reads a frame of groups. Entries stay in the frame's array.
     *
     * @throws NodeFrameException when it is not what this release writes
     */
    static List<Said> decode(byte[] frame) throws NodeFrameException {
        int kind = kind(frame);
        ByteBuffer in = body(frame);
        try {
            List<Said> said = kind == BEATS ? beats(in) : List.of(one(kind, in));
            if (in.hasRemaining()) {
                throw new NodeFrameException("a frame of kind " + kind + " has " + in.remaining() + " bytes too many");
            }
            return said;
        } catch (BufferUnderflowException e) {
            throw new NodeFrameException("a frame of kind " + kind + " is too short");
        }
    }

    private static List<Said> beats(ByteBuffer in) throws NodeFrameException {
        int count = count(in, BEAT);
        List<Said> said = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long group = in.getLong();
            boolean answer = truth(in);
            long term = in.getLong();
            long nanos = in.getLong();
            said.add(new Said(group, new GroupMessage.Elect(
                answer ? new ElectionMessage.BeatAnswer(term, nanos) : new ElectionMessage.Beat(term, nanos))));
        }
        return said;
    }

    private static Said one(int kind, ByteBuffer in) throws NodeFrameException {
        long group = in.getLong();
        long term = in.getLong();
        GroupMessage message = switch (kind) {
            case PRE_VOTE -> elect(new ElectionMessage.PreVote(term, in.getLong(), in.getLong()));
            case PRE_VOTE_ANSWER -> elect(new ElectionMessage.PreVoteAnswer(term, truth(in)));
            case VOTE -> elect(new ElectionMessage.Vote(term, in.getLong(), in.getLong(), truth(in)));
            case VOTE_ANSWER -> elect(new ElectionMessage.VoteAnswer(term, truth(in)));
            case RESIGNED -> elect(new ElectionMessage.Resigned(term));
            case TIMEOUT_NOW -> elect(new ElectionMessage.TimeoutNow(term));
            case APPEND -> new GroupMessage.Append(term, in.getLong(), in.getLong(), in.getLong(), in.getLong(), items(in));
            case ANSWER -> new GroupMessage.Answer(term, truth(in), in.getLong(), in.getLong());
            case BEHIND -> new GroupMessage.Behind(term);
            default -> throw new NodeFrameException("a frame of kind " + kind + ", which this release does not know");
        };
        return new Said(group, message);
    }

    private static GroupMessage elect(ElectionMessage message) {
        return new GroupMessage.Elect(message);
    }

    private static List<GroupMessage.Item> items(ByteBuffer in) throws NodeFrameException {
        int count = count(in, ITEM);
        List<GroupMessage.Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long term = in.getLong();
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new NodeFrameException("an entry of " + length + " bytes where " + in.remaining() + " are left");
            }
            items.add(new GroupMessage.Item(term, in.array(), in.position(), length));
            in.position(in.position() + length);
        }
        return items;
    }

    private static int count(ByteBuffer in, int least) throws NodeFrameException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / least) {
            throw new NodeFrameException(count + " things where " + in.remaining() + " bytes are left");
        }
        return count;
    }

    private static boolean truth(ByteBuffer in) throws NodeFrameException {
        byte value = in.get();
        if (value != 0 && value != 1) {
            throw new NodeFrameException("neither true nor false: " + value);
        }
        return value == 1;
    }
}

package org.memphisee.core.cluster.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a {@link RecordKind#BASE} says besides index and term of the entry before the log: how it is meant (1), the group's term
 * (8), the last index (8), and its vote. So it says everything that is to be known of a group without entries.
 *
 * @param meaning how it is meant
 * @param currentTerm the group's term
 * @param last index of the last entry when it was written
 * @param vote who got this node's vote in that term, empty for nobody
 */
record BaseBody(Meaning meaning, long currentTerm, long last, String vote) {

    /** A name is not longer, in bytes. */
    static final int MAX_VOTE = 255;
    private static final int FIXED = 1 + 2 * Long.BYTES;
    /** The largest body that is not an entry. */
    static final int MAX_BYTES = FIXED + MAX_VOTE;

    /** Numbers are part of the format. */
    enum Meaning {
        /** The log is empty and begins here: the group is new on this node, or was rebuilt. */
        BEGIN,
        /** Entries up to here are no longer kept; those after it are. */
        PREFIX,
        /** Something durable was lost: nothing of the log counts until it is begun. */
        REBUILD
    }

    byte[] encode() {
        byte[] name = vote(vote);
        return ByteBuffer.allocate(FIXED + name.length).put((byte) (meaning.ordinal() + 1)).putLong(currentTerm)
            .putLong(last).put(name).array();
    }

    /** Null for what no release wrote. */
    static BaseBody decode(byte[] body) {
        if (body.length < FIXED || body[0] < 1 || body[0] > Meaning.values().length) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        return new BaseBody(Meaning.values()[body[0] - 1], in.getLong(1), in.getLong(1 + Long.BYTES),
            new String(body, FIXED, body.length - FIXED, StandardCharsets.UTF_8));
    }

    /** A vote as it is stored. */
    static byte[] vote(String vote) {
        byte[] name = vote.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_VOTE) {
            throw new IllegalArgumentException("a member's name of " + name.length + " bytes: at most " + MAX_VOTE);
        }
        return name;
    }
}

package org.memphisee.cluster.meta;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Consumer;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.cluster.link.Traffic;

/** Asks for the definitions of a cluster again and again, until the one who leads them gave all of them. The node's loop. */
final class MetaTaking {

    private static final long AGAIN_NANOS = 500_000_000;
    /** Without another piece for so long, it asks anew. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST_BYTES = 256 << 20;

    /**
     * What was given.
     *
     * @param term of the leader
     * @param upTo index of the last entry that is in it
     * @param upToTerm its term
     * @param beginning the definitions behind it
     */
    record Taken(long term, long upTo, long upToTerm, Formation.Beginning beginning) {

        /** Whether a log has it already, or is of a leader that came later. */
        boolean old(JournalGroup log) {
            return log.standing() == Standing.COMPLETE && (term < log.term() || upTo < log.baseIndex());
        }

        /**
         * Has a log begin behind it, when it does not go on there already. The store has what is before.
         *
         * @return ticket
         */
        long begin(JournalGroup log) throws JournalException {
            boolean within = log.standing() == Standing.COMPLETE && upTo <= log.lastIndex();
            if (within && log.termAt(upTo) == upToTerm) {
                return log.lastTicket();
            }
            if (within && upTo < log.lastIndex()) {
                log.cut(upTo + 1); // what follows an entry that others decided otherwise was never decided
            }
            long now = Math.max(log.term(), term);
            return log.begin(upTo, upToTerm, now, now == log.term() ? log.vote() : "");
        }
    }

    private final NodeGroups node;
    private final String life;
    private final Consumer<Taken> taken;
    private String from = "";
    private ByteBuffer about;
    private ByteArrayOutputStream pieces;
    private int bytes;
    private long next = Long.MIN_VALUE;
    private long heardNanos;

    /**
     * Of a node that must rebuild.
     *
     * @param life a name that nobody else has, nor this node at another start
     */
    MetaTaking(NodeGroups node, String life, Consumer<Taken> taken) {
        this.node = node;
        this.life = life;
        this.taken = taken;
    }

    /**
     * Asks when it is time.
     *
     * @param members of the cluster that are there
     * @param lost whether this node may have answered for what it has no more
     * @return when it wants to be asked again
     */
    long turn(Collection<String> members, boolean lost, long now) {
        if (!from.isEmpty() && now - heardNanos >= PATIENCE_NANOS) {
            from = "";
        }
        if (from.isEmpty() && next <= now) {
            next = now + AGAIN_NANOS;
            members.forEach(member -> node.send(member, Traffic.CONTROL, MetaOffers.ask(life, lost)));
        }
        return from.isEmpty() ? next : heardNanos + PATIENCE_NANOS;
    }

    void unlinked(String peer) {
        if (peer.equals(from)) {
            from = "";
        }
    }

    /** A frame of an offer. */
    void received(String peer, ByteBuffer in, long now) {
        try {
            byte what = in.get();
            if (what == MetaOffers.BEGINS) {
                ByteBuffer head = ByteBuffer.allocate(4 * Long.BYTES);
                head.putLong(in.getLong()).putLong(in.getLong()).putLong(in.getLong()).putLong(in.getLong()).flip();
                int length = in.getInt();
                if (length > 0 && length <= MOST_BYTES) {
                    from = peer;
                    about = head;
                    bytes = length;
                    pieces = new ByteArrayOutputStream(Math.min(length, MetaOffers.PIECE_BYTES));
                    heardNanos = now;
                }
            } else if (what == MetaOffers.PIECE && peer.equals(from) && in.getInt() == pieces.size()
                && in.remaining() <= bytes - pieces.size()) {
                heardNanos = now;
                pieces.write(in.array(), in.position(), in.remaining());
                if (pieces.size() == bytes) {
                    from = "";
                    next = now + PATIENCE_NANOS;
                    taken.accept(new Taken(about.getLong(), about.getLong(), about.getLong(),
                        new Formation.Beginning(about.getLong(), pieces.toByteArray())));
                }
            }
        } catch (BufferUnderflowException e) {
            from = "";
        }
    }

    /** What was given was of no use: it asks again after a while. */
    void again(long now) {
        next = now + AGAIN_NANOS;
    }
}

package org.memphisee.cluster.meta;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalHold;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.format.SystemEventCodec;

/**
 * Gives the definitions to members that must rebuild, while this node leads them: everything that is decided here, and the place
 * in the log behind which the member goes on. The node's loop.
 *
 * <p>A member that lost its journal may have voted for this node, or answered it, with what it has no more. It is given nothing
 * in a leadership that may rest on that: the leader gives up leading, and the next one was elected without it (K11). One that is
 * only behind gets it also from a leader that has not decided anything yet: it may need this member for that.
 */
final class MetaOffers implements NodeService {

    static final int ASK = 41;
    /** Offers to a member that is only behind. */
    static final int OFFER = 42;
    /** Offers to one that lost its journal. */
    static final int OFFER_LOST = 43;
    static final byte BEGINS = 0;
    static final byte PIECE = 1;
    /** Of the snapshot, in one frame. */
    static final int PIECE_BYTES = 256 << 10;
    /** So long the journal keeps for a member what comes behind what it was given. */
    private static final long HELD_NANOS = 600_000_000_000L;

    private final NodeGroups node;
    private final MetaLog log;
    private final Executor controlLoop;
    private final Map<String, Asked> asked = new HashMap<>();
    private final Map<String, Going> going = new HashMap<>();
    private Supplier<CompletableFuture<DefinitionsSnapshot>> snapshots;
    private MetaGroup group;
    private JournalGroup journal;

    /** A member as it is since it must rebuild: in which term this node was when it first heard of that. */
    private record Asked(String life, long term) { }

    /** What is on its way to a member. */
    private static final class Going {
        private final String life;
        private final int kind;
        private final JournalHold hold;
        private final long until;
        private byte[] snapshot;
        private byte[] first;
        private int sent;

        private Going(String life, int kind, JournalHold hold, long until) {
            this.life = life;
            this.kind = kind;
            this.hold = hold;
            this.until = until;
        }
    }

    MetaOffers(NodeGroups node, MetaLog log, Executor controlLoop) {
        this.node = node;
        this.log = log;
        this.controlLoop = controlLoop;
    }

    void of(MetaGroup metaGroup, JournalGroup metaJournal, Supplier<CompletableFuture<DefinitionsSnapshot>> definitions) {
        group = metaGroup;
        journal = metaJournal;
        snapshots = definitions;
    }

    /** What a member says that must rebuild. */
    static byte[] ask(String life, boolean lost) {
        byte[] name = life.getBytes(StandardCharsets.UTF_8);
        return NodeFrames.begin(ASK, 1 + name.length).put((byte) (lost ? 1 : 0)).put(name).array();
    }

    @Override
    public Set<Integer> kinds() {
        return Set.of(ASK);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        ByteBuffer in = NodeFrames.body(frame.bytes());
        frame.done();
        try {
            boolean lost = in.get() != 0;
            asked(peer, StandardCharsets.UTF_8.decode(in).toString(), lost, now);
        } catch (BufferUnderflowException e) {
            // of another release: it asks in vain, and says what it waits for
        }
    }

    private void asked(String peer, String life, boolean lost, long now) {
        if (group == null) {
            return;
        }
        Asked before = asked.get(peer);
        if (before == null || !before.life().equals(life)) {
            before = new Asked(life, group.term());
            asked.put(peer, before);
        }
        long leads = lost ? group.leads() : group.elected();
        Going already = going.get(peer);
        if (leads == 0 || lost && !group.leased(now) || already != null && already.life.equals(life) && already.sent >= 0
            && already.until > now) {
            return;
        }
        if (lost && leads <= before.term()) {
            group.resign(now);
        } else {
            offer(peer, life, lost ? OFFER_LOST : OFFER, leads, now);
        }
    }

    private void offer(String peer, String life, int kind, long term, long now) {
        end(peer);
        long upTo = group.applied();
        long upToTerm = journal.termAt(upTo);
        long events = group.events();
        Going mine = new Going(life, kind, journal.hold(upTo + 1), now + HELD_NANOS);
        going.put(peer, mine);
        Runnable never = () -> node.resume(() -> drop(peer, mine));
        controlLoop.execute(() -> log.whenFolded(events, () -> snapshots.get().whenComplete((copy, failure) -> {
            if (failure != null) {
                never.run();
                return;
            }
            byte[] snapshot = SystemEventCodec.encodeSnapshot(copy);
            byte[] first = NodeFrames.begin(kind, 1 + 4 * Long.BYTES + Integer.BYTES).put(BEGINS).putLong(term).putLong(upTo)
                .putLong(upToTerm).putLong(copy.index()).putInt(snapshot.length).array();
            node.resume(() -> {
                mine.snapshot = snapshot;
                mine.first = first;
                node.wake();
            });
        }), why -> never.run()));
    }

    private void drop(String peer, Going which) {
        which.hold.close();
        going.remove(peer, which);
    }

    private void end(String peer) {
        Going old = going.get(peer);
        if (old != null) {
            drop(peer, old);
        }
    }

    @Override
    public long turn(long now) {
        long next = Long.MAX_VALUE;
        for (String peer : going.keySet().toArray(String[]::new)) {
            Going each = going.get(peer);
            if (each.until <= now) {
                drop(peer, each);
            } else {
                next = Math.min(next, each.until);
                send(peer, each);
            }
        }
        return next;
    }

    private void send(String peer, Going to) {
        if (to.first != null && node.send(peer, Traffic.BULK, to.first) == Sent.TAKEN) {
            to.first = null;
        }
        while (to.snapshot != null && to.first == null && to.sent < to.snapshot.length) {
            int bytes = Math.min(PIECE_BYTES, to.snapshot.length - to.sent);
            byte[] piece = NodeFrames.begin(to.kind, 1 + Integer.BYTES + bytes).put(PIECE).putInt(to.sent)
                .put(to.snapshot, to.sent, bytes).array();
            if (node.send(peer, Traffic.BULK, piece) != Sent.TAKEN) {
                return;
            }
            to.sent += bytes;
        }
        if (to.snapshot != null && to.first == null && to.sent == to.snapshot.length) {
            to.snapshot = null;
            to.sent = -1; // it may ask again; until then the journal keeps what comes behind
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) { }

    @Override
    public void unlinked(String peer) {
        Going cut = going.get(peer);
        if (cut != null && cut.sent >= 0) {
            drop(peer, cut);
        }
    }

    @Override
    public void stopped() { }
}

package org.memphisee.cluster.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;

/**
 * How far a leader's peers are. Who is in step gets what the library sends to all, as it is proposed. Who lacks something gets it
 * in pieces, the next one when it has answered the last (T11, T12), and nothing else until it is in step again.
 */
final class Peers {

    /** Of one message. */
    static final int PIECE_ENTRIES = 64;
    /** Of one message, but for one entry that is larger. */
    static final int PIECE_BYTES = 1 << 20;
    /** Sent to a peer and not answered; beyond it the peer is out of step. */
    static final long WINDOW_BYTES = 16L << 20;
    /** So many messages at most. */
    static final int WINDOW_MESSAGES = 1_024;

    /** A peer of which nothing was heard for so long does not keep entries from going. */
    static final long MISSED_NANOS = 30L * 60 * 1_000_000_000;

    private final JournalLog journal;
    private final GroupLinks links;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private GuardedRaft raft;

    private static final class Peer {
        private boolean inStep = true;
        /** Whether it has answered in this leadership: only then it is known what it has. */
        private boolean heard;
        /** Whether it has answered since the last look. */
        private boolean moved;
        /** When it was last known to have answered; at first when the leadership began, or its first look. */
        private long seenNanos = Long.MIN_VALUE;
        private boolean missed;
        private long match;
        private long next;
        private long commit;
        private long flight;
        private final ArrayDeque<Sent> sent = new ArrayDeque<>();

        private boolean room(long bytes) {
            return sent.isEmpty() || sent.size() < WINDOW_MESSAGES && flight + bytes <= WINDOW_BYTES;
        }

        private void sent(int entries, long bytes) {
            next += entries;
            flight += bytes;
            sent.add(new Sent(next - 1, bytes));
        }

        private void has(long index) {
            match = Math.max(match, index);
            while (!sent.isEmpty() && sent.peek().last() <= match) {
                flight -= sent.poll().bytes();
            }
        }

        /** What is on its way is not counted on. */
        private void from(long index) {
            next = index;
            flight = 0;
            sent.clear();
        }
    }

    /** To one that is in step: up to which entry, and how much. */
    private record Sent(long last, long bytes) { }

    Peers(List<String> names, JournalLog journal, GroupLinks links) {
        this.journal = journal;
        this.links = links;
        names.forEach(name -> peers.put(name, new Peer()));
    }

    void of(GuardedRaft leader) {
        raft = leader;
    }

    /** A leadership begins. */
    void begin() {
        peers.replaceAll((name, old) -> {
            Peer peer = new Peer();
            peer.next = raft.lastAppended() + 1;
            return peer;
        });
    }

    /** The library sends to all. */
    void all(GroupMessage.Append append) {
        long bytes = append.entries().stream().mapToLong(GroupMessage.Item::length).sum();
        GroupMessage.Append told = append.had(had());
        peers.forEach((name, peer) -> {
            peer.inStep &= peer.next == append.prevIndex() + 1 && peer.room(bytes);
            if (peer.inStep) {
                peer.sent(append.entries().size(), bytes);
                links.send(name, told);
            }
        });
    }

    /** How many entries a peer lacks, as far as it said in this leadership; all of them when it said nothing. */
    long lag(String name) {
        Peer peer = peers.get(name);
        return peer == null || !peer.heard ? raft.lastAppended() : Math.max(0, raft.lastAppended() - peer.match);
    }

    /** A peer answered this leadership. */
    void answered(String from, GroupMessage.Answer answer) {
        Peer peer = peers.get(from);
        peer.heard = true;
        peer.moved = true;
        peer.commit = Math.max(peer.commit, answer.commit());
        if (!answer.matched()) {
            peer.inStep = false;
            peer.match = Math.min(peer.match, answer.index());
            peer.from(Math.min(answer.index(), raft.lastAppended()) + 1);
            piece(from, peer);
            return;
        }
        peer.has(answer.index());
        if (peer.match + 1 >= peer.next) {
            peer.from(peer.match + 1);
            peer.inStep |= peer.match >= raft.lastAppended();
            if (!peer.inStep) {
                piece(from, peer);
            }
        }
    }

    private void piece(String name, Peer peer) {
        long prev = peer.next - 1;
        if (prev < journal.base()) {
            links.send(name, new GroupMessage.Behind(raft.currentTerm()));
            return;
        }
        try {
            List<GroupMessage.Item> items = new ArrayList<>();
            for (JournalEntry entry : journal.entries(peer.next, PIECE_BYTES)) {
                if (items.size() < PIECE_ENTRIES) {
                    items.add(new GroupMessage.Item(entry.term(), entry.bytes(), entry.offset(), entry.length()));
                }
            }
            links.send(name, append(prev, items));
            peer.sent(items.size(), items.stream().mapToLong(GroupMessage.Item::length).sum());
            peer.inStep = peer.next > raft.lastAppended(); // what is proposed from now on follows
        } catch (JournalException e) {
            // gone meanwhile: the next look says so
            if (e.reason() == JournalException.Reason.DAMAGED && peer.next <= raft.commitIndex()) {
                links.send(name, new GroupMessage.Behind(raft.currentTerm())); // the store has it, and is not damaged by that
            }
        }
    }

    private GroupMessage.Append append(long prev, List<GroupMessage.Item> items) {
        return new GroupMessage.Append(raft.currentTerm(), prev, journal.termAt(prev), raft.commitIndex(), had(), items);
    }

    /** Asks those for what they have who did not answer since the last look, and tells how far everything is committed. */
    void look(long now) {
        peers.forEach((name, peer) -> {
            if (peer.moved || peer.seenNanos == Long.MIN_VALUE) {
                peer.seenNanos = now;
            }
            peer.missed = now - peer.seenNanos >= MISSED_NANOS;
            boolean lacks = !peer.heard || peer.match < raft.lastAppended();
            if (!peer.moved && lacks || !lacks && peer.commit < raft.commitIndex()) {
                ask(name, peer);
            }
            peer.moved = false;
        });
    }

    private void ask(String name, Peer peer) {
        // one that was behind may have rebuilt since: what it has it says itself
        boolean kept = peer.heard && peer.match >= journal.base();
        long known = kept ? peer.match : raft.lastAppended();
        if (kept && known < raft.lastAppended()) {
            peer.inStep = false;
            peer.from(known + 1);
        }
        links.send(name, append(known, List.of()));
    }

    /**
     * Up to which entry each peer has everything, of those that may still get the rest from a journal: one that must rebuild
     * in any case, or was not heard for long, does not count. 0 when one was not heard in this leadership.
     */
    long had() {
        long least = raft.commitIndex();
        for (Peer peer : peers.values()) {
            if (!peer.missed && !peer.heard) {
                return 0;
            }
            if (!peer.missed && peer.match >= journal.base()) {
                least = Math.min(least, peer.match);
            }
        }
        return least;
    }

    /** Whether a peer has all that there is. */
    boolean level(String name) {
        Peer peer = peers.get(name);
        return peer.heard && peer.match >= raft.lastAppended();
    }

    /** Whether a peer gets what is proposed. */
    boolean inStep(String name) {
        Peer peer = peers.get(name);
        return peer.heard && peer.inStep;
    }
}

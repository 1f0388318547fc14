package org.memphisee.cluster.meta;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalListener;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.control.DefinitionsReader;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.StoreChange;

/**
 * Makes a cluster of nodes that are none yet, once: all of them are linked, none has been in a cluster, and at most one, the
 * seed, has definitions. The seed, else the first by name, makes the beginning: an id, and the definitions. Each stores it and
 * says so; when all have, the cluster is formed, and members elect. Whatever ends before that begins again.
 *
 * <p>Which cluster a node is in lies in its journal, as the vote of a group of its own: an odd term while it is being formed,
 * the next when it is. So a node that lost its journal is in no cluster, and where others are in one it neither forms nor votes
 * (K11).
 */
public final class Formation implements NodeService {

    /** Number of the journal's group that says which cluster this node is in. */
    static final long IDENTITY = 2;
    static final int FORM = 40;
    private static final byte STATE = 0;
    private static final byte BEGINNING = 1;
    private static final String SEED_MARK = "seed";
    /** Its journal does not have all that it ever answered for: it must take the definitions from the others. */
    private static final String LOST_MARK = "lost";
    private static final String REBUILT_MARK = "rebuilt:";
    private static final int LONGEST_ID = 64;
    /** After the journal did not take something. */
    private static final long PAUSE_NANOS = 1_000_000_000;
    private static final Beginning NOTHING =
        new Beginning(0, SystemEventCodec.encodeSnapshot(new DefinitionsSnapshot(0, 1, List.of())));

    /** What a node is; numbers are part of the format. */
    enum State { EMPTY, READY, FORMED, /** It is in the cluster, and must be rebuilt first. */ LOST }

    /**
     * Definitions of a beginning.
     *
     * @param index last system event that is in them, 0 for none
     * @param snapshot as the store keeps it
     */
    public record Beginning(long index, byte[] snapshot) {

        private boolean clustered() {
            DefinitionsReader reader = new DefinitionsReader();
            try {
                reader.snapshot(index, snapshot);
            } catch (FormatException e) {
                throw new IllegalStateException("the definitions cannot be read: " + e.getMessage(), e);
            }
            return reader.definitions().replicationGroups().clustered();
        }
    }

    /** Where a beginning is stored in place of everything that is there. The node's loop; outcomes there or elsewhere. */
    public interface Store {
        /** Null when it is durable. */
        void begin(Beginning beginning, StoreChange position, Consumer<Exception> done);
    }

    private record Known(State state, boolean seed, String cluster) { }

    private final NodeGroups node;
    private final List<String> members;
    private final Set<String> peers;
    private final JournalGroup identity;
    private final JournalGroup meta;
    private final Beginning seed;
    /** Whether these are definitions of a cluster: its groups would be led by nodes that have nothing of them. */
    private final boolean seedOfCluster;
    private final Store store;
    private final Supplier<String> ids;
    private final Consumer<String> formed;
    private final MetaReport report;
    private final Map<String, Known> known = new HashMap<>();
    private final Set<String> linked = new HashSet<>();
    /** Peers that do not know this node's state. */
    private final Set<String> untold = new HashSet<>();
    private final List<Later> later = new ArrayList<>();
    private State state;
    /** Cluster that it is in, or that is being formed. */
    private String cluster = "";
    private Beginning mine;
    private Set<String> unsent = new HashSet<>();
    /** Whether it is in the cluster as soon as its journal says so. */
    private boolean forming;
    private long pausedUntil = Long.MIN_VALUE;
    private String waits = "";
    private final MetaTaking taking;
    /** Whether its journal says that it is to be rebuilt. */
    private boolean rebuilding;
    /** Whether what was given to it is being stored. */
    private boolean storing;
    /** What was given while a candidate may still count a vote that this node does not know of. */
    private MetaTaking.Taken early;
    private long answersFrom = Long.MIN_VALUE;
    private long rebuiltUpTo;

    /** Something to do when a record is durable. */
    private record Later(long ticket, Runnable then) { }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param members names of all nodes
     * @param seed this node's definitions when it was a broker alone; null for none. What the store has while the journal says
     * that the node was being formed is not looked at
     * @param ids makes names that nothing else has, of at most 64 characters
     * @param formed told once, on the node's loop, the id of the cluster
     * @throws JournalException when the journal has no room for the node's identity
     */
    public Formation(NodeGroups node, List<String> members, RaftJournal journal, Beginning seed, Store store,
        Supplier<String> ids,
                     Consumer<String> formed, MetaReport report) throws JournalException {
        this.node = node;
        this.members = List.copyOf(members);
        this.store = store;
        this.ids = ids;
        this.formed = formed;
        this.report = report;
        peers = new HashSet<>(members);
        peers.remove(node.self());
        identity = journal.group(IDENTITY);
        meta = journal.group(MetaGroup.META);
        boolean begun = identity.standing() == Standing.COMPLETE;
        List<String> said = List.of((begun ? identity.vote() : "").split("/"));
        boolean isSeed = begun ? said.contains(SEED_MARK) : seed != null;
        this.seed = isSeed ? seed : null;
        seedOfCluster = isSeed && seed != null && seed.clustered();
        cluster = said.get(0);
        said.stream().filter(each -> each.startsWith(REBUILT_MARK))
            .forEach(each -> rebuiltUpTo = Long.parseLong(each.substring(REBUILT_MARK.length())));
        boolean damaged = identity.standing() == Standing.REBUILD || meta.standing() == Standing.REBUILD;
        rebuilding = said.contains(LOST_MARK);
        state = damaged || rebuilding ? State.LOST : begun && identity.term() % 2 == 0 ? State.FORMED : State.EMPTY;
        taking = new MetaTaking(node, ids.get(), this::taken);
        identity.attach(new JournalListener() {
            @Override
            public void durable(long ticket) {
                node.resume(Formation.this::durable);
            }

            @Override
            public void refused(long ticket, JournalException why) {
                node.resume(() -> {
                    identity.takeBack();
                    if (state == State.LOST) {
                        meta.takeBack();
                    }
                    later.clear();
                    forming = false;
                    storing = false;
                    Formation.this.refused(why);
                });
            }

            @Override
            public void failed(JournalException why) {
                node.resume(() -> waits(why.getMessage()));
            }
        });
        node.trust(this::same);
        node.serve(this);
        if (state == State.FORMED) {
            node.resume(this::tellFormed);
        } else if (state == State.LOST) {
            node.resume(() -> waits("the journal of this node is damaged or lost, and what it knew of the definitions with it: it "
                + "takes them from the others when a majority of all nodes is there without it"));
        }
    }

    /** Whether a node is in the same cluster, as it said in this link. */
    private boolean same(String peer) {
        Known said = known.get(peer);
        return (state == State.FORMED || rebuilding) && said != null && said.state() == State.FORMED && said.cluster().equals(cluster);
    }

    /** The node that had definitions before there was a cluster; empty when none had, or it is not linked. The node's loop. */
    public String seedNode() {
        return seed != null ? node.self() : known.entrySet().stream().filter(each -> each.getValue().seed()).map(Map.Entry::getKey)
            .findFirst().orElse("");
    }

    // ---- what happens

    @Override
    public Set<Integer> kinds() {
        return Set.of(FORM, MetaOffers.OFFER_LOST);
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.add(peer);
        untold.add(peer);
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        untold.remove(peer);
        known.remove(peer);
        taking.unlinked(peer);
        mine = null; // who was not there all the time may have begun anew
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        frame.done();
        ByteBuffer in = NodeFrames.body(bytes);
        if (kind == MetaOffers.OFFER_LOST) {
            if (rebuilding && !storing && same(peer)) {
                taking.received(peer, in, now);
            }
            return;
        }
        try {
            byte what = in.get();
            if (what == STATE) {
                int number = in.get();
                boolean isSeed = in.get() != 0;
                if (number >= 0 && number < State.values().length) {
                    known.put(peer, new Known(State.values()[number], isSeed, text(in)));
                    heard(peer);
                }
            } else if (what == BEGINNING) {
                beginning(peer, in);
            }
        } catch (BufferUnderflowException e) {
            waits("what " + peer + " says about forming the cluster cannot be read: start all nodes with the same release");
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.getShort();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void heard(String peer) {
        Known said = known.get(peer);
        if (said.state() != State.FORMED) {
            return;
        }
        if ((state == State.FORMED || state == State.LOST && !cluster.isEmpty()) && !said.cluster().equals(cluster)) {
            waits(peer + " is in cluster " + said.cluster() + ", and this node in " + cluster
                + ": nodes of two clusters were configured as "
                + "one; correct the list of members");
        } else if (state != State.FORMED && state != State.LOST && said.cluster().equals(cluster)) {
            form(); // all were ready, this one included, or it would not be
        } else if (state == State.LOST && !rebuilding || state == State.EMPTY && seed == null
            && identity.standing() == Standing.ABSENT) {
            lose(said.cluster());
        } else if (state != State.FORMED && state != State.LOST) {
            waits("the others are a cluster already, and this node has no journal of it, but definitions: whether these are "
                + "of that cluster is not known, and nothing is removed that may be needed. If they are not needed, start it with an "
                + "empty data directory: it takes everything from the others");
        }
    }

    @Override
    public long turn(long now) {
        untold.removeIf(peer -> send(peer, Traffic.CONTROL, stateFrame()));
        if (mine != null) {
            unsent.removeIf(peer -> send(peer, Traffic.BULK, beginningFrame(mine)));
        }
        if (state == State.LOST && !rebuilding && later.isEmpty() && pausedUntil <= now) {
            known.keySet().stream().filter(peer -> known.get(peer).state() == State.FORMED).findFirst().ifPresent(this::heard);
        }
        if (answersFrom == Long.MIN_VALUE) {
            answersFrom = now + node.settings().election().forgottenNanos(members.size());
        }
        if (early != null) {
            if (now < answersFrom) {
                return answersFrom;
            }
            MetaTaking.Taken given = early;
            early = null;
            store(given);
        }
        if (rebuilding && !storing) {
            return pausedUntil > now ? pausedUntil : taking.turn(known.keySet().stream().filter(this::same).toList(), true, now);
        }
        if (state == State.FORMED || state == State.LOST || forming) {
            return Long.MAX_VALUE;
        }
        if (pausedUntil > now) {
            return pausedUntil;
        }
        look();
        return Long.MAX_VALUE;
    }

    private boolean send(String peer, Traffic traffic, byte[] frame) {
        return node.send(peer, traffic, frame) == Sent.TAKEN;
    }

    private byte[] stateFrame() {
        byte[] id = bytes(cluster);
        return NodeFrames.begin(FORM, 3 + Short.BYTES + id.length).put(STATE).put((byte) state.ordinal())
            .put((byte) (seed == null ? 0 : 1)).putShort((short) id.length).put(id).array();
    }

    private byte[] beginningFrame(Beginning beginning) {
        byte[] id = bytes(cluster);
        byte[] all = bytes(String.join(",", members));
        return NodeFrames.begin(FORM, 1 + 2 * Short.BYTES + id.length + all.length + Long.BYTES + beginning.snapshot().length)
            .put(BEGINNING).putShort((short) id.length).put(id).putShort((short) all.length).put(all).putLong(beginning.index())
            .put(beginning.snapshot()).array();
    }

    private void become(State next) {
        state = next;
        untold.addAll(linked);
        node.wake();
    }

    // ---- who makes the beginning

    private void look() {
        if (seedOfCluster) {
            waits("the log of this node is of a cluster, and its journal is not here: where it was restored from a backup, start it as a broker "
                + "alone, and take its stations over into a cluster that began empty (docs/guide/backup.md). Nothing was changed");
            return;
        }
        if (!linked.containsAll(peers) || !known.keySet().containsAll(peers)) {
            List<String> missing = members.stream().filter(name -> peers.contains(name) && !known.containsKey(name)).toList();
            waits("the cluster is formed when all of its nodes are there; missing: " + String.join(", ", missing));
            return;
        }
        if (known.values().stream().anyMatch(each -> each.state() == State.FORMED || each.state() == State.LOST)) {
            return; // heard() says what that means, or the peer does
        }
        List<String> seeds = new ArrayList<>(known.entrySet().stream().filter(e -> e.getValue().seed())
            .map(Map.Entry::getKey).toList());
        boolean isSeed = seed != null;
        if (isSeed) {
            seeds.add(node.self());
        }
        if (seeds.size() > 1) {
            waits("more than one node has definitions of its own: " + String.join(", ", seeds.stream().sorted().toList())
                + ". One may; start the others with empty data directories");
            return;
        }
        boolean first = seeds.isEmpty() && members.stream().sorted().findFirst().orElseThrow().equals(node.self());
        if (isSeed || first) {
            make();
        }
    }

    private void make() {
        if (mine == null) {
            cluster = ids.get();
            state = State.EMPTY;
            mine = seed != null ? seed : NOTHING;
            unsent = new HashSet<>(peers);
            String id = cluster;
            durably(mark(true, seed != null ? SEED_MARK : ""), () -> {
                if (id.equals(cluster) && mine != null) {
                    store(mine, id);
                }
            });
            node.wake();
        } else if (state == State.READY && known.values().stream().allMatch(each -> each.state() == State.READY
            && each.cluster().equals(cluster))) {
            form();
        }
    }

    private void beginning(String peer, ByteBuffer in) {
        String id = text(in);
        String all = text(in);
        long index = in.getLong();
        byte[] snapshot = new byte[in.remaining()];
        in.get(snapshot);
        if (state == State.FORMED || state == State.LOST || forming || seed != null || id.isEmpty() || id.length() > LONGEST_ID) {
            return;
        }
        if (!Set.of(all.split(",")).equals(new HashSet<>(members))) {
            waits(peer + " has another list of members (" + all + ") than this node (" + String.join(",", members)
                + "): give all nodes the same");
            return;
        }
        cluster = id;
        state = State.EMPTY;
        mine = null;
        durably(mark(true, ""), () -> {
            if (id.equals(cluster)) {
                store(new Beginning(index, snapshot), id);
            }
        });
    }

    /** Nobody says that it is ready before its store is. */
    private void store(Beginning beginning, String id) {
        if (seed != null) {
            become(State.READY);
            return;
        }
        store.begin(beginning, MetaLog.position(0, 0), failure -> node.resume(() -> {
            if (!id.equals(cluster) || state != State.EMPTY) {
                return;
            }
            if (failure != null) {
                waits("this node could not store the definitions: " + failure.getMessage());
            } else {
                become(State.READY);
            }
        }));
    }

    private void form() {
        if (forming) {
            return;
        }
        try {
            if (meta.standing() == Standing.ABSENT) {
                meta.begin(0, 0, 0, "");
            }
        } catch (JournalException e) {
            refused(e);
            return;
        }
        forming = true; // it begins nothing anew from here on
        durably(mark(false, seed != null ? SEED_MARK : ""), () -> {
            become(State.FORMED);
            tellFormed();
        });
    }

    // ---- a node that is rebuilt

    /**
     * Up to which system event this node took what others gave it without knowing what it had answered for before: groups that are
     * defined by then and not in its journal are not new, but lost, and to be rebuilt. 0 for a node that lost nothing.
     */
    public long rebuiltUpTo() {
        return rebuiltUpTo;
    }

    private void lose(String of) {
        cluster = of;
        state = State.LOST;
        mine = null;
        later.clear();
        durably(mark(true, LOST_MARK), () -> {
            rebuilding = true;
            become(State.LOST);
            waits("this node takes the definitions from the others");
        });
    }

    /** Durable step by step; until the last of them the journal says that it is to be rebuilt, and it begins anew. */
    private void taken(MetaTaking.Taken given) {
        if (given.old(meta)) {
            return;
        }
        storing = true;
        early = given;
        node.wake();
    }

    private void store(MetaTaking.Taken given) {
        store.begin(given.beginning(), MetaLog.position(given.upTo(), given.upToTerm()), failure -> node.resume(() -> {
            if (failure != null) {
                waits("this node could not store the definitions of the others: " + failure.getMessage());
                storing = false;
                taking.again(node.now());
            } else {
                rebuilt(given);
            }
        }));
    }

    private void rebuilt(MetaTaking.Taken given) {
        try {
            given.begin(meta);
        } catch (JournalException e) {
            storing = false;
            refused(e);
            return;
        }
        rebuiltUpTo = given.beginning().index();
        durably(mark(false, ""), () -> {
            rebuilding = false;
            become(State.FORMED);
            tellFormed();
        });
    }

    private void tellFormed() {
        report.formed(cluster);
        formed.accept(cluster);
    }

    /** Ticket of the record that says so; 0 when it was not taken. */
    private long mark(boolean odd, String what) {
        String vote = cluster + (what.isEmpty() ? "" : "/" + what) + (rebuiltUpTo == 0 ? "" : "/" + REBUILT_MARK + rebuiltUpTo);
        try {
            long next = identity.term() + 1;
            long term = next % 2 == 1 == odd ? next : next + 1;
            return identity.standing() == Standing.COMPLETE ? identity.vote(term, vote) : identity.begin(0, 0, term, vote);
        } catch (JournalException e) {
            refused(e);
            return 0;
        }
    }

    private void durably(long ticket, Runnable then) {
        if (ticket > 0) {
            later.add(new Later(ticket, then));
            durable();
        }
    }

    private void durable() {
        long upTo = identity.durableTicket();
        List<Later> now = later.stream().filter(each -> each.ticket() <= upTo).toList();
        later.removeAll(now);
        now.forEach(each -> each.then().run());
    }

    private void refused(JournalException why) {
        mine = null;
        pausedUntil = node.now() + PAUSE_NANOS;
        waits("the journal of this node does not take it: " + why.getMessage());
    }

    private void waits(String why) {
        if (!why.equals(waits)) {
            waits = why;
            report.waits(why);
        }
    }

    @Override
    public void stopped() {
        later.clear();
    }
}

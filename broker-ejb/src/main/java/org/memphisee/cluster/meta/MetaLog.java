package org.memphisee.cluster.meta;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.replication.GroupPosition;

/**
 * The system log of a node of a cluster. What the engine appends is proposed to the meta group, and durable when it was decided
 * and this node's store has it; what other nodes appended comes in between, in the one order of all. Control loop only, unless a
 * method says otherwise.
 *
 * <p>Only the leader's engine decides: what is appended elsewhere is refused, and whoever wants a change asks for it ({@link
 * MetaAsks}).
 */
public final class MetaLog implements SystemLog {

    private static final String FULL = "its disk is full";

    private final SystemEventStore store;
    private final Executor loop;
    private final ArrayDeque<Decided> decided = new ArrayDeque<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    /** What the leader was asked to append, by its bytes: whoever comes across these decides about them first. */
    private final Map<ByteBuffer, Brought> brought = new HashMap<>();
    private final Set<Own> open = new LinkedHashSet<>();
    private final List<Quiet> quiet = new ArrayList<>();
    private Proposer node;
    private MetaClaims claims;
    private NumberShare numbers = NumberShare.ALL;
    private Runnable whenDeciding = () -> { };
    private volatile boolean toldDeciding;
    private Follower follower;
    private boolean storing;
    /** Why nothing more is folded here, null while all is well. */
    private StoreException broken;
    private volatile boolean full;
    private volatile long folded;
    private long term;
    private long leadsFrom;
    private long appended;

    /** Events that are decided and not stored here. */
    private record Decided(long entry, long inTerm, long first, List<byte[]> events, List<MetaGroup.Ending> own) { }

    /** What it asks the group for; hands over at once. */
    interface Proposer {

        void propose(long term, long index, byte[] event, MetaGroup.Ending ending);

        /** The store has all events of an entry and those before it. */
        void stored(long entry);

        /** The store has no room; {@link #again} is wanted after a while. */
        void full();

        /** Nothing more is folded here. */
        void broken(StoreException cause);
    }

    /** Somebody who waits until this node has folded an event. */
    private record Waiting(long index, Runnable then, Consumer<String> otherwise) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return Long.compare(index, other.index);
        }
    }

    /** An append of this node's engine, at the leader. */
    private final class Own implements MetaGroup.Ending {
        private final long index;
        private final Outcome outcome;
        /** Whoever waited was told that it is not known; what becomes of it still is to be. */
        private boolean late;

        private Own(Outcome outcome) {
            this.outcome = outcome;
            index = folded + ++appended;
            open.add(this);
        }

        @Override
        public void failed(UndecidedException why) { // on the node's loop
            loop.execute(() -> fail(why));
        }

        /**
         * It has no place among those that are appended any more. What is appended now is refused until it is known what became
         * of this one, since the group has it before: it would be decided without it.
         */
        @Override
        public void late(UndecidedException why) { // on the node's loop
            loop.execute(() -> {
                if (open.contains(this)) {
                    late = true;
                    appended--;
                    outcome.failed(why);
                }
            });
        }

        private void fail(StoreException why) {
            if (!late) {
                appended--;
                outcome.failed(why);
            }
            over();
        }

        private void durable() {
            appended--;
            outcome.durable(index);
            over();
        }

        private void over() {
            open.remove(this);
            for (Iterator<Quiet> each = quiet.iterator(); each.hasNext();) {
                Quiet one = each.next();
                if (one.open().remove(this) && one.open().isEmpty()) {
                    each.remove();
                    one.then().run();
                }
            }
        }
    }

    /** Somebody who waits until it is known what became of these. */
    private record Quiet(Set<Own> open, Runnable then) { }

    /** An append of this node's engine that the leader was asked for. */
    private final class Brought implements MetaAnswer {
        private final Outcome outcome;

        private Brought(Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void answered(byte[] answer) { // it has been folded here, and was told then
            if (brought.values().remove(this)) {
                outcome.failed(new UndecidedException(UndecidedException.Outcome.UNKNOWN, "the change was made, and this node has "
                    + "not noticed it as its own: a defect; look before you ask again"));
            }
        }

        @Override
        public void failed(UndecidedException why) {
            if (brought.values().remove(this)) {
                outcome.failed(why);
            }
        }
    }

    /**
     * A log that {@link #begin} makes ready.
     *
     * @param store of this node
     * @param loop the control loop; takes everything
     */
    public MetaLog(SystemEventStore store, Executor loop) {
        this.store = store;
        this.loop = loop;
    }

    /** Before the control loop runs: what was recovered, and who proposes. */
    void begin(long lastIndex, Proposer of) {
        folded = lastIndex;
        node = of;
    }

    /**
     * This node's engine decides wherever it is, under names that the leader gives.
     *
     * @param share of the numbers of things
     */
    void decideHere(MetaClaims names, NumberShare share) {
        claims = names;
        numbers = share;
    }

    /** Has something done each time this node begins to decide for all, on the control loop. Before that runs. */
    public void whenDeciding(Runnable then) {
        whenDeciding = then;
    }

    /** Any thread. */
    void onLoop(Runnable task) {
        loop.execute(task);
    }

    /** Has something done when it is known what became of all that this leader appended. */
    void whenQuiet(Runnable then) {
        if (open.isEmpty()) {
            then.run();
        } else {
            quiet.add(new Quiet(new LinkedHashSet<>(open), then));
        }
    }

    /** Whether this node decides for all. Any thread. */
    public boolean leading() {
        return toldDeciding;
    }

    private void lookDeciding() {
        boolean now = deciding() != 0;
        if (now && !toldDeciding) {
            whenDeciding.run();
        }
        toldDeciding = now;
    }

    // ---- of the engine

    @Override
    public void claim(String name, Consumer<Claim> claimed) {
        if (claims == null) {
            claimed.accept(Claim.ALONE);
        } else {
            claims.claim(name, claimed);
        }
    }

    @Override
    public NumberShare numbers() {
        return numbers;
    }

    @Override
    public void follow(Follower engine) {
        follower = engine;
        store();
    }

    @Override
    public long append(byte[] event, SideLog beside, long atNanos, Outcome outcome) {
        if (claims != null && broken == null && deciding() == 0) {
            bring(event, outcome);
            return 0; // it gets its place from the leader
        }
        Own own = new Own(outcome);
        UndecidedException bar = claims == null || broken != null ? null : claims.bar(term);
        if (bar != null) {
            loop.execute(() -> own.fail(bar));
        } else {
            propose(event, own);
        }
        return own.index;
    }

    private void propose(byte[] event, Own own) {
        if (broken != null) {
            own.failed(new UndecidedException(UndecidedException.Outcome.REFUSED, "the change was not made: " + broken.getMessage()
                + "; ask again at another node"));
        } else if (deciding() == 0) {
            own.failed(new UndecidedException(UndecidedException.Outcome.REFUSED, "the change was not made: this node does not "
                + "lead the definitions; ask again at any node, and it is brought to the one that does"));
        } else {
            node.propose(term, own.index, event, own);
        }
    }

    /** Appends what this node asked for itself before it began to lead; false when it is not one of these. */
    boolean appendBrought(byte[] event, MetaAnswer answer) {
        Brought mine = brought.remove(ByteBuffer.wrap(event));
        if (mine == null) {
            return false;
        }
        propose(event, new Own(new Outcome() {
            @Override
            public void durable() {
                throw new IllegalStateException("it has an index");
            }

            @Override
            public void durable(long index) {
                mine.outcome.durable(index);
                answer.answered(new byte[0]);
            }

            @Override
            public void failed(StoreException cause) {
                mine.outcome.failed(cause);
                answer.failed(cause instanceof UndecidedException why ? why
                    : new UndecidedException(UndecidedException.Outcome.UNKNOWN, cause.getMessage()));
            }
        }));
        return true;
    }

    private void bring(byte[] event, Outcome outcome) {
        Brought one = new Brought(outcome);
        if (brought.putIfAbsent(ByteBuffer.wrap(event), one) != null) {
            loop.execute(() -> outcome.failed(new UndecidedException(UndecidedException.Outcome.REFUSED,
                "the change was not made: the very same is being made; ask again")));
        } else {
            claims.append(event, one);
        }
    }

    @Override
    public void snapshot(long index, byte[] snapshot, long keepFrom) {
        if (broken == null) {
            store.snapshot(index, snapshot, keepFrom);
        }
    }

    // ---- of those who ask

    /** The leadership in which this node's engine decides now, 0 when it does not. */
    long deciding() {
        return broken == null && term > 0 && folded >= leadsFrom ? term : 0;
    }

    /** The last event that is folded here. Any thread. */
    public long folded() {
        return folded;
    }

    /**
     * Has something done when an event is folded here.
     *
     * @param otherwise instead, told why this node cannot fold it, or not soon
     */
    void whenFolded(long index, Runnable then, Consumer<String> otherwise) {
        if (index <= folded) {
            then.run();
        } else if (broken != null || full) {
            otherwise.accept(broken != null ? broken.getMessage() : FULL);
        } else {
            waiting.add(new Waiting(index, then, otherwise));
        }
    }

    private void tellWaiting(String why) {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.otherwise().accept(why));
    }

    @Override
    public String toString() {
        return folded + " events folded, " + decided.size() + " entries wait" + (storing ? ", one is being stored" : "")
            + (full ? ", " + FULL : "") + (broken == null ? "" : ", " + broken.getMessage());
    }

    // ---- of the group, by way of the control loop

    void committed(long entry, long inTerm, long first, List<byte[]> events, List<MetaGroup.Ending> own) {
        decided.add(new Decided(entry, inTerm, first, events, own));
        store();
    }

    void leads(long newTerm, long events) {
        term = newTerm;
        leadsFrom = events;
        toldDeciding = false;
        lookDeciding();
    }

    void follows() {
        term = 0;
        toldDeciding = false;
    }

    /** Whether the store had no room. Any thread. */
    boolean full() {
        return full;
    }

    /** Tries again what the store had no room for. */
    void again() {
        if (full) {
            full = false;
            storing = false;
            store();
        }
    }

    /** One entry at a time: how an event is kept is seen from those before it. */
    private void store() {
        if (storing || follower == null || decided.isEmpty() || broken != null) {
            return;
        }
        storing = true;
        Decided next = decided.peek();
        List<SystemEventStore.Stored> kept = new ArrayList<>();
        try {
            next.events().forEach(event -> kept.add(follower.kept(event)));
        } catch (RuntimeException e) { // of a newer release
            stop(new StoreException("definitions are not followed any more: " + e.getMessage() + ". Start this node with the "
                + "release "
                + "of the others", e, false));
            return;
        }
        store.put(next.first(), kept, position(next.entry(), next.inTerm()), new Outcome() {
            @Override
            public void durable() {
                stored(next);
            }

            @Override
            public void failed(StoreException cause) {
                if (broken != null) {
                    return;
                }
                if (cause.full()) {
                    full = true; // the journal has it; again() comes
                    node.full();
                    tellWaiting(FULL);
                } else {
                    stop(cause);
                }
            }
        });
    }

    /** As the store keeps it beside the definitions: up to where the group's log is in them. */
    static StoreChange position(long entry, long term) {
        return new GroupPosition(entry, term, 0, 0).change(GroupPosition.DEFINITIONS);
    }

    private void stored(Decided done) {
        if (broken != null) {
            return; // who waited was told already
        }
        decided.remove();
        long index = done.first();
        for (int i = 0; i < done.events().size(); i++) {
            folded = index;
            Brought mine;
            Own own = (Own) done.own().get(i);
            if (own != null && !own.late) {
                own.durable();
            } else if ((mine = brought.remove(ByteBuffer.wrap(done.events().get(i)))) != null) {
                mine.outcome.durable(index);
            } else {
                follower.followed(index, done.events().get(i));
            }
            if (own != null && own.late) {
                own.over();
            }
            index++;
        }
        node.stored(done.entry());
        storing = false;
        while (!waiting.isEmpty() && waiting.peek().index() <= folded) {
            waiting.poll().then().run();
        }
        lookDeciding();
        store();
    }

    /**
     * The store gets other definitions in place of those that it has; here nothing is folded any more until a restart.
     *
     * @param done told null when they are durable, on the control loop
     */
    void replace(MetaTaking.Taken given, Consumer<StoreException> done) {
        if (broken == null) {
            end(new StoreException("this node takes the definitions from the others and is then opened anew", null, false));
        }
        store.begin(given.beginning().index(), given.beginning().snapshot(), position(given.upTo(), given.upToTerm()), new Outcome() {
            @Override
            public void durable() {
                done.accept(null);
            }

            @Override
            public void failed(StoreException cause) {
                done.accept(cause);
            }
        });
    }

    /** This node's definitions stay as they are until a restart. */
    private void stop(StoreException cause) {
        node.broken(cause);
        end(cause);
    }

    private void end(StoreException cause) {
        broken = cause;
        term = 0;
        for (Decided each : decided) {
            each.own().forEach(one -> {
                if (one instanceof Own own) {
                    own.fail(new UndecidedException(UndecidedException.Outcome.UNKNOWN, "the change was decided, and this node "
                        + "could not store it: " + cause.getMessage() + "; look at another node before you ask again"));
                }
            });
        }
        decided.clear();
        List<Brought> lost = List.copyOf(brought.values());
        brought.clear();
        lost.forEach(one -> one.outcome.failed(new UndecidedException(UndecidedException.Outcome.UNKNOWN, "it is not known whether "
            + "the change was made: this node cannot store it (" + cause.getMessage() + "); look at another node before you ask again")));
        tellWaiting(cause.getMessage());
    }
}

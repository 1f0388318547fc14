package org.memphisee.cluster.meta;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.cluster.node.GroupSeat;
import org.memphisee.cluster.node.Hindrances;
import org.memphisee.cluster.raft.GroupMachine;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryFormatException;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.UndecidedException.Outcome;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.time.BrokerClock;

/**
 * The member of the meta group on this node: system events become entries, and entries system events, in one order on all
 * members. The node's loop only.
 *
 * <p>An entry says how many events there were before it. One that does not continue what is there is void on all members alike
 * (I10); after a restart it is one that the store has already, and nothing either.
 */
final class MetaGroup implements GroupSeat, GroupMachine {

    /** Number of the group on all nodes. */
    static final long META = GroupPosition.DEFINITIONS;
    /** The largest event. */
    static final int LARGEST = 8 << 20;
    /** Gathered into an entry at most, but for one event that is larger. */
    private static final int ENTRY_BYTES = 1 << 20;
    private static final int ENTRY_EVENTS = 256;
    /** Entries that whoever is to lead may lack: until it has them nothing is decided. */
    private static final long IN_STEP = 8;

    private final String self;
    private final List<String> members;
    private final BrokerClock clock;
    private final MetaSettings settings;
    private final JournalGroup journal;
    private final Listener listener;
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
    /** Proposed by this node and not decided, by epoch and ordinal. */
    private final Map<Place, Open> open = new TreeMap<>();
    private GroupReplica replica;
    /** Events that are decided, or in the store since the start. */
    private long events;
    /** Index of the last entry that was decided here. */
    private long applied;
    /** The last entry that the store is given, and up to where it has them. */
    private long handed;
    private long kept;
    private long term;
    private boolean leading;
    private long ordinal;
    /** Events that there will be when all that this leader proposed, or has waiting, is decided. */
    private long proposed;
    private long wanted;

    /** Told what is decided; hands over at once. */
    interface Listener {

        /**
         * Events are decided, each once, in order.
         *
         * @param entry index of the entry
         * @param inTerm the term in which it was made
         * @param first index of the first event
         * @param own for each event who waits for it here, null for nobody
         */
        void committed(long entry, long inTerm, long first, List<byte[]> events, List<Ending> own);

        /** This node leads. Everything up to an event was told before. */
        void leads(long term, long events);

        /** It does not. */
        void follows();

        /** It lacks what nobody keeps. Told again and again. */
        void behind();

        /** It takes no more part. */
        void failed(String why);
    }

    /** Who waits for an event; told once that it failed, or {@link Listener#committed} names it. Hands over at once. */
    interface Ending {

        void failed(UndecidedException why);

        /** It takes too long, and what becomes of it is not known yet. Told before the end, once at most. */
        void late(UndecidedException why);
    }

    private record Place(long epoch, long ordinal) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return epoch == other.epoch ? Long.compare(ordinal, other.ordinal) : Long.compare(epoch, other.epoch);
        }
    }

    /** Events of one entry. */
    private static final class Open {
        private final List<Wanted> wanted;
        private boolean late;

        private Open(List<Wanted> wanted) {
            this.wanted = wanted;
        }

        private long until() {
            return late ? Long.MAX_VALUE : wanted.get(0).until();
        }
    }

    /** An event that is to be. */
    private record Wanted(byte[] event, Ending ending, long until) { }

    /**
     * A member.
     *
     * @param members of the group, the one that should lead first
     * @param journal its log, from which what the store has goes ({@link #stored})
     * @param stored events that this node's store has
     * @param position up to where the store has the log
     */
    MetaGroup(String self, List<String> members, BrokerClock clock, MetaSettings settings, JournalGroup journal, long stored,
              GroupPosition position, Listener listener) {
        this.self = self;
        this.members = members;
        this.clock = clock;
        this.settings = settings;
        this.journal = journal;
        this.listener = listener;
        events = stored;
        applied = journal.baseIndex();
        boolean within = position.index() > applied && position.index() <= journal.lastIndex();
        if (within && journal.termAt(position.index()) == position.term()) {
            applied = position.index();
            journal.applied(applied); // or a full journal waits for the group to say so, and the group for the journal
        }
    }

    // ---- what is asked of it

    /**
     * Proposes an event.
     *
     * @param inTerm the leadership in which it was decided
     * @param index that it was promised
     */
    void propose(long inTerm, long index, byte[] event, Ending ending) {
        if (!leading || inTerm != term) {
            ending.failed(refused("this node does not lead the definitions (any more)" + elsewhere()
                + "; ask again, any node takes it"));
        } else if (event.length > LARGEST) {
            ending.failed(refused("it takes " + event.length + " bytes, and a definition may take " + LARGEST
                + "; make it smaller"));
        } else if (index != wanted + 1) {
            ending.failed(refused("one that it was decided after did not come about; ask again"));
        } else {
            wanted++;
            waiting.add(new Wanted(event, ending, clock.nowNanos() + settings.decideNanos()));
        }
    }

    private String elsewhere() {
        String leader = leader();
        return leader.isEmpty() ? ", and nobody does at the moment" : ", " + leader + " does";
    }

    private static UndecidedException refused(String why) {
        return new UndecidedException(Outcome.REFUSED, "the change was not made: " + why);
    }

    /** Who leads, empty when it does not know. */
    String leader() {
        return replica == null ? "" : replica.leader();
    }

    /** The term that is known here. */
    long term() {
        return replica == null ? 0 : replica.term();
    }

    /** In which term it leads and decides, 0 when it does not. */
    long leads() {
        return leading ? term : 0;
    }

    /** Whether it leads, and nobody else can yet. */
    boolean leased(long now) {
        return leading && replica != null && replica.leasedUntil(now) >= now;
    }

    /** In which term it was elected, 0 when another one was or nobody. */
    long elected() {
        return replica != null && !replica.failed() && replica.leader().equals(self) ? replica.term() : 0;
    }

    /** Has another member lead, one of these; nothing when none is one. */
    void handOver(Hindrances.Heirs heirs, long now) {
        if (replica != null && leading) {
            heirs.of(members, replica::lag, IN_STEP).ifPresent(member -> replica.transfer(member, now));
        }
    }

    /** Has one member lead, when it is in step within a second; nothing where this one does not lead. */
    void transfer(String to, long now) {
        if (replica != null && leading) {
            replica.transfer(to, now);
        }
    }

    /** Gives up leading: others elect anew. */
    void resign(long now) {
        replica.resign(now);
    }

    /** Index of the last entry that was decided here. */
    long applied() {
        return applied;
    }

    /** Events that are decided here. */
    long events() {
        return events;
    }

    /** The store has all events of an entry and those before it: they may go from the journal. */
    void stored(long entry) {
        kept = entry;
        journal.applied(entry);
    }

    @Override
    public String toString() {
        return journal + " in the journal, " + applied + " applied with " + events + " events";
    }

    // ---- as a seat

    @Override
    public long group() {
        return META;
    }

    @Override
    public List<String> members() {
        return members;
    }

    @Override
    public GroupMachine machine() {
        return this;
    }

    @Override
    public long applied(JournalGroup log) {
        return applied;
    }

    @Override
    public boolean turn(GroupReplica mine, long now) {
        replica = mine;
        overdue(now);
        boolean did = false;
        while (!waiting.isEmpty() && leading && propose(now)) {
            did = true;
        }
        return did;
    }

    private boolean propose(long now) {
        List<Wanted> gathered = new ArrayList<>();
        long bytes = 0;
        for (Wanted next : waiting) {
            bytes += next.event().length;
            if (!gathered.isEmpty() && (bytes > ENTRY_BYTES || gathered.size() == ENTRY_EVENTS)) {
                break;
            }
            gathered.add(next);
        }
        List<EntryChange> changes = new ArrayList<>();
        gathered.forEach(next -> changes.add(new EntryChange.Definition(next.event())));
        byte[] entry = EntryCodec.encode(new Entry(EntryKind.CHANGES, META, term, ordinal + 1, proposed, clock.wallNanos(),
            List.of(), changes));
        Place place = new Place(term, ordinal + 1);
        open.put(place, new Open(gathered)); // it may be decided, or end the leadership, before this returns
        if (!replica.propose(entry, committed -> { })) {
            open.remove(place);
            return false;
        }
        ordinal++;
        proposed += gathered.size();
        gathered.forEach(each -> waiting.poll());
        return true;
    }

    /** Who waited for too long is told so; what becomes of it does not change by that. */
    private void overdue(long now) {
        if (!waiting.isEmpty() && waiting.peek().until() <= now) {
            refuseWaiting("the group did not take it in time; ask again");
        }
        for (Open together : open.values()) {
            if (together.until() <= now) {
                together.late = true;
                together.wanted.forEach(each -> each.ending().late(unknown("no majority of the nodes answered in time")));
            }
        }
    }

    private static UndecidedException unknown(String why) {
        return new UndecidedException(Outcome.UNKNOWN, "it is not known whether the change was made: " + why
            + "; look before you ask again");
    }

    private void refuseWaiting(String why) {
        List<Wanted> all = List.copyOf(waiting);
        waiting.clear();
        wanted = proposed;
        all.forEach(each -> each.ending().failed(refused(why)));
    }

    @Override
    public long due() {
        long due = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().until();
        for (Open together : open.values()) {
            due = Math.min(due, together.until());
        }
        return due;
    }

    @Override
    public void failed(String why) {
        end("this node takes no more part in the definitions (" + why + "), restart it");
        listener.failed(why);
    }

    @Override
    public void stopped() {
        end("this node stops");
    }

    private void end(String why) {
        if (leading) {
            follows();
        }
        refuseWaiting(why + "; ask again at another node");
        open.values().forEach(together -> together.wanted.forEach(each -> each.ending().failed(unknown(why))));
        open.clear();
    }

    // ---- as a machine

    @Override
    public byte[] opening(long newTerm) {
        return EntryCodec.encode(new Entry(EntryKind.LEAD, META, newTerm, 1, events, clock.wallNanos(), List.of(),
            List.of(new EntryChange.Leader(self))));
    }

    @Override
    public void apply(long index, long ofTerm, byte[] bytes, int offset, int length) throws EntryFormatException {
        Entry entry = EntryCodec.decode(bytes, offset, length);
        if (entry.group() != META || entry.epoch() != ofTerm) {
            throw new IllegalStateException("entry " + index + " is of group " + entry.group() + " and epoch " + entry.epoch());
        }
        if (entry.kind() == EntryKind.LEAD) {
            loseBefore(entry.epoch());
        } else {
            changes(index, ofTerm, entry);
        }
        applied = index;
        if (handed <= kept) {
            journal.applied(index); // it changed nothing that the store has not got
        }
    }

    private void changes(long index, long ofTerm, Entry entry) {
        List<byte[]> decided = new ArrayList<>();
        for (EntryChange change : entry.changes()) {
            if (!(change instanceof EntryChange.Definition definition)) {
                throw new IllegalStateException("entry " + index + " of the definitions has a " + change.getClass()
                    .getSimpleName());
            }
            decided.add(definition.event());
        }
        Open together = open.remove(new Place(entry.epoch(), entry.ordinal()));
        List<Wanted> mine = together == null ? null : together.wanted;
        long before = entry.definitionsIndex();
        if (before > events || before < events && before + decided.size() > events) {
            listener.behind(); // what is missing, others have
            throw new IllegalStateException("entry " + index + " begins behind " + before + " events, and " + events
                + " are there: the store and the journal of this node do not belong together");
        }
        if (before < events) {
            if (mine != null) {
                mine.forEach(each -> each.ending().failed(new UndecidedException(Outcome.LOST, "the change was not made: others "
                    + "came before it; ask again")));
            }
            return;
        }
        long first = events + 1;
        events += decided.size();
        List<Ending> own = new ArrayList<>();
        for (int i = 0; i < decided.size(); i++) {
            own.add(mine == null ? null : mine.get(i).ending());
        }
        handed = index;
        listener.committed(index, ofTerm, first, decided, own);
    }

    /** What an earlier leadership of this node proposed and is not here comes no more: the new leader began without it. */
    private void loseBefore(long epoch) {
        open.entrySet().removeIf(entry -> {
            boolean lost = entry.getKey().epoch() < epoch;
            if (lost) {
                entry.getValue().wanted.forEach(each -> each.ending().failed(new UndecidedException(Outcome.LOST,
                    "the change was not made: the nodes chose a leader that does not have it; ask again")));
            }
            return lost;
        });
    }

    @Override
    public void leads(long newTerm) {
        term = newTerm;
        leading = true;
        ordinal = 1;
        proposed = events;
        wanted = events;
        listener.leads(newTerm, events);
    }

    @Override
    public void follows() {
        leading = false;
        refuseWaiting("this node does not lead the definitions any more; ask again, any node takes it");
        listener.follows();
    }

    @Override
    public void behind() {
        listener.behind();
    }
}

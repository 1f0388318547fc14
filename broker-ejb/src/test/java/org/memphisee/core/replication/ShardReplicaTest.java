package org.memphisee.core.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.append.SoloGroup;
import org.memphisee.core.cluster.Entry;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryKind;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.BatchSummary;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.SummaryCodec;
import org.memphisee.core.time.TestClock;
import org.memphisee.store.memory.MemoryLogStore;

/** Entries that come to a shard, and those that it makes; the other members are the test's. */
class ShardReplicaTest {

    private static final long GROUP = 7;
    private static final long SECOND = 1_000_000_000L;
    private static final long FIRST = GroupPosition.epoch(3);
    private static final long LATER = GroupPosition.epoch(4);

    private record Proposed(long epoch, long ordinal, byte[] bytes) { }

    private final TestClock clock = new TestClock();
    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.FORGETS);
    private final List<Throwable> escaped = new ArrayList<>();
    private final Shard shard = new Shard(0, clock, () -> { }, (s, e) -> escaped.add(e), 1 << 20);
    private final LogWriter writer = new LogWriter(store, clock, SECOND);
    private final Members members = new Members();
    private final State state = new State();
    private long folded;
    private final SoloGroup own = SoloGroup.unsynced(shard, writer, 1_000);
    private final ReplicatedGroup group = new ReplicatedGroup(GROUP, shard, own, () -> folded, 4 * SECOND, 10_000);
    private final ShardReplica replica = new ShardReplica(GROUP, shard, own, group, state, GroupPosition.BEGIN,
        new ShardReplica.Sync(1_000, 10 * SECOND));
    private long index;

    private static final class Members implements Replicas {
        private final List<Proposed> proposed = new ArrayList<>();
        private long stored;
        private String failed = "";

        @Override
        public void propose(long epoch, long ordinal, byte[] entry) {
            proposed.add(new Proposed(epoch, ordinal, entry));
        }

        @Override
        public void stored(long upTo) {
            stored = upTo;
        }

        @Override
        public void failed(String why) {
            failed = why;
        }
    }

    private static final class State implements ReplicatedState {
        private final List<String> heard = new ArrayList<>();
        private boolean idle = true;
        private int stored;
        private boolean reads;
        private Runnable read;

        @Override
        public void bind(Consumer<StoreException> whenBroken) { }

        @Override
        public void leave() {
            heard.add("leave");
        }

        @Override
        public void apply(List<EntryChange> changes, Consumer<List<StoreChange>> done) {
            heard.add("apply " + changes.size());
            if (reads) {
                read = () -> applied(changes, done);
            } else {
                applied(changes, done);
            }
        }

        private static void applied(List<EntryChange> changes, Consumer<List<StoreChange>> done) {
            done.accept(changes.stream().map(c -> ((EntryChange.Stored) c).change()).toList());
        }

        @Override
        public List<StoreChange> stillThere(List<StoreChange> changes) {
            return changes;
        }

        @Override
        public void stored() {
            stored++;
        }

        @Override
        public void lead() {
            heard.add("lead");
        }

        @Override
        public void handsOver(boolean now) {
            heard.add("hands over " + now);
        }

        @Override
        public boolean idle() {
            return idle;
        }

        @Override
        public void storeSoon() {
            heard.add("store soon");
        }

        @Override
        public void cease() {
            heard.add("cease");
        }

        @Override
        public void fail() {
            heard.add("fail");
        }

        @Override
        public void follow() {
            heard.add("follow");
        }

        @Override
        public void ledElsewhere(boolean known) {
            heard.add("elsewhere " + known);
        }
    }

    @BeforeEach
    void begin() {
        replica.begin(members);
    }

    private void settle() {
        boolean worked = true;
        while (worked) {
            worked = shard.turn() == 0;
            worked |= writer.turn();
        }
        assertEquals(List.of(), escaped);
    }

    private void committed(byte[] bytes) {
        replica.committed(++index, 3, bytes, 0, bytes.length);
    }

    private static byte[] opening(long epoch) {
        return EntryCodec.encode(new Entry(EntryKind.LEAD, GROUP, epoch, 1, 0, 0, List.of(),
            List.of(new EntryChange.Leader("memphis-1"))));
    }

    private static byte[] cursor(long epoch, long ordinal, long definitions, int consumer) {
        return EntryCodec.encode(new Entry(EntryKind.CHANGES, GROUP, epoch, ordinal, definitions, 0, List.of(),
            List.of(EntryChange.of(put(consumer), new SummaryCodec()))));
    }

    private static StoreChange put(int consumer) {
        return new StoreChange.PutCursor(1, consumer, new byte[] {(byte) consumer});
    }

    private static StoreChange batch(long sequence) {
        return new StoreChange.PutBatch(1, new BatchSummary(sequence, sequence, 1, 1, 1, 100, 100, List.of(), List.of()),
            new byte[100], 0,
            100);
    }

    private List<WriteOutcome> propose(WriteFence fence, StoreChange... changes) {
        List<WriteOutcome> heard = new ArrayList<>();
        shard.execute(() -> group.propose(new Proposal(List.of(changes), true, 100, fence, heard::add)));
        return heard;
    }

    private List<WriteOutcome> propose(StoreChange... changes) {
        return propose(WriteFence.NONE, changes);
    }

    private void lead() {
        committed(opening(FIRST));
        replica.leads(FIRST);
        settle();
        assertEquals(ShardReplica.Role.LEADING, replica.role());
    }

    private void commit(int which) {
        Proposed p = members.proposed.get(which);
        committed(p.bytes());
    }

    private Map<Long, byte[]> cursors() throws StoreException {
        Map<Long, byte[]> found = new TreeMap<>();
        store.recoverPartition(1, new LogStore.PartitionVisitor() {
            @Override
            public void state(byte[] bytes) { }

            @Override
            public void tombstones(long firstSequence, byte[] tombstones) { }

            @Override
            public void batch(StoredSummary summary) { }

            @Override
            public void cursor(long consumer, byte[] bytes) {
                found.put(consumer, bytes);
            }
        });
        return found;
    }

    @Test
    void shouldLetTheJournalGoWhenNothingFollows() {
        committed(opening(FIRST));
        committed(cursor(FIRST, 2, 0, 9));
        settle();
        assertEquals(0, members.stored, "nothing is synced yet");
        clock.now += 10 * SECOND;
        settle();
        assertEquals(2, members.stored, "an idle group keeps the journal of all others full otherwise");
        clock.now += 100 * SECOND;
        settle();
        assertEquals(2, replica.position().index());
    }

    /** The store is synced while an entry is being applied that has to be read for: the store has nothing of it yet. */
    @Test
    void shouldNotTellThatTheStoreHasWhatIsStillBeingApplied() {
        committed(opening(FIRST));
        settle();
        state.stored = 0;
        state.reads = true;
        committed(cursor(FIRST, 2, 0, 9));
        settle();
        replica.sync();
        settle();
        assertEquals(List.of("apply 1"), state.heard);
        assertEquals(0, state.stored);
        shard.execute(() -> state.read.run());
        settle();
        assertEquals(1, state.stored);
    }

    @Test
    void shouldNotStoreAPositionWhileItIsRebuilt() throws StoreException {
        committed(opening(FIRST));
        settle();
        List<String> heard = new ArrayList<>();
        replica.rebuild(() -> heard.add("left"));
        settle();
        assertEquals(List.of("left"), heard);
        store.write(List.of(replica.position().rebuilding().change(GROUP)), true);
        clock.now += 20 * SECOND;
        settle();
        assertFalse(GroupPosition.read(store, GROUP).whole(), "the store says that it is being rebuilt");
    }

    @Test
    void shouldMakeOneEntryOfATurnAndTellItsEndWhenItIsCommittedAndStored() throws StoreException {
        lead();
        List<WriteOutcome> one = propose(put(1));
        List<WriteOutcome> two = propose(put(2));
        settle();
        assertEquals(1, members.proposed.size());
        assertEquals(2, members.proposed.get(0).ordinal());
        assertEquals(List.of(), one);
        assertEquals(List.of(), List.copyOf(cursors().keySet()), "nothing is stored that is not committed");
        commit(0);
        settle();
        assertEquals(List.of(WriteOutcome.COMMITTED), one);
        assertEquals(List.of(WriteOutcome.COMMITTED), two);
        assertEquals(List.of(1L, 2L), List.copyOf(cursors().keySet()));
        assertEquals(new GroupPosition(2, 3, FIRST, 2), GroupPosition.read(store, GROUP));
        assertEquals(List.of("lead"), state.heard, "it is in the leader's memory already");
    }

    @Test
    void shouldLetGoWhatDoesNotContinueTheEpoch() throws StoreException {
        committed(opening(FIRST));
        committed(cursor(FIRST, 3, 0, 1)); // the second is missing
        committed(cursor(FIRST, 2, 0, 2));
        committed(opening(LATER));
        committed(cursor(FIRST, 3, 0, 3)); // of an epoch that is over
        committed(opening(FIRST)); // the same
        committed(cursor(LATER, 2, 0, 4));
        settle();
        assertEquals(List.of(2L, 4L), List.copyOf(cursors().keySet()));
        assertEquals(3, replica.voids());
        assertEquals(new GroupPosition(7, 3, LATER, 2), GroupPosition.read(store, GROUP));
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i++) {
            clock.now += 1_000_000;
            settle();
        }
    }

    @Test
    void shouldHandOverWhenNothingIsUndecided() {
        lead();
        List<WriteOutcome> before = propose(put(1));
        settle();
        List<String> told = new ArrayList<>();
        replica.handOver(() -> told.add("decided"));
        settle();
        assertEquals(List.of("lead", "hands over true"), state.heard);
        List<WriteOutcome> onItsWay = propose(put(2)); // arrives while messages wait already
        pass(30);
        assertEquals(List.of("lead", "hands over true", "store soon"), state.heard);
        assertEquals(List.of(), told, "the first entry is not committed");
        commit(0);
        commit(1);
        state.idle = false;
        pass(10);
        assertEquals(List.of(WriteOutcome.COMMITTED), before);
        assertEquals(List.of(WriteOutcome.COMMITTED), onItsWay);
        assertEquals(List.of(), told, "a partition waits for a write yet");
        state.idle = true;
        pass(10);
        assertEquals(List.of("decided"), told);
        pass(100);
        assertEquals(List.of("decided"), told, "once");
        replica.keep();
        settle();
        assertEquals("hands over false", state.heard.get(state.heard.size() - 1), "nobody came to lead");
        replica.keep();
        settle();
        assertEquals(4, state.heard.size());
    }

    @Test
    void shouldSayNothingOfAHandOverThatALossOfTheLeadEnds() {
        lead();
        propose(put(1));
        List<String> told = new ArrayList<>();
        replica.handOver(() -> told.add("decided"));
        settle();
        replica.ceased();
        pass(100);
        assertEquals(List.of(), told);
        replica.handOver(() -> told.add("leads nothing"));
        settle();
        assertEquals(List.of("leads nothing"), told);
    }

    @Test
    void shouldWaitForTheDefinitionsThatAnEntryWasDecidedWith() throws StoreException {
        committed(opening(FIRST));
        committed(cursor(FIRST, 2, 5, 1));
        committed(cursor(FIRST, 3, 5, 2));
        settle();
        assertEquals(List.of(), List.copyOf(cursors().keySet()));
        replica.folded(5);
        settle();
        assertEquals(List.of(1L, 2L), List.copyOf(cursors().keySet()));
    }

    @Test
    void shouldWaitForDefinitionsThatAreOnTheirWayToTheShard() throws StoreException {
        committed(opening(FIRST));
        settle();
        committed(cursor(FIRST, 2, 5, 1)); // the shard takes this, and what follows from the event is behind it
        shard.execute(() -> state.heard.add("partition of event 5"));
        replica.folded(5);
        settle();
        assertEquals(List.of("partition of event 5", "apply 1"), state.heard);
    }

    @Test
    void shouldNotWaitForDefinitionsWithWhatItDecidedItself() throws StoreException {
        folded = 5; // partitions that follow from the fifth event are here, and not all that do
        lead();
        List<WriteOutcome> heard = propose(put(1));
        settle();
        commit(0);
        settle();
        assertEquals(List.of(WriteOutcome.COMMITTED), heard);
    }

    @Test
    void shouldTellWhatBecameOfWhatWasOnItsWayWhenItCeased() throws StoreException {
        lead();
        List<WriteOutcome> first = propose(put(1));
        settle();
        List<WriteOutcome> second = propose(put(2));
        settle();
        shard.execute(replica::role);
        List<WriteOutcome> gathered = propose(put(3));
        shard.turn();
        replica.ceased();
        settle();
        assertEquals(ShardReplica.Role.SETTLING, replica.role());
        assertEquals(List.of(), first);
        assertEquals(List.of(), second);
        commit(0); // the next leader had it
        committed(opening(LATER)); // and no more
        settle();
        assertEquals(List.of(WriteOutcome.COMMITTED), first);
        assertInstanceOf(WriteOutcome.Refused.class, second.get(0));
        assertInstanceOf(WriteOutcome.Refused.class, gathered.get(0));
        assertEquals(List.of(1L), List.copyOf(cursors().keySet()));
        clock.now += 10 * SECOND;
        settle();
        assertEquals(1, first.size());
        assertEquals(1, second.size());
        assertEquals(List.of("lead", "cease", "follow", "apply 1"), state.heard);
    }

    @Test
    void shouldSayThatNobodyKnowsAfterAWhileAndNothingMoreThen() throws StoreException {
        lead();
        List<WriteOutcome> heard = propose(put(1));
        settle();
        replica.ceased();
        settle();
        clock.now += 4 * SECOND - 1;
        settle();
        assertEquals(List.of(), heard);
        clock.now += 1;
        settle();
        assertInstanceOf(WriteOutcome.Unknown.class, heard.get(0));
        commit(0);
        settle();
        assertEquals(1, heard.size());
        assertEquals(List.of(1L), List.copyOf(cursors().keySet()), "it is there all the same");
    }

    @Test
    void shouldRefuseWhatNobodyWasAskedForAndWhatIsProposedWithoutLeading() {
        List<WriteOutcome> early = propose(put(1));
        settle();
        assertInstanceOf(WriteOutcome.Refused.class, early.get(0));
        lead();
        List<WriteOutcome> one = propose(put(1));
        settle();
        List<WriteOutcome> two = propose(put(2));
        settle();
        replica.notTaken(FIRST, 3);
        settle();
        assertEquals(List.of(), one);
        assertInstanceOf(WriteOutcome.Refused.class, two.get(0));
    }

    @Test
    void shouldRefuseAnEntryThatTheJournalDoesNotTakeWithWhatDependsOnIt() {
        lead();
        WriteFence fence = new WriteFence();
        List<WriteOutcome> large = propose(fence, new StoreChange.PutCursor(1, 1, new byte[20_000]));
        settle();
        List<WriteOutcome> behind = propose(fence, put(2));
        List<WriteOutcome> other = propose(put(3));
        settle();
        assertInstanceOf(WriteOutcome.Refused.class, large.get(0));
        assertInstanceOf(WriteOutcome.Refused.class, behind.get(0));
        assertEquals(List.of(), other);
        assertEquals(1, members.proposed.size());
        assertEquals(2, members.proposed.get(0).ordinal(), "no place of the epoch was left out");
    }

    @Test
    void shouldLetGatherWhatIsTooMuchOnItsWay() {
        lead();
        List<List<WriteOutcome>> all = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            all.add(propose(put(i)));
            settle();
        }
        assertEquals(ReplicatedGroup.OPEN, members.proposed.size());
        commit(0);
        settle();
        assertEquals(ReplicatedGroup.OPEN + 1, members.proposed.size());
        for (int i = 1; i < members.proposed.size(); i++) {
            commit(i);
            settle();
        }
        all.forEach(heard -> assertEquals(List.of(WriteOutcome.COMMITTED), heard));
    }

    @Test
    void shouldStoreNothingBehindWhatTheDiskHasNoRoomFor() throws StoreException {
        lead();
        store.free(10);
        List<WriteOutcome> large = propose(batch(1));
        settle();
        List<WriteOutcome> small = propose(put(2));
        settle();
        commit(0);
        commit(1);
        settle();
        assertEquals(new GroupPosition(1, 3, FIRST, 1), GroupPosition.read(store, GROUP));
        assertEquals(List.of(), large);
        assertEquals(List.of(), small);
        store.free(1_000);
        clock.now += SECOND;
        settle();
        assertEquals(List.of(WriteOutcome.COMMITTED), large);
        assertEquals(List.of(WriteOutcome.COMMITTED), small);
        assertEquals(new GroupPosition(3, 3, FIRST, 3), GroupPosition.read(store, GROUP));
    }

    @Test
    void shouldTakeNoMorePartWhenTheStoreFails() {
        lead();
        List<WriteOutcome> heard = propose(put(1));
        settle();
        store.failNextWrite();
        commit(0);
        settle();
        assertTrue(members.failed.contains("replication group 7"), members.failed);
        assertEquals(ShardReplica.Role.SETTLING, replica.role());
        assertFalse(replica.failure().isEmpty());
        committed(opening(LATER));
        settle();
        assertEquals(new GroupPosition(2, 3, FIRST, 2), replica.position());
        assertEquals(List.of(WriteOutcome.COMMITTED), heard, "the other members have it");
    }

    @Test
    void shouldTellTheJournalWhatTheStoreHasForGood() {
        lead();
        assertEquals(0, members.stored);
        propose(new StoreChange.PutCursor(1, 1, new byte[2_000]));
        settle();
        commit(0);
        settle();
        assertEquals(2, members.stored);
        store.crash();
    }

    @Test
    void shouldTellTheJournalWhatTheStoreHasAlsoWhenNothingFollows() {
        lead();
        clock.now += 9 * SECOND;
        settle();
        assertEquals(0, members.stored);
        clock.now += SECOND;
        settle();
        assertEquals(1, members.stored, "a silent group would have the journal keep everything of all others");
        clock.now += 20 * SECOND;
        settle();
        committed(opening(LATER));
        settle();
        assertEquals(2, members.stored, "it is later than that already");
    }

    @Test
    void shouldTellTheJournalWhatTheStoreHasWhenItAsks() {
        lead();
        replica.sync();
        settle();
        assertEquals(1, members.stored);
        replica.rebuild(() -> { });
        settle();
        committed(opening(LATER));
        replica.sync();
        clock.now += 20 * SECOND;
        settle();
        assertEquals(1, members.stored, "nothing is written while it is being rebuilt");
    }

    @Test
    void shouldRemoveAPartitionOnThisNodeAlone() {
        lead();
        List<WriteOutcome> heard = propose(new StoreChange.DropPartition(1));
        settle();
        assertEquals(List.of(WriteOutcome.COMMITTED), heard);
        assertEquals(List.of(), members.proposed);
    }

    @Test
    void shouldSayWhoDecides() {
        replica.leader(true);
        settle();
        assertEquals(ShardReplica.Role.FOLLOWING, replica.role());
        replica.leader(false);
        settle();
        assertEquals(ShardReplica.Role.SETTLING, replica.role());
        lead();
        replica.leader(true);
        settle();
        assertEquals(ShardReplica.Role.LEADING, replica.role(), "until it ceases");
    }
}

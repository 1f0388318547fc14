package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.bytes;
import static org.memphisee.contract.Batches.merge;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.contract.RefusingStore;
import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemLog;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/** The real writer over the real store on a disk that fills and empties again: nothing stays closed. */
class LogWriterFullTest {

    private static final long SECOND = 1_000_000_000L;

    /** One kind of write each, and what it consists of. */
    enum Kind {
        BATCH(c -> c instanceof StoreChange.PutBatch),
        CURSOR(c -> c instanceof StoreChange.PutCursor),
        REMOVAL(c -> c instanceof StoreChange.DropBatches || c instanceof StoreChange.PutTombstones),
        MERGE(c -> c instanceof StoreChange.MergeBatches),
        EVENT(c -> c instanceof StoreChange.PutSystemEvent),
        SNAPSHOT(c -> c instanceof StoreChange.PutSystemSnapshot),
        PARTITION(c -> c instanceof StoreChange.DropPartition);

        private final Predicate<StoreChange> changes;

        Kind(Predicate<StoreChange> changes) {
            this.changes = changes;
        }

        boolean needsRoom() {
            return this == BATCH || this == MERGE || this == SNAPSHOT;
        }
    }

    @TempDir
    private Path directory;
    private RefusingStore store;
    private LogWriter writer;
    private SystemLogWriter systemLog;
    private WriteFence fence = new WriteFence();
    private long next = 100;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void open() throws StoreException {
        store = new RefusingStore(JeLogStore.open(new JeStoreSettings(directory, 16L << 20, 0, Thread::new)));
        store.write(List.of(put(1, 1, 1, record(1, 1, 50)), put(1, 2, 2, record(1, 2, 50)),
            put(1, 3, 3, record(1, 3, 50)), put(2, 1, 1, record(2, 1, 50))), true);
        writer = new LogWriter(store, BrokerClock.SYSTEM, SECOND);
        systemLog = new SystemLogWriter(writer, new SideLogs(store, writer, Runnable::run, BrokerClock.SYSTEM));
        systemLog.begin(Runnable::run, 0);
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private Proposal.Ending tell(String name) {
        return outcome -> told.add(name + ' ' + outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    private void submit(Kind kind) {
        String name = kind.name();
        switch (kind) {
            case BATCH -> batch(name);
            case CURSOR -> writer.submit(new Proposal(List.of(new StoreChange.PutCursor(1, 5, bytes("c"))), true, 0,
                tell(name)));
            case REMOVAL -> writer.submit(new Proposal(List.of(new StoreChange.DropBatches(1, List.of(3L)),
                new StoreChange.PutTombstones(1, 2, bytes("t"))), true, 0, tell(name)));
            case MERGE -> writer.submit(new Proposal(List.of(merge(1, List.of(1L, 2L), 1, 2, record(1, 1, 100))),
                false, 100, tell(name)));
            case EVENT -> systemLog.append(bytes("event"), SideLog.AUDIT, 1, new SystemLog.Outcome() {
                @Override
                public void durable() {
                    told.add(name + " committed");
                }

                @Override
                public void failed(StoreException cause) {
                    told.add(name + (cause.full() ? " refused" : " failed"));
                }
            });
            case SNAPSHOT -> systemLog.snapshot(1, bytes("snapshot"), 1);
            case PARTITION -> writer.submit(new Proposal(List.of(new StoreChange.DropPartition(2)), false, 0,
                tell(name)));
            default -> throw new IllegalArgumentException(name);
        }
    }

    private void batch(String name) {
        writer.submit(new Proposal(List.of(put(1, next, next, record(1, next, 50))), true, 50, fence, tell(name)));
        next++;
    }

    private long count(Kind kind) {
        return store.written().stream().filter(kind.changes).count();
    }

    /** One group that holds all kinds, of which one is refused. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldGoOnWithEverythingWhenOneKindOfAMixedGroupWasRefused(Kind refused) {
        store.refuse(refused.changes);
        for (Kind kind : Kind.values()) {
            submit(kind);
        }
        writer.turn();

        Map<Kind, Long> before = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            boolean passes = refused.needsRoom() && !kind.needsRoom();
            long initially = kind == Kind.BATCH ? 4 : 0;
            assertEquals(passes, count(kind) > initially, kind + " of the group in which " + refused + " was refused");
            if (kind != Kind.SNAPSHOT) {
                assertTrue(told.contains(kind + (passes ? " committed" : " refused")), told.toString());
            }
            before.put(kind, count(kind));
        }
        assertEquals(Optional.empty(), writer.fault(SECOND), "a full disk is no fault");

        store.free();
        told.clear();
        fence = new WriteFence(); // the owner of the batches has taken back what it had given out
        for (Kind kind : Kind.values()) {
            submit(kind);
            writer.turn();
            assertTrue(count(kind) > before.get(kind), kind + " goes on after " + refused + " was refused");
        }
        assertEquals(List.of("BATCH committed", "CURSOR committed", "REMOVAL committed", "MERGE committed", "EVENT committed",
            "PARTITION committed"), told);
    }

    /** Alone, without a word to anybody else. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldTakeEachKindAgainAfterItWasRefusedAlone(Kind kind) {
        store.refuse(kind.changes);
        submit(kind);
        writer.turn();
        assertEquals(1, store.refusals(), "there is nothing to repeat without it");
        long before = count(kind);
        store.free();
        fence = new WriteFence();
        submit(kind);
        writer.turn();
        assertTrue(count(kind) > before);
    }

    @Test
    void shouldRefuseBatchesBehindARefusedOneUntilItsOwnerHasRolledBack() {
        store.refuse(Kind.BATCH.changes);
        batch("first");
        writer.turn();
        store.free();
        batch("second");
        submit(Kind.CURSOR);
        writer.turn();
        assertEquals(List.of("first refused", "second refused", "CURSOR committed"), told,
            "a batch behind a gap is not written, what belongs to no batch is");
    }

    @Test
    void shouldWriteNothingMoreAfterAnotherFailureThanAFullDisk() throws StoreException {
        store.close();
        submit(Kind.EVENT);
        writer.turn();
        submit(Kind.CURSOR);
        submit(Kind.BATCH);
        writer.turn();
        assertEquals(List.of("EVENT failed", "CURSOR lost", "BATCH lost"), told);
        assertTrue(writer.fault(SECOND).isPresent());
    }

    @Test
    void shouldSyncLaterWhatCouldNotBeSyncedOnAFullDisk() throws Exception {
        LogWriter own = new LogWriter(store, BrokerClock.SYSTEM, 1_000_000);
        store.refuseSync(true);
        own.start(World.of(Thread::new));
        try {
            own.submit(new Proposal(List.of(new StoreChange.PutCursor(1, 6, bytes("x"))), false, 0, tell("cursor")));
            long deadline = System.nanoTime() + 20 * SECOND;
            while (store.refusals() < 3) {
                assertTrue(System.nanoTime() < deadline, "the sync is tried again");
                Thread.onSpinWait();
            }
            assertEquals(Optional.empty(), own.fault(20 * SECOND));
        } finally {
            store.free();
            own.close();
        }
    }
}

package org.memphisee.cluster.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.memphisee.core.append.LogWriter;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryFormatException;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.log.SummaryCodec;
import org.memphisee.core.partition.GroupPartitions;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ShardReplica;

/**
 * Makes this node's store have what the leader of a group has, keeping what is the same. It asks for an offer, drops what is not in
 * it, fetches what is missing, and asks again, until an offer has all of one moment with it; then the log begins behind
 * that. Killed in between, the store says that it is being rebuilt, and what was fetched is kept. On the thread that drives the
 * group.
 */
final class RebuildTaker {

    private static final long AGAIN_NANOS = 500_000_000;
    /** Without anything from the leader for so long, it asks anew. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long FLIGHT_BYTES = 4L << 20;
    private static final int DROPS = 1_000;
    private static final long SECOND = 1_000_000_000;

    private final long group;
    private final long life;
    private final List<String> peers;
    private final Source source;
    private final RebuildWay way;
    private final Told told;
    private final boolean lost;
    /** What the store has, by partition and key; what is being written included. */
    private final Map<Long, TreeMap<Long, RebuildFrames.Batch>> have = new HashMap<>();
    private final Map<Long, Set<Long>> cursors = new HashMap<>();
    private final ArrayDeque<RebuildFrames.Key> wanted = new ArrayDeque<>();
    /** Asked for and not here. */
    private final Map<RebuildFrames.Key, RebuildFrames.Batch> flying = new HashMap<>();
    private final Set<RebuildFrames.Key> gone = new HashSet<>();
    private final Map<RebuildFrames.Key, byte[]> pieces = new HashMap<>();
    private final Map<RebuildFrames.Key, Integer> got = new HashMap<>();
    private Incoming offer;
    private String from = "";
    private GroupPosition last = GroupPosition.BEGIN;
    private boolean ready;
    /** The offer is being compared, or is complete. */
    private boolean comparing;
    private boolean complete;
    private boolean finishing;
    /** Writes that have not ended. */
    private int open;
    private boolean over;
    private long writing;
    private long next = Long.MIN_VALUE;
    private long heardNanos;
    private long allowed;
    private long allowedAt = Long.MIN_VALUE;
    private long began = Long.MIN_VALUE;
    private GroupPosition done;
    private long ticket = Long.MAX_VALUE;

    /** Where it is stored, and how quickly. */
    record Source(JournalGroup log, ShardReplica shard,
                  GroupPartitions partitions, Shard thread, LogStore store, LogWriter writer,
                  Executor readers, LongSupplier definitions, long bytesPerSecond, long forgottenNanos) { }

    /** Hears how it ended; on the thread that drives the group. */
    interface Told {

        /** The store and the log have everything up to a position, durably. Told once. */
        void rebuilt(GroupPosition at);

        /** Something of a message, or a whole batch of them, was fetched. */
        default void fetched(int bytes) { }

        /** It is not rebuilt until the node is started again. Told once. */
        void failed(String why);
    }

    /** An offer that is arriving. */
    private static final class Incoming {
        private final GroupPosition at;
        private final boolean whole;
        private final long definitions;
        private final Map<Long, TreeMap<Long, RebuildFrames.Batch>> listed = new TreeMap<>();
        private final Map<RebuildFrames.Key, EntryChange.Batch> records = new HashMap<>();
        private final List<StoreChange> small = new ArrayList<>();
        private long number = 1;

        private Incoming(GroupPosition at, boolean whole, long definitions) {
            this.at = at;
            this.whole = whole;
            this.definitions = definitions;
        }
    }

    /**
     * Of a group of which nothing is applied from now on.
     *
     * @param life a number that no other rebuild has
     * @param peers who else has the group
     * @param position what the store has, or had
     */
    RebuildTaker(long group, long life, List<String> peers, GroupPosition position, Source source, RebuildWay way, Told told) {
        this.group = group;
        this.life = life;
        this.peers = peers;
        this.source = source;
        this.way = way;
        this.told = told;
        lost = source.log().standing() != Standing.COMPLETE;
        source.shard().rebuild(() -> {
            Set<Long> numbers = source.partitions().storedNumbers();
            way.resume(() -> write(List.of(position.rebuilding().change(group)), true, 0, () ->
                source.readers().execute(() -> load(numbers))));
        });
    }

    // ---- what is here

    private void load(Set<Long> numbers) {
        try {
            for (long partition : numbers) {
                TreeMap<Long, RebuildFrames.Batch> batches = new TreeMap<>();
                Set<Long> known = new TreeSet<>();
                source.store().recoverPartition(partition, new LogStore.PartitionVisitor() {
                    @Override
                    public void state(byte[] state) { }

                    @Override
                    public void tombstones(long first, byte[] tombstones) { }

                    @Override
                    public void batch(StoredSummary summary) {
                        batches.put(summary.firstSequence(), RebuildGiver.batch(summary));
                    }

                    @Override
                    public void cursor(long consumer, byte[] state) {
                        known.add(consumer);
                    }
                });
                way.resume(() -> {
                    have.put(partition, batches);
                    cursors.put(partition, known);
                });
            }
            way.resume(() -> ready = true);
        } catch (StoreException | RuntimeException e) {
            way.resume(() -> fail("what the store has of it cannot be read: " + e.getMessage()));
        }
    }

    private void fail(String why) {
        if (!over) {
            over = true;
            told.failed(why);
        }
    }

    /** {@code then} is told on the thread that drives the group; when the disk is full it is tried again. */
    private void write(List<StoreChange> changes, boolean sync, int bytes, Runnable then) {
        writing += bytes;
        open++;
        source.writer().submit(new Proposal(changes, sync, bytes, outcome -> way.resume(() -> {
            writing -= bytes;
            open--;
            if (outcome instanceof WriteOutcome.Refused) {
                later.add(() -> write(changes, sync, bytes, then));
            } else if (outcome instanceof WriteOutcome.Failed failed) {
                fail("it cannot be stored: " + failed.cause().getMessage());
            } else {
                then.run();
            }
        })));
    }

    /** Writes that the disk had no room for. */
    private final List<Runnable> later = new ArrayList<>();
    private long laterAt = Long.MIN_VALUE;

    // ---- asking

    /** Asks for what it lacks; when it wants to be asked again. */
    long turn(long now) {
        if (!later.isEmpty() && laterAt <= now) {
            laterAt = now + SECOND;
            List<Runnable> all = List.copyOf(later);
            later.clear();
            all.forEach(Runnable::run);
        }
        if (ticket != Long.MAX_VALUE && source.log().durableTicket() >= ticket) {
            ticket = Long.MAX_VALUE;
            over = true;
            GroupPosition at = done;
            source.thread().execute(() -> source.shard().rebuilt(at));
            told.rebuilt(at);
        }
        if (began == Long.MIN_VALUE) {
            began = now;
        }
        if (complete && !finishing && open == 0 && later.isEmpty()) {
            if (lost && now - began < source.forgottenNanos()) {
                return began + source.forgottenNanos(); // a candidate may still count a vote that this member does not know of
            }
            finish();
        }
        if (over || !ready || comparing || complete) {
            return later.isEmpty() ? Long.MAX_VALUE : laterAt;
        }
        if (!from.isEmpty() && now - heardNanos >= PATIENCE_NANOS) {
            anew();
        }
        if (from.isEmpty()) {
            if (next <= now) {
                next = now + AGAIN_NANOS;
                byte[] ask = RebuildFrames.ask(group, life, lost, last.index(), List.copyOf(gone));
                peers.forEach(peer -> way.send(peer, ask.clone()));
            }
            return next;
        }
        fetch(now);
        return Math.min(now + AGAIN_NANOS, heardNanos + PATIENCE_NANOS);
    }

    /** What was on its way is not counted on. */
    private void anew() {
        from = "";
        offer = null;
        last = GroupPosition.BEGIN;
        wanted.clear();
        flying.clear();
        gone.clear();
        pieces.clear();
        got.clear();
        next = Long.MIN_VALUE;
    }

    void unlinked(String peer) {
        if (peer.equals(from) && !comparing && !complete) {
            anew();
        }
    }

    private void fetch(long now) {
        if (allowedAt == Long.MIN_VALUE) {
            allowedAt = now;
            allowed = source.bytesPerSecond() / 10;
        }
        allowed = Math.min(source.bytesPerSecond() / 10 + FLIGHT_BYTES,
            allowed + (long) (source.bytesPerSecond() * ((now - allowedAt) / (double) SECOND)));
        allowedAt = now;
        long inFlight = writing + flying.values().stream().mapToLong(RebuildFrames.Batch::bytes).sum();
        List<RebuildFrames.Key> asked = new ArrayList<>();
        while (!wanted.isEmpty() && asked.size() < RebuildFrames.BATCHES_PER_FRAME / 64 && allowed > 0 && inFlight < FLIGHT_BYTES) {
            RebuildFrames.Key key = wanted.peek();
            RebuildFrames.Batch batch = offer.listed.get(key.partition()).get(key.first());
            wanted.poll();
            asked.add(key);
            flying.put(key, batch);
            inFlight += batch.bytes();
            allowed -= batch.bytes();
        }
        if (!asked.isEmpty()) {
            ByteBuffer out = RebuildFrames.begin(RebuildFrames.FETCH, group, life, Integer.BYTES + asked.size() * 2 * Long.BYTES)
                .putInt(asked.size());
            asked.forEach(key -> out.putLong(key.partition()).putLong(key.first()));
            if (!way.send(from, out.array())) {
                asked.forEach(key -> {
                    flying.remove(key);
                    wanted.addFirst(key);
                });
            }
        } else if (offer.number < 0 && wanted.isEmpty() && flying.isEmpty() && open == 0 && later.isEmpty()) {
            from = ""; // all that was listed is here or gone: the rest comes with the next offer
            next = Long.MIN_VALUE;
        }
    }

    // ---- what arrives

    /** A frame about this rebuild. */
    void received(String peer, long ofLife, byte what, ByteBuffer in, long now) {
        if (ofLife != life || over || !ready || comparing || complete) {
            return;
        }
        try {
            switch (what) {
                case RebuildFrames.BEGIN -> begins(peer, in, now);
                case RebuildFrames.BATCHES, RebuildFrames.SMALL, RebuildFrames.END -> continued(peer, what, in, now);
                case RebuildFrames.RECORD -> record(peer, in, now);
                case RebuildFrames.GONE -> gone(peer, new RebuildFrames.Key(in.getLong(), in.getLong()), now);
                default -> { }
            }
        } catch (BufferUnderflowException | EntryFormatException e) {
            anew();
        }
    }

    private void begins(String peer, ByteBuffer in, long now) {
        long number = in.getLong();
        long term = in.getLong();
        long definitions = in.getLong();
        GroupPosition at = RebuildFrames.position(in);
        boolean whole = in.get() != 0;
        JournalGroup log = source.log();
        boolean old = log.standing() == Standing.COMPLETE && (term < log.term() || at.index() < log.baseIndex());
        if (from.isEmpty() && number == 1 && !old && definitions <= source.definitions().getAsLong()) {
            from = peer;
            heardNanos = now;
            offer = new Incoming(at, whole, definitions);
        }
    }

    /** Frames of an offer are numbered: when one is missing, it is asked for anew. */
    private boolean follows(String peer, long number, long now) {
        if (!peer.equals(from) || offer == null || offer.number < 0) {
            return false;
        }
        heardNanos = now;
        if (number != offer.number + 1) {
            anew();
            return false;
        }
        offer.number = number;
        return true;
    }

    private void continued(String peer, byte what, ByteBuffer in, long now) throws EntryFormatException {
        if (!follows(peer, in.getLong(), now)) {
            return;
        }
        if (what == RebuildFrames.BATCHES) {
            TreeMap<Long, RebuildFrames.Batch> to = offer.listed.computeIfAbsent(in.getLong(), p -> new TreeMap<>());
            RebuildFrames.batches(in).forEach(batch -> to.put(batch.first(), batch));
        } else if (what == RebuildFrames.SMALL) {
            for (EntryChange change : EntryCodec.decode(RebuildFrames.rest(in)).changes()) {
                if (change instanceof EntryChange.Stored stored) {
                    offer.small.add(stored.change());
                }
            }
        } else {
            offer.number = -1;
            comparing = true;
            source.thread().execute(() -> {
                Set<Long> defined = source.partitions().storedNumbers();
                way.resume(() -> {
                    comparing = false;
                    if (offer != null) {
                        all(defined);
                    }
                });
            });
        }
    }

    private void record(String peer, ByteBuffer in, long now) throws EntryFormatException {
        long number = in.getLong();
        RebuildFrames.Key key = new RebuildFrames.Key(in.getLong(), in.getLong());
        if (number >= 0 && !follows(peer, number, now) || !peer.equals(from) || offer == null
            || number < 0 && !flying.containsKey(key)) {
            return;
        }
        heardNanos = now;
        int length = in.getInt();
        int at = in.getInt();
        byte[] record = at == 0 && length > 0 && length <= MOST_BYTES ? new byte[length] : pieces.get(key);
        if (record == null || at != (at == 0 ? 0 : got.getOrDefault(key, -1)) || record.length != length
            || in.remaining() > length - at) {
            anew();
            return;
        }
        int end = at + in.remaining();
        told.fetched(in.remaining());
        in.get(record, at, in.remaining());
        pieces.put(key, record);
        got.put(key, end);
        if (end < length) {
            return;
        }
        pieces.remove(key);
        got.remove(key);
        if (EntryCodec.decode(record).changes().get(0) instanceof EntryChange.Batch batch) {
            if (number >= 0) {
                offer.records.put(key, batch);
            } else {
                RebuildFrames.Batch listed = flying.remove(key);
                if (listed.equals(RebuildGiver.batch(batch.summary()))) {
                    put(key, listed, batch);
                } else {
                    gone.add(key);
                }
            }
        }
    }

    private static final int MOST_BYTES = 128 << 20;

    private void gone(String peer, RebuildFrames.Key key, long now) {
        if (peer.equals(from) && flying.remove(key) != null) {
            heardNanos = now;
            gone.add(key);
        }
    }

    private void put(RebuildFrames.Key key, RebuildFrames.Batch numbers, EntryChange.Batch batch) {
        have.computeIfAbsent(key.partition(), p -> new TreeMap<>()).put(key.first(), numbers);
        try {
            write(List.of(new StoreChange.PutBatch(key.partition(), SummaryCodec.decode(batch.summary().bytes()), batch.record(),
                batch.offset(), batch.length())), false, batch.length(), () -> { });
        } catch (IOException e) {
            throw new IllegalStateException("a summary that was looked at is damaged", e);
        }
    }

    /** The whole offer is here. */
    private void all(Set<Long> defined) {
        last = offer.at;
        gone.clear();
        List<RebuildFrames.Key> missing = new ArrayList<>();
        offer.listed.keySet().retainAll(defined); // the others were deleted meanwhile
        offer.listed.forEach((partition, listed) -> {
            TreeMap<Long, RebuildFrames.Batch> here = have.computeIfAbsent(partition, p -> new TreeMap<>());
            List<Long> drops = new ArrayList<>();
            here.forEach((first, batch) -> {
                if (!batch.equals(listed.get(first))) {
                    drops.add(first);
                }
            });
            drops.forEach(here::remove);
            for (int i = 0; i < drops.size(); i += DROPS) {
                write(List.of(new StoreChange.DropBatches(partition, List.copyOf(drops.subList(i, Math.min(drops.size(), i + DROPS))))),
                    false, 0, () -> { });
            }
            listed.forEach((first, batch) -> {
                RebuildFrames.Key key = new RebuildFrames.Key(partition, first);
                EntryChange.Batch record = offer.records.get(key);
                if (here.containsKey(first)) {
                    return;
                }
                if (record != null) {
                    put(key, batch, record);
                } else {
                    missing.add(key);
                }
            });
        });
        offer.records.clear();
        if (offer.whole && missing.isEmpty()) {
            complete = true;
        } else {
            wanted.clear();
            wanted.addAll(missing);
        }
    }

    // ---- the end

    private void finish() {
        finishing = true;
        List<StoreChange> changes = new ArrayList<>();
        Map<Long, Set<Long>> left = new HashMap<>();
        cursors.forEach((partition, known) -> left.put(partition, new TreeSet<>(known)));
        for (StoreChange change : offer.small) {
            long partition = change instanceof StoreChange.PutCursor c ? c.partition()
                : change instanceof StoreChange.PutTombstones t ? t.partition() : ((StoreChange.PutPartitionState) change).partition();
            if (offer.listed.containsKey(partition)) {
                changes.add(change);
                if (change instanceof StoreChange.PutCursor c) {
                    left.getOrDefault(partition, Set.of()).remove(c.consumer());
                }
            }
        }
        left.forEach((partition, consumers) -> consumers.forEach(consumer ->
            changes.add(new StoreChange.DropCursor(partition, consumer))));
        changes.add(offer.at.change(group));
        GroupPosition at = offer.at;
        write(changes, true, 0, () -> begin(at));
    }

    private void begin(GroupPosition at) {
        done = at;
        try {
            ticket = begin(source.log(), at);
        } catch (JournalException e) {
            fail(e.getMessage());
        }
    }

    /**
     * Has a log begin behind what the store has, when it does not go on there already.
     *
     * @return ticket
     */
    static long begin(JournalGroup log, GroupPosition at) throws JournalException {
        boolean within = log.standing() == Standing.COMPLETE && at.index() <= log.lastIndex();
        if (within && log.termAt(at.index()) == at.term()) {
            return log.pendingTicket();
        }
        if (within && at.index() < log.lastIndex()) {
            log.cut(at.index() + 1); // what follows an entry that others decided otherwise was never decided
        }
        long now = Math.max(log.term(), at.term());
        return log.begin(at.index(), at.term(), now, now == log.term() ? log.vote() : "");
    }
}

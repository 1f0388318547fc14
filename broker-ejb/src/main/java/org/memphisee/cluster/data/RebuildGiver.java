package org.memphisee.cluster.data;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalHold;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.GroupPartitions;
import org.memphisee.core.partition.log.Mending;
import org.memphisee.core.replication.GroupPosition;
import org.memphisee.core.replication.ShardReplica;

/**
 * Gives a group to members that rebuild it, while this node leads it: in one turn of its shard, what the store has and up to where
 * that is. An offer lists batches; when what the member lacks of them is little, it has the records too, with everything else
 * that is stored, and then the member has all of one moment. On the thread that drives the group's replica.
 */
final class RebuildGiver {

    /** Records of so many bytes are read in the turn of an offer. */
    static final long LITTLE_BYTES = 4L << 20;
    /** So long the journal keeps for a member what comes behind an offer. */
    private static final long HELD_NANOS = 1_800_000_000_000L;

    private final String self;
    private final long group;
    private final Source source;
    private final RebuildWay way;
    private final Map<String, Asked> asked = new HashMap<>();
    private final Map<String, Going> going = new HashMap<>();

    /** What it gives. */
    record Source(JournalGroup log, ShardReplica shard, GroupPartitions partitions, LogStore store, Executor readers,
                  LongSupplier definitions, long littleBytes, Mending mending) { }

    /** In which term this node was when it first heard that a member rebuilds. */
    private record Asked(long life, long term) { }

    /** What is on its way to a member. */
    private static final class Going {
        private final long life;
        private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
        private JournalHold hold;
        private long heldUntil;
        /** Its last offer. */
        private GroupPosition at = GroupPosition.BEGIN;
        private Map<Long, Map<Long, RebuildFrames.Batch>> listed = Map.of();
        private boolean looking;

        private Going(long life) {
            this.life = life;
        }
    }

    RebuildGiver(String self, long group, Source source, RebuildWay way) {
        this.self = self;
        this.group = group;
        this.source = source;
        this.way = way;
    }

    /** A member asks. */
    void asked(String peer, long life, ByteBuffer in, GroupReplica replica, long now) {
        boolean lost = in.get() != 0;
        long last = in.getLong();
        List<RebuildFrames.Key> missing = RebuildFrames.keys(in);
        if (replica == null || replica.failed()) {
            return;
        }
        Asked before = asked.get(peer);
        if (before == null || before.life() != life) {
            before = new Asked(life, replica.term());
            asked.put(peer, before);
        }
        boolean leads = lost ? replica.leading() && replica.leasedUntil(now) >= now
            : !replica.leader().isEmpty() && replica.leader().equals(self);
        if (!leads) {
            return;
        }
        if (lost && replica.term() <= before.term()) {
            replica.resign(now); // it may have been elected with a vote that is forgotten, or count on what is (K11)
            return;
        }
        Going to = going.computeIfAbsent(peer, name -> new Going(life));
        if (to.life != life) {
            drop(peer);
            to = new Going(life);
            going.put(peer, to);
        }
        if (!to.looking && to.frames.isEmpty()) {
            offer(to, replica.term(), last, missing, now);
        }
    }

    private void drop(String peer) {
        Going old = going.remove(peer);
        if (old != null && old.hold != null) {
            old.hold.close();
        }
    }

    private void offer(Going to, long term, long last, List<RebuildFrames.Key> missing, long now) {
        to.looking = true;
        Map<Long, Map<Long, RebuildFrames.Batch>> known = last > 0 && to.at.index() == last ? to.listed : null;
        JournalHold hold = source.log().hold(source.log().baseIndex() + 1);
        source.shard().look(position -> {
            Offer made = null;
            if (position != null) {
                try {
                    made = new Offer(position, term, known, new HashSet<>(missing)).make(to.life);
                } catch (StoreException e) {
                    made = null; // of no use to the member; it asks again, perhaps another one
                }
            }
            Offer offer = made;
            way.resume(() -> {
                to.looking = false;
                if (offer == null) {
                    hold.close();
                    return;
                }
                hold.move(offer.at.index() + 1);
                if (to.hold != null) {
                    to.hold.close();
                }
                to.hold = hold;
                to.heldUntil = now + HELD_NANOS;
                to.at = offer.at;
                to.listed = offer.listed;
                to.frames.addAll(offer.frames);
            });
        });
    }

    /** On the shard's thread, in one turn. */
    private final class Offer {
        private final GroupPosition at;
        private final long term;
        private final Map<Long, Map<Long, RebuildFrames.Batch>> known;
        private final Set<RebuildFrames.Key> missing;
        private final Map<Long, Map<Long, RebuildFrames.Batch>> listed = new TreeMap<>();
        private final List<EntryChange> small = new ArrayList<>();
        private final List<byte[]> frames = new ArrayList<>();
        private final List<RebuildFrames.Key> lacks = new ArrayList<>();
        private long lacksBytes;
        private long number;

        private Offer(GroupPosition at, long term, Map<Long, Map<Long, RebuildFrames.Batch>> known,
                      Set<RebuildFrames.Key> missing) {
            this.at = at;
            this.term = term;
            this.known = known;
            this.missing = missing;
        }

        private Offer make(long life) throws StoreException {
            for (long partition : source.partitions().storedNumbers()) {
                list(partition);
            }
            boolean whole = lacksBytes <= source.littleBytes();
            ByteBuffer first = RebuildFrames.begin(RebuildFrames.BEGIN, group, life, 7 * Long.BYTES + 1).putLong(++number)
                .putLong(term).putLong(source.definitions().getAsLong());
            RebuildFrames.put(first, at);
            frames.add(first.put((byte) (whole ? 1 : 0)).array());
            listed.forEach((partition, batches) -> {
                List<RebuildFrames.Batch> all = List.copyOf(batches.values());
                for (int i = 0; i == 0 || i < all.size(); i += RebuildFrames.BATCHES_PER_FRAME) {
                    frames.add(RebuildFrames.batches(group, life, ++number, partition,
                        all.subList(i, Math.min(all.size(), i + RebuildFrames.BATCHES_PER_FRAME))));
                }
            });
            if (whole) {
                for (RebuildFrames.Key key : lacks) {
                    number = record(frames, life, number, key, read(key));
                }
                for (EntryChange each : small) {
                    byte[] entry = BatchEntries.of(group, List.of(each));
                    frames.add(RebuildFrames.begin(RebuildFrames.SMALL, group, life, Long.BYTES + entry.length).putLong(++number)
                        .put(entry).array());
                }
            }
            frames.add(RebuildFrames.begin(RebuildFrames.END, group, life, Long.BYTES).putLong(++number).array());
            return this;
        }

        private void list(long partition) throws StoreException {
            Map<Long, RebuildFrames.Batch> batches = new TreeMap<>();
            listed.put(partition, batches);
            Map<Long, RebuildFrames.Batch> before = known == null ? Map.of() : known.getOrDefault(partition, Map.of());
            source.store().recoverPartition(partition, new LogStore.PartitionVisitor() {
                @Override
                public void state(byte[] state) {
                    small.add(new EntryChange.Stored(new StoreChange.PutPartitionState(partition, state)));
                }

                @Override
                public void tombstones(long first, byte[] tombstones) {
                    small.add(new EntryChange.Stored(new StoreChange.PutTombstones(partition, first, tombstones)));
                }

                @Override
                public void batch(StoredSummary s) {
                    RebuildFrames.Batch batch = RebuildGiver.batch(s);
                    batches.put(batch.first(), batch);
                    RebuildFrames.Key key = new RebuildFrames.Key(partition, batch.first());
                    if (!batch.equals(before.get(batch.first())) || missing.contains(key)) {
                        lacks.add(key);
                        lacksBytes += batch.bytes();
                    }
                }

                @Override
                public void cursor(long consumer, byte[] state) {
                    small.add(new EntryChange.Stored(new StoreChange.PutCursor(partition, consumer, state)));
                }
            });
        }
    }

    static RebuildFrames.Batch batch(StoredSummary s) {
        return new RebuildFrames.Batch(s.firstSequence(), s.lastSequence(), s.count(), s.recordBytes());
    }

    /** What is damaged here is mended meanwhile, and given when it is asked for again. */
    private byte[] read(RebuildFrames.Key key) throws StoreException {
        try {
            return BatchEntries.read(source.store(), group, key);
        } catch (DamagedException e) {
            source.mending().mend(key.partition(), key.first(), e, found -> { }, why -> { });
            throw e;
        }
    }

    /** In pieces; number of the last frame, or 0 for one that was asked for alone. */
    private long record(List<byte[]> to, long life, long number, RebuildFrames.Key key, byte[] entry) {
        long next = number;
        for (int at = 0; at < entry.length; at += RebuildFrames.PIECE_BYTES) {
            int bytes = Math.min(RebuildFrames.PIECE_BYTES, entry.length - at);
            next = number < 0 ? -1 : next + 1;
            to.add(RebuildFrames.begin(RebuildFrames.RECORD, group, life, 3 * Long.BYTES + 2 * Integer.BYTES + bytes).putLong(next)
                .putLong(key.partition()).putLong(key.first()).putInt(entry.length).putInt(at).put(entry, at, bytes).array());
        }
        return next;
    }

    /** A member wants a batch that was listed. */
    void fetch(String peer, long life, ByteBuffer in) {
        Going to = going.get(peer);
        if (to == null || to.life != life) {
            return;
        }
        List<RebuildFrames.Key> keys = RebuildFrames.keys(in);
        source.readers().execute(() -> {
            for (RebuildFrames.Key key : keys) {
                List<byte[]> frames = new ArrayList<>();
                try {
                    record(frames, life, -1, key, read(key));
                } catch (StoreException e) {
                    frames.add(RebuildFrames.begin(RebuildFrames.GONE, group, life, 2 * Long.BYTES).putLong(key.partition())
                        .putLong(key.first()).array());
                }
                way.resume(() -> to.frames.addAll(frames));
            }
        });
    }

    /** Sends what there is room for; when it wants to be asked again. */
    long turn(long now) {
        long next = Long.MAX_VALUE;
        for (String peer : going.keySet().toArray(String[]::new)) {
            Going to = going.get(peer);
            while (!to.frames.isEmpty() && way.send(peer, to.frames.peek())) {
                to.frames.poll();
            }
            if (to.hold != null && to.heldUntil <= now) {
                drop(peer);
            } else if (to.hold != null) {
                next = Math.min(next, to.heldUntil);
            }
        }
        return next;
    }

    /** The link to a member has ended: it asks anew. */
    void unlinked(String peer) {
        Going to = going.get(peer);
        if (to != null) {
            to.frames.clear();
        }
    }
}

package org.memphisee.cluster.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.append.LogWriter;
import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.cluster.EntryCodec;
import org.memphisee.core.cluster.EntryFormatException;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;
import org.memphisee.core.replication.ShardReplica;

/**
 * Fetches records that are damaged on this node from the other members of their group, one by one, and writes them back; gives its
 * own to those who ask. What two nodes store under the same numbers of a batch is the same (only what was decided gets into a store),
 * and a record travels with a checksum and is taken from a value whose checksum was verified: what is damaged does not spread.
 * The node's loop, but for what says otherwise.
 */
final class RecordRepair implements NodeService {

    private static final long PEER_NANOS = 2_000_000_000L;
    private static final long AGAIN_NANOS = 500_000_000L;
    /** Then whoever waits for the record is told that nobody has it. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int MOST_BYTES = 128 << 20;
    /** Of answers to one peer that wait for the link: what is beyond it is asked for again. */
    private static final int MOST_WAITING = 1_024;

    private final NodeGroups node;
    private final LongFunction<Part> parts;
    private final Supplier<Places> places;
    private final DataReport report;
    private final Map<RebuildFrames.Key, Search> searches = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<byte[]>> out = new HashMap<>();
    private final Map<String, Boolean> linked = new TreeMap<>();
    private long number;

    /** A group that this node is a member of. */
    record Part(List<String> peers, ShardReplica replica) { }

    /** Where records are. */
    record Places(LogStore store, LogWriter writer, Executor readers) { }

    /** A record that is looked for. */
    private static final class Search {
        private final RepairFrames.Wanted wanted;
        private final DamagedException damage;
        private final List<Consumer<byte[]>> found = new ArrayList<>();
        private final List<Consumer<StoreException>> failed = new ArrayList<>();
        private final ArrayDeque<String> left = new ArrayDeque<>();
        private final Map<String, String> said = new TreeMap<>();
        private final long until;
        private long number;
        private String asked = "";
        private long next;
        private byte[] all;
        private int got;
        /** What the record must sum up to; null when only its own checksum is known. */
        private Integer crc;

        private Search(RepairFrames.Wanted wanted, DamagedException damage, long until) {
            this.wanted = wanted;
            this.damage = damage;
            this.until = until;
        }
    }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param parts null for a group that this node is no member of
     */
    RecordRepair(NodeGroups node, LongFunction<Part> parts, Supplier<Places> places, DataReport report) {
        this.node = node;
        this.parts = parts;
        this.places = places;
        this.report = report;
    }

    // ---- asking

    /** As {@link org.memphisee.core.partition.log.Mending#mend}; any thread that may read from the store. */
    void mend(long group, long partition, long first, DamagedException damage, Consumer<byte[]> found,
              Consumer<StoreException> failed) {
        RepairFrames.Wanted wanted;
        try {
            wanted = new RepairFrames.Wanted(group, partition, RebuildGiver.batch(places.get().store().readSummary(partition, first)));
        } catch (StoreException e) {
            failed.accept(damage); // what is to be looked for is not known: the group is rebuilt, or the batch is gone
            return;
        }
        if (!node.resume(() -> search(wanted, damage, found, failed))) {
            failed.accept(damage);
        }
    }

    /** What is stored here sums up right and is not what a majority has: it is replaced by what does. The node's loop. */
    void replace(RepairFrames.Wanted wanted, int crc) {
        search(wanted, new DamagedException("Damaged data: batch " + wanted.batch().first() + " of partition " + wanted.partition()
            + " is not what the other nodes have", null), found -> { }, why -> { });
        searches.get(wanted.key()).crc = crc;
    }

    private void search(RepairFrames.Wanted wanted, DamagedException damage, Consumer<byte[]> found, Consumer<StoreException> failed) {
        Search search = searches.get(wanted.key());
        if (search == null || !search.wanted.equals(wanted)) {
            report.damaged(damage.getMessage());
            search = new Search(wanted, damage, node.now() + PATIENCE_NANOS);
            searches.put(wanted.key(), search);
        }
        search.found.add(found);
        search.failed.add(failed);
        node.wake();
    }

    @Override
    public long turn(long now) {
        long next = Long.MAX_VALUE;
        for (Search search : List.copyOf(searches.values())) {
            if (search.next <= now) {
                ask(search, now);
            }
            next = Math.min(next, search.next);
        }
        for (Map.Entry<String, ArrayDeque<byte[]>> to : out.entrySet()) {
            while (!to.getValue().isEmpty() && node.send(to.getKey(), Traffic.BULK, to.getValue().peek()) == PeerLinks.Sent.TAKEN) {
                to.getValue().poll();
            }
        }
        return next;
    }

    /** Asks the next one; when all have said no, or the time is over, that is the end. */
    private void ask(Search search, long now) {
        if (!search.asked.isEmpty()) {
            search.said.put(search.asked, "does not answer");
            search.asked = "";
        }
        Part part = parts.apply(search.wanted.group());
        if (part == null || search.until <= now) {
            end(search);
            return;
        }
        if (search.left.isEmpty()) {
            if (part.peers().stream().allMatch(peer -> "has it damaged too".equals(search.said.get(peer)))) {
                end(search);
                return;
            }
            search.left.addAll(part.peers());
        }
        while (!search.left.isEmpty()) {
            String peer = search.left.poll();
            search.number = ++number;
            search.all = null;
            if (node.send(peer, Traffic.BULK, RepairFrames.ask(search.number, search.wanted)) == PeerLinks.Sent.TAKEN) {
                search.asked = peer;
                search.next = now + PEER_NANOS;
                return;
            }
            search.said.put(peer, "is not linked");
        }
        search.next = now + AGAIN_NANOS;
    }

    private void end(Search search) {
        searches.remove(search.wanted.key(), search);
        DamagedException why = new DamagedException(search.damage.getMessage() + ". No other node has it whole: " + search.said,
            search.damage);
        report.notMended(why.getMessage());
        search.failed.forEach(each -> each.accept(why));
    }

    private void no(Search search, String why, long now) {
        search.said.put(search.asked, why);
        search.asked = "";
        search.next = now + (search.left.isEmpty() && !why.startsWith("has it") ? AGAIN_NANOS : 0);
        node.wake();
    }

    private void answered(String peer, ByteBuffer in, long now) {
        long to = in.getLong();
        Search search = searches.values().stream().filter(each -> each.number == to).findFirst().orElse(null);
        if (search == null || !search.asked.equals(peer)) {
            return;
        }
        byte what = in.get();
        if (what != RepairFrames.PIECE) {
            no(search, what == RepairFrames.DAMAGED ? "has it damaged too" : "has another part of the log", now);
            return;
        }
        int length = in.getInt();
        int at = in.getInt();
        if (at == 0 && length > 0 && length <= MOST_BYTES) {
            search.all = new byte[length];
            search.got = 0;
        }
        if (search.all == null || search.all.length != length || at != search.got || in.remaining() > length - at) {
            no(search, "does not answer", now);
            return;
        }
        search.got += in.remaining();
        search.next = now + PEER_NANOS;
        in.get(search.all, at, in.remaining());
        if (search.got == length) {
            whole(search, peer, now);
        }
    }

    private void whole(Search search, String peer, long now) {
        try {
            if (EntryCodec.decode(search.all).changes().get(0) instanceof EntryChange.Batch batch
                && batch.partition() == search.wanted.partition()
                && RebuildGiver.batch(batch.summary()).equals(search.wanted.batch())) {
                byte[] record = new byte[batch.length()];
                System.arraycopy(batch.record(), batch.offset(), record, 0, record.length);
                if (search.crc != null && search.crc != Scrub.crc(record)) {
                    no(search, "has another one", now);
                    return;
                }
                searches.remove(search.wanted.key(), search);
                search.found.forEach(each -> each.accept(record));
                putBack(search, peer, batch, record);
                return;
            }
        } catch (EntryFormatException e) {
            // damaged on its way, or of another release
        }
        no(search, "gives what is not the record", now);
    }

    /**
     * In a turn of the shard in which the store has what is applied and nothing is being written: what is removed or merged is not
     * brought back.
     */
    private void putBack(Search search, String peer, EntryChange.Batch batch, byte[] record) {
        Part part = parts.apply(search.wanted.group());
        if (part == null) {
            return;
        }
        Places at = places.get();
        part.replica().look(position -> {
            try {
                if (position == null || !RebuildGiver.batch(at.store().readSummary(search.wanted.partition(),
                    search.wanted.batch().first())).equals(search.wanted.batch())) {
                    return;
                }
                at.writer().submit(new Proposal(List.of(new StoreChange.PutBatch(search.wanted.partition(),
                    SummaryCodec.decode(batch.summary().bytes()), record, 0, record.length)), true, record.length, outcome -> {
                        if (!(outcome instanceof WriteOutcome.Refused) && !(outcome instanceof WriteOutcome.Failed)) {
                            node.resume(() -> report.mended(search.wanted.key().toString(), peer));
                        } // else it is as it was, and found again when it is read
                    }));
            } catch (IOException e) {
                // the batch is gone
            }
        });
    }

    // ---- giving

    private void asked(String peer, ByteBuffer in) {
        long question = in.getLong();
        RepairFrames.Wanted wanted = RepairFrames.wanted(in);
        if (parts.apply(wanted.group()) == null) {
            return;
        }
        places.get().readers().execute(() -> {
            List<byte[]> frames = answer(question, wanted);
            node.resume(() -> {
                ArrayDeque<byte[]> to = out.computeIfAbsent(peer, name -> new ArrayDeque<>());
                if (linked.containsKey(peer) && to.size() < MOST_WAITING) {
                    to.addAll(frames);
                }
            });
        });
    }

    private List<byte[]> answer(long question, RepairFrames.Wanted wanted) {
        LogStore store = places.get().store();
        try {
            RebuildFrames.Batch own = RebuildGiver.batch(store.readSummary(wanted.partition(), wanted.batch().first()));
            if (own.equals(wanted.batch())) {
                byte[] all = BatchEntries.read(store, wanted.group(), wanted.key());
                List<byte[]> frames = new ArrayList<>();
                for (int at = 0; at < all.length; at += RebuildFrames.PIECE_BYTES) {
                    frames.add(RepairFrames.piece(question, all, at));
                }
                return frames;
            }
        } catch (DamagedException e) {
            return List.of(RepairFrames.no(question, RepairFrames.DAMAGED));
        } catch (StoreException e) {
            // it is not here
        }
        return List.of(RepairFrames.no(question, RepairFrames.OTHER));
    }

    // ---- as a service

    @Override
    public Set<Integer> kinds() {
        return Set.of(RepairFrames.ASK, RepairFrames.ANSWER);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        frame.done();
        ByteBuffer in = NodeFrames.body(bytes);
        try {
            if (kind == RepairFrames.ASK) {
                asked(peer, in);
            } else {
                answered(peer, in, now);
            }
        } catch (BufferUnderflowException e) {
            // of another release: it is asked for again, elsewhere
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        linked.put(peer, true);
    }

    @Override
    public void unlinked(String peer) {
        linked.remove(peer);
        Optional.ofNullable(out.get(peer)).ifPresent(ArrayDeque::clear);
        searches.values().stream().filter(each -> each.asked.equals(peer)).forEach(each -> each.next = Long.MIN_VALUE);
    }

    @Override
    public void stopped() {
        List.copyOf(searches.values()).forEach(this::end);
    }
}

package org.memphisee.cluster.data;

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
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

import org.memphisee.cluster.node.NodeFrames;
import org.memphisee.cluster.node.NodeGroups;
import org.memphisee.cluster.node.NodeService;
import org.memphisee.core.append.Shard;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.log.DamagedException;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.GroupPartitions;

/**
 * Looks through all records that this node stores of groups, slowly, so that what a disk has lost is found while another node has
 * it: what its checksum does not fit is mended at once. Where this node leads a group it has the others compare as well: of two
 * records with checksums that fit, that of a majority is right, and without one nothing is changed and people are told. What was
 * merged, removed or not yet applied somewhere is left out. The node's loop, but for what says otherwise.
 */
final class Scrub implements NodeService {

    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = SECOND / 10;
    private static final long ANSWER_NANOS = 30 * SECOND;
    private static final int SUMS = 128;

    private final NodeGroups node;
    private final Supplier<Set<Long>> groups;
    private final LongFunction<Part> parts;
    private final Supplier<RecordRepair.Places> places;
    private final RecordRepair repair;
    private final DataReport report;
    private ScrubSettings settings = ScrubSettings.DEFAULT;
    private final ArrayDeque<Place> left = new ArrayDeque<>();
    private final ArrayDeque<RebuildFrames.Batch> batches = new ArrayDeque<>();
    private final List<ScrubFrames.Sum> sums = new ArrayList<>();
    private final Map<Long, Question> questions = new TreeMap<>();
    private Place place;
    /** What other threads were asked for. */
    private int busy;
    private boolean running;
    private long next = Long.MIN_VALUE;
    private long began;
    private long allowed;
    private long allowedAt;
    private long number;
    private volatile ScrubFigures figures = ScrubFigures.NONE;

    /** A group that this node is a member of; {@code leads} says whether it leads. */
    record Part(List<String> peers, GroupPartitions partitions, Shard thread, Supplier<Boolean> leads) { }

    /** A partition of a group. */
    private record Place(long group, long partition) { }

    /** What the others were asked. */
    private static final class Question {
        private final Place of;
        private final List<ScrubFrames.Sum> sums;
        private final Set<String> open;
        private final long until;
        /** By first sequence and node. */
        private final Map<Long, Map<String, Integer>> others = new TreeMap<>();
        private final Set<String> answered = new HashSet<>();

        private Question(Place of, List<ScrubFrames.Sum> sums, Set<String> open, long until) {
            this.of = of;
            this.sums = sums;
            this.open = open;
            this.until = until;
        }
    }

    /**
     * Of a node whose loop does not run yet.
     *
     * @param groups numbers of those that it is a member of
     * @param parts null for a group that it is no member of
     */
    Scrub(NodeGroups node, Supplier<Set<Long>> groups, LongFunction<Part> parts, Supplier<RecordRepair.Places> places,
          RecordRepair repair, DataReport report) {
        this.node = node;
        this.groups = groups;
        this.parts = parts;
        this.places = places;
        this.repair = repair;
        this.report = report;
    }

    /** Before it runs. */
    void with(ScrubSettings other) {
        settings = other;
    }

    /** What it has done. Any thread. */
    ScrubFigures figures() {
        return figures;
    }

    // ---- a pass

    @Override
    public long turn(long now) {
        if (settings.bytesPerSecond() == 0) {
            return Long.MAX_VALUE;
        }
        if (next == Long.MIN_VALUE) {
            next = now + settings.firstNanos();
        }
        for (Map.Entry<Long, Question> each : List.copyOf(questions.entrySet())) {
            if (each.getValue().until <= now) {
                questions.remove(each.getKey());
                judge(each.getValue());
            }
        }
        if (!running && next > now) {
            return next;
        }
        if (!running) {
            begin(now);
        }
        allowed = Math.min(settings.bytesPerSecond(),
            allowed + (long) (settings.bytesPerSecond() * ((now - allowedAt) / (double) SECOND)));
        allowedAt = now;
        if (busy == 0 && allowed > 0) {
            goOn(now);
        }
        return running ? now + LOOK_NANOS : next;
    }

    private void begin(long now) {
        running = true;
        began = now;
        allowed = 0;
        allowedAt = now;
        figures = new ScrubFigures(true, figures.passes(), figures.records(), figures.bytes(), 0, 0, figures.damaged(),
            figures.mended(), figures.differing());
        for (long group : groups.get()) {
            Part part = parts.apply(group);
            if (part != null) {
                busy++;
                part.thread().execute(() -> {
                    Set<Long> numbers = part.partitions().storedNumbers();
                    node.resume(() -> {
                        numbers.forEach(partition -> left.add(new Place(group, partition)));
                        busy--;
                    });
                });
            }
        }
    }

    private void goOn(long now) {
        if (batches.isEmpty()) {
            compare(now);
            place = left.poll();
            if (place == null) {
                end(now);
            } else {
                list(place);
            }
            return;
        }
        busy++;
        RebuildFrames.Batch batch = batches.poll();
        allowed -= batch.bytes();
        Place at = place;
        places.get().readers().execute(() -> read(at, batch));
    }

    private void end(long now) {
        running = false;
        next = Math.max(now, began + settings.everyNanos());
        figures = new ScrubFigures(false, figures.passes() + 1, figures.records(), figures.bytes(), figures.of(), figures.inPass(),
            figures.damaged(), figures.mended(), figures.differing());
    }

    private void list(Place at) {
        busy++;
        places.get().readers().execute(() -> {
            List<RebuildFrames.Batch> found = new ArrayList<>();
            try {
                places.get().store().recoverPartition(at.partition(), new LogStore.PartitionVisitor() {
                    @Override
                    public void state(byte[] state) { }

                    @Override
                    public void tombstones(long first, byte[] tombstones) { }

                    @Override
                    public void batch(StoredSummary summary) {
                        found.add(RebuildGiver.batch(summary));
                    }

                    @Override
                    public void cursor(long consumer, byte[] state) { }
                });
            } catch (StoreException | RuntimeException e) {
                node.resume(() -> report.damaged(e.getMessage()));
            }
            node.resume(() -> {
                busy--;
                batches.addAll(found);
                figures = new ScrubFigures(true, figures.passes(), figures.records(), figures.bytes(), figures.of() + found.size(),
                    figures.inPass(), figures.damaged(), figures.mended(), figures.differing());
            });
        });
    }

    /** A reader's thread. */
    private void read(Place at, RebuildFrames.Batch batch) {
        int crc = 0;
        boolean read = false;
        boolean damaged = false;
        try {
            byte[] record = places.get().store().readBatch(at.partition(), batch.first());
            read = record.length == batch.bytes();
            crc = crc(record);
        } catch (DamagedException e) {
            damaged = true;
            repair.mend(at.group(), at.partition(), batch.first(), e, found -> node.resume(() -> count(0, 0, 0, 1)), why -> { });
        } catch (StoreException e) {
            // it was removed or merged meanwhile
        }
        ScrubFrames.Sum sum = read ? new ScrubFrames.Sum(batch, crc) : null;
        int bad = damaged ? 1 : 0;
        node.resume(() -> {
            busy--;
            count(1, batch.bytes(), bad, 0);
            if (sum != null && leads(at)) {
                sums.add(sum);
            }
            if (sums.size() >= SUMS) {
                compare(node.now());
            }
        });
    }

    private boolean leads(Place at) {
        Part part = parts.apply(at.group());
        return part != null && part.leads().get();
    }

    private void count(int records, long bytes, int damaged, int mended) {
        ScrubFigures f = figures;
        figures = new ScrubFigures(f.running(), f.passes(), f.records() + records, f.bytes() + bytes, f.of(), f.inPass() + records,
            f.damaged() + damaged, f.mended() + mended, f.differing());
    }

    static int crc(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, 0, record.length);
        return (int) crc.getValue();
    }

    // ---- comparing, where the group is led

    private void compare(long now) {
        if (sums.isEmpty() || place == null) {
            return;
        }
        Part part = parts.apply(place.group());
        List<ScrubFrames.Sum> all = List.copyOf(sums);
        sums.clear();
        if (part == null) {
            return;
        }
        long question = ++number;
        Set<String> asked = new HashSet<>();
        for (String peer : part.peers()) {
            if (node.send(peer, Traffic.BULK, ScrubFrames.check(question, place.group(), place.partition(), all))
                == PeerLinks.Sent.TAKEN) {
                asked.add(peer);
            }
        }
        if (!asked.isEmpty()) {
            questions.put(question, new Question(place, all, asked, now + ANSWER_NANOS));
        }
    }

    private void checked(String peer, ByteBuffer in) {
        long question = in.getLong();
        Question asked = questions.get(question);
        if (asked == null || !asked.open.remove(peer)) {
            return;
        }
        asked.answered.add(peer);
        ScrubFrames.others(in).forEach(other -> asked.others.computeIfAbsent(other.first(), first -> new TreeMap<>())
            .put(peer, other.crc()));
        if (asked.open.isEmpty()) {
            questions.remove(question);
            judge(asked);
        }
    }

    /** Of those that have another record than this node: whose is right. */
    private void judge(Question asked) {
        Part part = parts.apply(asked.of.group());
        if (part == null || asked.others.isEmpty()) {
            return;
        }
        int majority = (part.peers().size() + 1) / 2 + 1;
        for (ScrubFrames.Sum sum : asked.sums) {
            Map<String, Integer> others = asked.others.get(sum.batch().first());
            if (others != null) {
                judge(asked, sum, others, majority);
            }
        }
    }

    private void judge(Question asked, ScrubFrames.Sum own, Map<String, Integer> others, int majority) {
        Map<Integer, Integer> votes = new HashMap<>();
        votes.put(own.crc(), asked.answered.size() - others.size() + 1);
        others.values().forEach(crc -> votes.merge(crc, 1, Integer::sum));
        int right = votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        boolean decided = votes.get(right) >= majority;
        ScrubFigures f = figures;
        figures = new ScrubFigures(f.running(), f.passes(), f.records(), f.bytes(), f.of(), f.inPass(), f.damaged(), f.mended(),
            f.differing() + 1);
        report.differs("batch " + own.batch().first() + " of partition " + asked.of.partition(), others.keySet(), decided);
        if (!decided) {
            return;
        }
        ScrubFrames.Sum truth = new ScrubFrames.Sum(own.batch(), right);
        if (own.crc() != right) {
            replace(asked.of, truth);
        }
        others.forEach((peer, crc) -> {
            if (crc != right) {
                node.send(peer, Traffic.BULK, ScrubFrames.wrong(asked.of.group(), asked.of.partition(), truth));
            }
        });
    }

    private void replace(Place at, ScrubFrames.Sum right) {
        repair.replace(new RepairFrames.Wanted(at.group(), at.partition(), right.batch()), right.crc());
    }

    // ---- for who leads elsewhere

    private void check(String peer, ByteBuffer in) {
        long question = in.getLong();
        Place at = new Place(in.getLong(), in.getLong());
        List<ScrubFrames.Sum> asked = ScrubFrames.sums(in);
        if (parts.apply(at.group()) == null) {
            return;
        }
        places.get().readers().execute(() -> {
            List<ScrubFrames.Other> others = new ArrayList<>();
            asked.forEach(sum -> other(at, sum, others));
            node.resume(() -> node.send(peer, Traffic.BULK, ScrubFrames.checked(question, others)));
        });
    }

    private void other(Place at, ScrubFrames.Sum sum, List<ScrubFrames.Other> others) {
        LogStore store = places.get().store();
        try {
            if (RebuildGiver.batch(store.readSummary(at.partition(), sum.batch().first())).equals(sum.batch())) {
                int own = crc(store.readBatch(at.partition(), sum.batch().first()));
                if (own != sum.crc()) {
                    others.add(new ScrubFrames.Other(sum.batch().first(), own));
                }
            }
        } catch (StoreException e) {
            // it is not here, or its own look finds that it is damaged
        }
    }

    // ---- as a service

    @Override
    public Set<Integer> kinds() {
        return Set.of(ScrubFrames.CHECK, ScrubFrames.CHECKED, ScrubFrames.WRONG);
    }

    @Override
    public void received(String peer, int kind, PeerFrame frame, long now) {
        byte[] bytes = frame.bytes();
        frame.done();
        ByteBuffer in = NodeFrames.body(bytes);
        try {
            if (kind == ScrubFrames.CHECK) {
                check(peer, in);
            } else if (kind == ScrubFrames.CHECKED) {
                checked(peer, in);
            } else {
                Place at = new Place(in.getLong(), in.getLong());
                if (parts.apply(at.group()) != null) {
                    replace(at, ScrubFrames.sum(in));
                }
            }
        } catch (BufferUnderflowException e) {
            // of another release
        }
    }

    @Override
    public void linked(String peer, PeerIdentity who) { }

    @Override
    public void unlinked(String peer) { }

    @Override
    public void stopped() {
        settings = settings.at(0);
    }
}

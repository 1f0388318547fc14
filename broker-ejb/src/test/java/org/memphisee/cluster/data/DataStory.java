package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.election.ElectionSettings;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.StoredSummary;
import org.memphisee.core.partition.ConsumerDefinition;
import org.memphisee.core.partition.Partition;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.simulation.SimLinks;

/**
 * Nodes with the same partitions, publishers and consumers, on a bad network, with disks that lose power. What clients were told
 * must stay true, and in the end all nodes have the same.
 */
final class DataStory {

    private static final int STEPS = 400;
    private static final long MILLIS = 1_000_000;
    private static final long HEALED_NANOS = 30_000 * MILLIS;
    private static final ReplicaSettings SETTINGS =
        new ReplicaSettings(ElectionSettings.DEFAULT, 200 * MILLIS, 2_000 * MILLIS, 1_000 * MILLIS);
    private static final int SUBJECTS = 5;
    private static final long SECOND = 1_000 * MILLIS;

    /** A delivery that nobody acknowledged yet. */
    private record Held(String node, long partition, Listening.Delivery delivery) { }

    /** An acknowledgement that waits for its answer. */
    private record Asked(long partition, long sequence) { }

    private final Random chance;
    private final SimLinks<GroupMessage> links;
    private final SimLinks<byte[]> bulk;
    private final Map<String, Long> awayUntil = new HashMap<>();
    private final Map<String, DataNode> nodes = new TreeMap<>();
    private final List<String> names;
    private final List<DataNode.Defined> defined;
    private final Contents contents = new Contents();
    private final List<Publication> publications = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final Map<String, Asked> asked = new HashMap<>();
    /** By place: the epoch in which somebody was told that the message is done. */
    private final Map<String, Long> done = new HashMap<>();
    private final Set<String> delivered = new HashSet<>();
    /** By place: acknowledged by a consumer, or deleted, perhaps. */
    private final Set<String> mayGo = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> leading = new TreeSet<>();
    /** Whether one partition gets so many messages that they are merged. */
    private final boolean busy;
    private int questions;
    private long now;

    DataStory(long seed) {
        chance = new Random(seed);
        links = new SimLinks<>(seed);
        bulk = new SimLinks<>(seed);
        bulk.weather(0, 0, 0);
        names = IntStream.range(0, chance.nextInt(5) == 0 ? 5 : 3).mapToObj(i -> "memphis-" + i).toList();
        busy = chance.nextInt(4) == 0;
        int perSubject = busy || chance.nextInt(2) == 0 ? -1 : 1 + chance.nextInt(3);
        int most = !busy && chance.nextInt(3) == 0 ? 5 + chance.nextInt(60) : -1;
        StreamConfig.Retention[] others = {StreamConfig.Retention.WORKQUEUE, StreamConfig.Retention.INTEREST};
        defined = new ArrayList<>(List.of(
            new DataNode.Defined(1, config("A", StreamConfig.Retention.LIMITS, perSubject, most), List.of(consumer(101))),
            new DataNode.Defined(2, config("B", others[chance.nextInt(2)], -1, -1), List.of(consumer(102)))));
        for (String name : names) {
            nodes.put(name, new DataNode(name, names, defined, SETTINGS, seed));
        }
    }

    private static StreamConfig config(String name, StreamConfig.Retention retention, long perSubject, long most) {
        return new StreamConfig(name, "", List.of("s.>"), retention, -1, most, -1, perSubject, 0, -1, StreamConfig.Discard.OLD,
            false,
            StreamConfig.Storage.FILE, 3, false, 120 * SECOND, 0, "none", false, false, false, false, false, false,
            StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS, 0, StreamConfig.Placement.NONE);
    }

    private static ConsumerDefinition consumer(long id) {
        return new ConsumerDefinition(id, new ConsumerConfig("c", true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 2 * SECOND, -1, List.of(), List.of(), false, false, 0, 0, 512, -1, 0, false,
                false, 0, 0,
            0, "", "", 0, 0, false, Map.of()), 1, 1);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    // ---- what happens

    void run() throws JournalException, StoreException {
        for (DataNode node : nodes.values()) {
            start(node);
        }
        for (int i = 0; i < STEPS; i++) {
            if (chance.nextInt(16) == 0) {
                harm();
            }
            step(true);
        }
        heal();
        look();
        goOn();
        publications.forEach(Publication::look);
        counts.put("merges", contents.merges());
        publications.forEach(p -> count(p.stored() ? "acknowledged" : p.refused() ? "refused" : p.unknown() ? "unknown"
            : p.outcome == null ? "unanswered" : "duplicate"));
    }

    private void start(DataNode node) throws JournalException, StoreException {
        node.time(now);
        node.start((member, message) -> links.send(node.name, member, message, now), bulk, changes -> {
            if (node.group.rebuilding()) {
                contents.copied(changes);
            } else {
                contents.written(node.name, changes);
            }
        });
    }

    private void step(boolean clients) {
        now += (1 + chance.nextInt(clients ? 50 : 20)) * MILLIS;
        nodes.values().forEach(node -> node.time(now));
        for (SimLinks.Flight<GroupMessage> flight : links.arrived(now)) {
            DataNode node = nodes.get(flight.to());
            if (awake(node)) {
                alive(node, () -> node.group.received(flight.from(), flight.message(), node.clock()));
            }
        }
        for (SimLinks.Flight<byte[]> flight : bulk.arrived(now)) {
            DataNode node = nodes.get(flight.to());
            if (awake(node)) {
                alive(node, () -> node.group.received(flight.from(), flight.message(), node.clock()));
            }
        }
        for (DataNode node : nodes.values()) {
            if (awake(node)) {
                alive(node, () -> turn(node));
            }
        }
        if (clients) {
            for (int i = chance.nextInt(busy ? 9 : 4); i > 0; i--) {
                client();
            }
        }
    }

    private void turn(DataNode node) {
        if (node.disk.dead() || node.group.replica().failed()) {
            count(node.disk.dead() ? "crash" : "failed disk");
            node.end(chance.nextBoolean());
            return;
        }
        node.turn();
        if (node.rebuilt) {
            node.rebuilt = false;
            count("rebuilt");
            if (node.wasBehind) {
                node.wasBehind = false;
                count("rebuilt because it was behind");
            }
        }
        looked(node);
    }

    /** What clients of a node hear, and what must hold at any time. */
    private void looked(DataNode node) {
        if (!node.escaped.isEmpty()) {
            throw new AssertionError(node.name + ": " + node.escaped.get(0).getMessage(), node.escaped.get(0));
        }
        assertEquals("", node.applied.failure());
        if (node.leads() && leading.add(node.name)) {
            count("leaderships");
            for (Publication p : publications) {
                Partition partition = node.partitions.partition(p.partition);
                assertTrue(!p.stored() || partition.state().lastSeq() >= p.sequence(), () -> "I3: " + node.name + " leads with "
                    + partition.state() + " and " + p.payload + " was acknowledged at " + p.sequence());
            }
        } else if (!node.leads()) {
            leading.remove(node.name);
        }
        for (Listening.Delivery d : node.inboxes.takeDeliveries()) {
            count("deliveries");
            long partition = d.ackSubject().contains(".A.") ? 1 : 2;
            String place = Contents.place(partition, d.sequence());
            String there = contents.message(place);
            assertTrue(there != null && there.endsWith(d.payload()), () -> d + " is delivered where there is " + there);
            Long epoch = done.get(place);
            assertTrue(epoch == null || d.epoch() < epoch, () -> d + " is delivered by " + node.name
                + " after somebody was told that it is done");
            delivered.add(place);
            held.add(new Held(node.name, partition, d));
        }
        for (Listening.Answer answer : node.inboxes.takeAnswers()) {
            Asked about = asked.remove(answer.subject());
            if (about != null) {
                count("acknowledgements answered");
                done.put(Contents.place(about.partition(), about.sequence()), answer.epoch());
            }
        }
    }

    private interface Deed {
        void run();
    }

    private void alive(DataNode node, Deed deed) {
        try {
            deed.run();
        } catch (SimJournalFiles.Ended e) {
            count("crash");
            node.end(chance.nextBoolean());
        }
    }

    private boolean awake(DataNode node) {
        return node.alive && node.pausedUntil <= now;
    }

    // ---- clients

    private void client() {
        DataNode node = chance.nextInt(5) == 0 ? any() : nodes.values().stream().filter(each -> awake(each) && each.leads())
            .findFirst().orElseGet(this::any);
        if (!awake(node)) {
            return;
        }
        long partition = 1 + chance.nextInt(2);
        switch (chance.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> publish(node, partition);
            case 5 -> {
                for (int i = busy ? 4 : 1; i > 0; i--) {
                    publish(node, partition);
                }
            }
            case 6, 7 -> pull(node, partition);
            case 8, 9, 10 -> acknowledge(node);
            default -> remove(node, partition);
        }
    }

    private DataNode any() {
        return nodes.get(names.get(chance.nextInt(names.size())));
    }

    private Publication publish(DataNode node, long partition) {
        String id = "";
        if (chance.nextInt(3) == 0) {
            id = "id" + publications.size();
        } else if (chance.nextInt(4) == 0 && !publications.isEmpty()) {
            Publication again = publications.get(publications.size() - 1 - chance.nextInt(Math.min(30, publications.size())));
            id = again.partition == partition ? again.id : "";
        }
        Publication p = new Publication(partition, "s." + chance.nextInt(SUBJECTS), id, "m" + publications.size() + "." + "x".repeat(chance.nextInt(500)),
            contents);
        publications.add(p);
        node.ask(() -> node.partitions.publish(partition, p.request(), p));
        return p;
    }

    private void pull(DataNode node, long partition) {
        node.ask(() -> node.partitions.partition(partition).pull(Requests.pull("c", 1 + chance.nextInt(8)), 0, 1, "inbox"));
    }

    /** To the node that is asked now, whoever delivered it. */
    private void acknowledge(DataNode node) {
        if (held.isEmpty()) {
            return;
        }
        Held it = held.remove(chance.nextInt(held.size()));
        mayGo.add(Contents.place(it.partition(), it.delivery().sequence()));
        String reply = chance.nextBoolean() ? "" : "answer." + questions++;
        if (!reply.isEmpty()) {
            asked.put(reply, new Asked(it.partition(), it.delivery().sequence()));
        }
        node.ask(() -> node.partitions.partition(it.partition()).acknowledge(Requests.acknowledge(it.delivery().ackSubject()),
            reply));
    }

    private void remove(DataNode node, long partition) {
        if (busy || chance.nextInt(3) > 0 || !node.leads()) {
            return;
        }
        long last = node.partitions.partition(partition).state().lastSeq();
        long sequence = 1 + (last > 0 ? chance.nextInt((int) last) : 0);
        boolean purge = chance.nextInt(4) == 0;
        for (long s = purge ? 1 : sequence; s <= sequence; s++) {
            mayGo.add(Contents.place(partition, s));
        }
        node.partitions.partition(partition).run(operations -> {
            if (purge) {
                operations.purge("", sequence + 1, 0, n -> count("purged"), why -> { });
            } else {
                operations.deleteMessage(sequence, there -> count("deleted"), why -> { });
            }
        });
    }

    /** Of a limit, which a leader applies at once and a copy when it leads: all nodes hear of it at about the same time. */
    private void change() {
        DataNode.Defined before = defined.get(0);
        if (before.config().maxMsgs() < 0) {
            return; // then nothing of it may go
        }
        StreamConfig next = config(before.config().name(), before.config().retention(), before.config().maxMsgsPerSubject(),
            5 + chance.nextInt(60));
        defined.set(0, new DataNode.Defined(before.partition(), next, before.consumers()));
        nodes.values().stream().filter(node -> node.alive).forEach(node -> node.shard.execute(() ->
            node.partitions.update(before.partition(), next)));
        count("changed limits");
    }

    // ---- harm

    private void harm() throws JournalException, StoreException {
        DataNode node = any();
        String other = names.get(chance.nextInt(names.size()));
        switch (chance.nextInt(20)) {
            case 18, 19 -> change();
            case 15 -> {
                if (nodes.values().stream().noneMatch(each -> each.lost)) { // two of three would be a majority
                    node.loseDisk(chance.nextLong());
                    count("lost disk");
                }
            }
            case 16, 17 -> { // long enough for the journals to let go what it lacks
                if (node.alive) {
                    node.end(chance.nextBoolean());
                    awayUntil.put(node.name, now + (3_000 + chance.nextInt(4_000)) * MILLIS);
                    count("away");
                }
            }
            case 0 -> links.weather((1 + chance.nextInt(2_000)) * MILLIS, chance.nextInt(40), chance.nextInt(20));
            case 1, 2 -> links.weather((1 + chance.nextInt(20)) * MILLIS, 0, 0);
            case 3 -> {
                links.cut(node.name, other);
                bulk.cut(node.name, other);
            }
            case 4 -> names.forEach(each -> {
                links.cut(node.name, each);
                links.cut(each, node.name);
                bulk.cut(node.name, each);
                bulk.cut(each, node.name);
            });
            case 5, 6 -> {
                links.heal();
                bulk.heal();
            }
            case 7 -> node.pausedUntil = now + chance.nextInt(4_000) * MILLIS;
            case 8 -> {
                if (node.alive) {
                    node.disk.crashIn(1 + chance.nextInt(6));
                }
            }
            case 9 -> {
                if (node.alive && node.leads()) {
                    node.end(false);
                    nodes.values().stream().filter(this::awake).forEach(each -> each.group.replica().gone(node.name,
                        each.clock()));
                    count("known to be gone");
                }
            }
            case 10 -> {
                if (awake(node) && chance.nextBoolean()) {
                    node.group.replica().transfer(other, node.clock());
                } else if (awake(node)) {
                    node.group.replica().resign(node.clock());
                }
            }
            case 11 -> powerCut();
            default -> {
                for (DataNode each : nodes.values()) {
                    restart(each);
                }
            }
        }
    }

    /** All at once. */
    private void powerCut() throws JournalException, StoreException {
        if (chance.nextInt(4) > 0) {
            return;
        }
        count("power cuts of all");
        for (DataNode node : nodes.values()) {
            if (node.alive) {
                node.end(true);
            }
        }
        for (DataNode node : nodes.values()) {
            restart(node);
        }
    }

    private void restart(DataNode node) throws JournalException, StoreException {
        if (!node.alive && awayUntil.getOrDefault(node.name, 0L) <= now) {
            try {
                start(node);
            } catch (SimJournalFiles.Ended e) {
                node.end(true);
            }
        }
    }

    // ---- all is well again

    private void heal() throws JournalException, StoreException {
        awayUntil.clear();
        bulk.heal();
        links.heal();
        links.weather(2 * MILLIS, 0, 0);
        for (DataNode node : nodes.values()) {
            node.pausedUntil = 0;
            node.disk.crashIn(1L << 40);
            if (chance.nextBoolean() || !node.alive || node.disk.dead() || node.group.replica().failed()) {
                node.end(true);
                start(node);
            }
        }
        long end = now + HEALED_NANOS;
        while (now < end && !well()) {
            step(false);
        }
        assertTrue(well(), () -> "not all follow the preferred one: " + where());
        quiet(1_500 * MILLIS);
    }

    private boolean well() {
        DataNode first = nodes.get(names.get(0));
        return first.leads() && nodes.values().stream().allMatch(node -> node.group.replica().leader().equals(first.name)
            && node.log.term() == first.log.term() && !node.group.rebuilding());
    }

    private void quiet(long nanos) {
        long end = now + nanos;
        while (now < end) {
            step(false);
            nodes.values().forEach(DataNode::settle);
            nodes.values().forEach(this::looked);
        }
    }

    private String where() {
        return nodes.values().stream().map(node -> node.name + (node.alive ? node.group.rebuilding() ? " is rebuilt, " : " " : " is dead, was ") + node.applied.role() + " " + node.applied.position() + " of "
            + node.log).collect(Collectors.joining("; "));
    }

    /** All have the same, in memory and stored, and what was acknowledged is there. */
    private void look() throws StoreException {
        for (DataNode.Defined each : defined) {
            Map<String, Map<Long, String>> messages = new TreeMap<>();
            Map<String, String> stores = new TreeMap<>();
            for (DataNode node : nodes.values()) {
                messages.put(node.name, node.messages(each.partition()));
                stores.put(node.name, dump(node, each.partition()));
            }
            for (String name : names) {
                assertEquals(stores.get(names.get(0)), stores.get(name), () -> "I4: stores of " + each.config().name() + ", "
                    + where());
                assertEquals(messages.get(names.get(0)), messages.get(name), () -> "I4: " + each.config().name() + " at " + name);
            }
            there(each, messages.get(names.get(0)));
        }
    }

    private void there(DataNode.Defined each, Map<Long, String> messages) {
        boolean limited = each.config().maxMsgs() > 0 || each.config().maxMsgsPerSubject() > 0;
        Map<String, Long> bySubject = new TreeMap<>();
        messages.values().forEach(m -> bySubject.merge(m.split(" ")[0], 1L, Long::sum));
        if (each.config().maxMsgs() > 0) {
            assertTrue(messages.size() <= each.config().maxMsgs(), () -> "too many in " + each.config().name() + ": "
                + messages.size());
        }
        if (each.config().maxMsgsPerSubject() > 0) {
            bySubject.forEach((subject, n) -> assertTrue(n <= each.config().maxMsgsPerSubject(), () -> n + " of " + subject));
        }
        long newest = publications.stream().filter(p -> p.stored()
            && p.partition == each.partition()).mapToLong(Publication::sequence)
            .max().orElse(0);
        for (Publication p : publications) {
            String place = p.stored() ? Contents.place(p.partition, p.sequence()) : "";
            boolean consumed = each.partition() == 2 && mayGo.contains(place);
            boolean deleted = each.partition() == 1 && mayGo.contains(place);
            if (p.stored() && p.partition == each.partition() && !consumed && !deleted && (!limited || p.sequence() == newest)) {
                String there = messages.get(p.sequence());
                if (limited && there == null) {
                    // something newer was stored of which nobody was told
                    assertTrue(messages.keySet().stream().anyMatch(s -> s > p.sequence()), () -> "I3: " + p.payload + " is lost");
                } else {
                    assertNotNull(there, () -> "I3: " + p.payload + " at " + place + " is lost");
                    assertTrue(there.endsWith(p.payload), there);
                }
            }
        }
    }

    /** What a store has of a partition. */
    private static String dump(DataNode node, long partition) throws StoreException {
        StringBuilder all = new StringBuilder();
        node.store.recoverPartition(partition, new LogStore.PartitionVisitor() {
            @Override
            public void state(byte[] state) {
                all.append("state ").append(Arrays.toString(state)).append('\n');
            }

            @Override
            public void tombstones(long firstSequence, byte[] tombstones) {
                all.append("tombstones ").append(firstSequence).append(Arrays.toString(tombstones)).append('\n');
            }

            @Override
            public void batch(StoredSummary summary) throws StoreException {
                all.append("batch ").append(summary.firstSequence()).append(' ')
                    .append(Arrays.hashCode(node.store.readBatch(partition, summary.firstSequence()))).append('\n');
            }

            @Override
            public void cursor(long consumer, byte[] state) {
                all.append("cursor ").append(consumer).append(Arrays.toString(state)).append('\n');
            }
        });
        return all.toString();
    }

    /** The one who leads goes on where the others were, another one can, and who waits long enough gets what is left. */
    private void goOn() throws StoreException {
        for (String name : List.of(names.get(0), names.get(1))) {
            DataNode leader = nodes.get(name);
            long end = now + HEALED_NANOS;
            while (now < end && !leader.leads()) {
                nodes.values().stream().filter(DataNode::leads).forEach(each -> each.group.replica().transfer(name,
                    each.clock()));
                quiet(300 * MILLIS);
            }
            assertTrue(leader.leads(), () -> name + " cannot lead: " + where());
            for (DataNode.Defined each : defined) {
                goOn(leader, each.partition());
            }
        }
        quiet(1_000 * MILLIS);
        look();
    }

    private void goOn(DataNode leader, long partition) {
        Set<Long> there = leader.messages(partition).keySet(); // the id of what was removed is forgotten with a restart
        List<Publication> withId = publications.stream().filter(p -> p.stored() && p.partition == partition && !p.id.isEmpty()
            && there.contains(p.sequence())).toList();
        if (!withId.isEmpty()) {
            Publication first = withId.get(withId.size() - 1);
            Publication again = new Publication(partition, first.subject, first.id, "again." + publications.size() + ".",
                contents);
            publications.add(again);
            leader.ask(() -> leader.partitions.publish(partition, again.request(), again));
            quiet(40 * MILLIS);
            assertFalse(again.stored(), () -> "I7: " + first.id + " is stored twice, at " + first.sequence() + " and "
                + again.sequence());
            assertTrue(again.outcome != null && again.sequence() == first.sequence(), () -> again.payload + ": " + again.outcome);
        }
        long before = publications.stream().filter(p -> p.stored()
            && p.partition == partition).mapToLong(Publication::sequence).max()
            .orElse(0);
        Publication next = publish(leader, partition);
        quiet(200 * MILLIS);
        assertNotNull(next.outcome, () -> "nobody hears of " + next.payload + ": " + where());
        assertTrue(!next.id.isEmpty() || next.stored() && next.sequence() > before, () -> next.payload + " after " + before + ": "
            + next.outcome);
        for (int i = 0; i < 60 && left(partition); i++) {
            pull(leader, partition);
            quiet(60 * MILLIS);
            while (!held.isEmpty()) {
                acknowledge(leader);
            }
        }
        assertFalse(left(partition), () -> "never delivered: " + publications.stream().filter(this::owed).map(p ->
            p.payload).toList());
    }

    private boolean left(long partition) {
        return partition == 2 && publications.stream().anyMatch(this::owed);
    }

    private boolean owed(Publication p) {
        String place = p.stored() ? Contents.place(p.partition, p.sequence()) : "";
        return p.stored() && p.partition == 2 && !mayGo.contains(place) && !delivered.contains(place);
    }
}

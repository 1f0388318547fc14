package org.memphisee.cluster.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.link.SimLinks;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.simulation.SeededWorld;
import org.memphisee.simulation.SimJournalFiles;
import org.memphisee.store.memory.MemoryLogStore;

/**
 * Three nodes form a cluster and are asked to make and remove stations and users, at any of them, on a bad network, with nodes
 * that die, lose power and stand still. Clients know what they were told; in the end that is how it is, on all nodes alike.
 */
final class MetaStory {

    static final List<String> NAMES = List.of("a", "b", "c");
    private static final long MILLIS = 1_000_000;
    private static final int STEPS = 2_500;
    private static final int HEALED_STEPS = 6_000;

    /** What a client knows of a thing. */
    private enum Known { BEING_MADE, THERE, BEING_REMOVED, NOT_THERE, NOT_KNOWN }

    private final long seed;
    private final Random chance;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, Known> things = new TreeMap<>();
    /** Events by index, of whoever folded them first. */
    private final Map<Long, SystemEvent> events = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Set<String> formed = new HashSet<>();
    private final SimLinks links;
    private int number;

    private static final class Node {
        private SimJournalFiles disk;
        private MemoryLogStore store;
        private SeededWorld world;
        private MetaLife life;
        private int lives;
        private long frozenFor;
        /** It lost its disk, or was away too long, and is not back yet. */
        private boolean rebuilds;
        /** Things that were asked for in this life and not answered. */
        private final Set<String> asked = new HashSet<>();
    }

    MetaStory(long seed) throws JournalException, StoreException {
        this(seed, Map.of());
    }

    /** Nodes of which some have definitions of their own. */
    MetaStory(long seed, Map<String, MemoryLogStore> stores) throws JournalException, StoreException {
        this.seed = seed;
        chance = new Random(seed);
        for (String name : NAMES) {
            Node node = new Node();
            nodes.put(name, node);
            node.disk = new SimJournalFiles(seed * 31 + NAMES.indexOf(name));
            node.store = stores.getOrDefault(name, new MemoryLogStore(MemoryLogStore.Disk.FORGETS));
            begin(name, node);
        }
        links = new SimLinks(seed, name -> nodes.get(name).life.groups, NAMES.toArray(String[]::new));
        nodes.forEach((name, node) -> node.life.groups.over(links.links(name)));
    }

    Map<String, Integer> counts() {
        return counts;
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    // ---- lives of nodes

    private void begin(String name, Node node) throws JournalException, StoreException {
        node.world = new SeededWorld(seed * 1_000 + NAMES.indexOf(name) * 100L + node.lives++);
        int life = node.lives;
        node.life = new MetaLife(name, NAMES, node.world, node.store, node.disk, (index, event) -> {
            if (node.lives == life) {
                SystemEvent other = events.putIfAbsent(index, event);
                assertTrue(other == null || other.equals(event), () -> "I4: event " + index + " is " + event + " on " + name
                    + " and was " + other);
            }
        });
    }

    void start(String name) {
        Node node = nodes.get(name);
        try {
            begin(name, node);
            links.start(name);
            node.life.groups.over(links.links(name));
        } catch (SimJournalFiles.Ended e) {
            end(name, true);
        } catch (StoreException e) {
            throw new AssertionError(name + " does not start", e);
        }
    }

    private void end(String name, boolean power) {
        Node node = nodes.get(name);
        if (node.life != null) {
            assertEquals(List.of(), node.life.failures, name);
        }
        node.world.end();
        node.life = null;
        node.frozenFor = 0;
        if (links.lives(name)) {
            links.kill(name);
        }
        if (power) {
            node.disk.powerCut();
        } else {
            node.disk.kill();
        }
        node.store.crash();
        node.store = node.store.reopen();
        node.asked.forEach(thing -> things.put(thing, Known.NOT_KNOWN));
        node.asked.clear();
        count(power ? "power cut" : "killed");
    }

    private boolean awake(Node node) {
        return node.life != null && node.frozenFor == 0;
    }

    // ---- what happens

    void run() {
        for (int i = 0; i < STEPS; i++) {
            if (chance.nextInt(60) == 0) {
                harm();
            }
            if (chance.nextInt(6) == 0) {
                ask();
            }
            step((1 + chance.nextInt(10)) * MILLIS);
        }
        heal();
    }

    /** Nodes die all the time while they become a cluster; whatever of it was through, in the end they are one. */
    void runFormation() {
        for (int i = 0; i < 150; i++) {
            if (chance.nextInt(20) == 0) {
                links.slow(chance.nextInt(30) * MILLIS, 1);
            }
            String name = NAMES.get(chance.nextInt(3));
            Node node = nodes.get(name);
            if (chance.nextInt(6) == 0 && awake(node)) {
                switch (chance.nextInt(4)) {
                    case 0 -> end(name, chance.nextBoolean());
                    case 1 -> links.breakConnection(name, NAMES.get((NAMES.indexOf(name) + 1) % 3));
                    case 2 -> node.store.cutPower(1, chance.nextBoolean() ? MemoryLogStore.Moment.BEFORE
                        : MemoryLogStore.Moment.AFTER);
                    default -> node.disk.crashIn(1 + chance.nextInt(6));
                }
            } else if (chance.nextInt(4) == 0 && node.life == null) {
                start(name);
            }
            step((1 + chance.nextInt(8)) * MILLIS);
            nodes.values().stream().filter(each -> each.life != null).flatMap(each -> each.life.reports.stream())
                .filter(said -> said.startsWith("formed")).distinct().forEach(formed::add);
        }
        if (chance.nextBoolean()) {
            heal();
        } else {
            nodes.values().forEach(node -> {
                node.disk.crashIn(Long.MAX_VALUE / 2);
                node.store.cutPower(0, MemoryLogStore.Moment.BEFORE);
            });
            NAMES.stream().filter(name -> nodes.get(name).life == null).forEach(this::start);
            calm();
            converge();
            check();
        }
        nodes.values().forEach(each -> each.life.reports.stream().filter(said -> said.startsWith("formed")).forEach(formed::add));
        assertEquals(1, formed.size(), () -> "more than one cluster was formed: " + formed);
    }

    /** A node comes back with nothing of what it had. */
    void loseDisk(String name) {
        loseDisk(name, new MemoryLogStore(MemoryLogStore.Disk.FORGETS));
    }

    /** It comes back without its journal and with another store. */
    void loseDisk(String name, MemoryLogStore store) {
        Node node = nodes.get(name);
        if (node.life != null) {
            end(name, true);
        }
        node.disk = new SimJournalFiles(chance.nextLong());
        node.store = store;
        node.rebuilds = true;
        count("lost disk");
        start(name);
    }

    /** Nothing gets to a node or away from it. */
    void isolate(String name) {
        NAMES.stream().filter(each -> !each.equals(name)).forEach(each -> {
            links.cut(name, each);
            links.cut(each, name);
        });
    }

    /** A node stands still for a while. */
    void freeze(String name, long millis) {
        nodes.get(name).frozenFor = millis * MILLIS;
        links.freeze(name);
    }

    void kill(String name) {
        end(name, false);
    }

    /** Everything takes 20 ms. */
    void slowNetwork() {
        links.slow(20 * MILLIS, 1);
    }

    void until(BooleanSupplier condition) {
        until(condition, 5);
    }

    void until(BooleanSupplier condition, long millisEach) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertTrue(i < HEALED_STEPS, "it does not come about");
            step(millisEach * MILLIS);
        }
    }

    MetaLife life(String name) {
        return nodes.get(name).life;
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step(5 * MILLIS);
        }
    }

    private void step(long nanos) {
        links.pass(nanos / MILLIS);
        for (String name : NAMES) {
            Node node = nodes.get(name);
            if (node.life == null) {
                continue;
            }
            if (node.frozenFor > 0) {
                node.frozenFor -= nanos;
                node.world.jump(nanos);
                if (node.frozenFor <= 0) {
                    thaw(name);
                }
                continue;
            }
            try {
                node.world.pass(nanos);
            } catch (SimJournalFiles.Ended e) {
                end(name, chance.nextBoolean());
                continue;
            }
            if (node.disk.dead() || node.store.powerCut()) {
                end(name, chance.nextBoolean());
            } else if (node.life.reports.contains("behind")) {
                count("behind");
                node.rebuilds = true;
                end(name, false);
                start(name);
            } else if (node.rebuilds && node.life.serving) {
                node.rebuilds = false;
                count("rebuilt");
            }
        }
    }

    private void thaw(String name) {
        nodes.get(name).frozenFor = 0;
        links.thaw(name);
    }

    private void harm() {
        String name = NAMES.get(chance.nextInt(3));
        String other = NAMES.get(chance.nextInt(3));
        Node node = nodes.get(name);
        switch (chance.nextInt(16)) {
            case 0 -> links.unreliable(chance.nextDouble() * 0.05, chance.nextDouble() * 0.05);
            case 1 -> links.slow(chance.nextInt(30) * MILLIS, chance.nextInt(10));
            case 2 -> {
                if (!name.equals(other)) {
                    links.cut(name, other);
                    count("cut");
                }
            }
            case 3 -> {
                isolate(name);
                ask(node);
                count("cut");
            }
            case 4 -> {
                if (!name.equals(other)) {
                    links.breakConnection(name, other);
                }
            }
            case 5 -> {
                if (awake(node)) {
                    end(name, chance.nextBoolean());
                }
            }
            case 6 -> {
                if (awake(node)) {
                    node.disk.crashIn(1 + chance.nextInt(6));
                }
            }
            case 7 -> {
                if (awake(node)) {
                    node.store.cutPower(1 + chance.nextInt(3), chance.nextBoolean() ? MemoryLogStore.Moment.BEFORE
                        : MemoryLogStore.Moment.AFTER);
                }
            }
            case 8 -> {
                if (awake(node)) {
                    node.frozenFor = (1 + chance.nextInt(3_000)) * MILLIS;
                    links.freeze(name);
                    count("frozen");
                }
            }
            case 9, 10, 11 -> calm();
            case 14 -> {
                boolean one = nodes.values().stream().noneMatch(each -> each.rebuilds);
                if (one && isFormed()) { // two of three would be a majority
                    loseDisk(name);
                }
            }
            case 15 -> { // long enough for the journals to let go what it lacks
                isolate(name);
                for (int i = 0; i < 300; i++) {
                    ask();
                    step((1 + chance.nextInt(20)) * MILLIS);
                }
                count("away");
            }
            default -> NAMES.stream().filter(each -> nodes.get(each).life == null).forEach(this::start);
        }
    }

    private boolean isFormed() {
        return nodes.values().stream().allMatch(each -> each.life != null && each.life.serving);
    }

    /** The network is well, and whoever stood still does not. */
    void calm() {
        NAMES.stream().filter(links::frozen).forEach(this::thaw);
        links.slow(MILLIS / 5, 1);
        links.healAll();
    }

    // ---- what clients do

    void ask(String name) {
        ask(nodes.get(name));
    }

    MemoryLogStore store(String name) {
        return nodes.get(name).store;
    }

    private void ask() {
        ask(nodes.get(NAMES.get(chance.nextInt(3))));
    }

    private void ask(Node node) {
        if (!awake(node) || !node.life.serving) {
            return;
        }
        List<String> there = things.entrySet().stream().filter(e -> e.getValue() == Known.THERE).map(Map.Entry::getKey).toList();
        if (!there.isEmpty() && chance.nextInt(3) == 0) {
            String thing = there.get(chance.nextInt(there.size()));
            things.put(thing, Known.BEING_REMOVED);
            ask(node, "no" + thing, thing, "gone", Known.NOT_THERE, Known.THERE);
        } else {
            String thing = (chance.nextBoolean() ? "station s" : "user u") + ++number;
            things.put(thing, Known.BEING_MADE);
            ask(node, thing, thing, "made", Known.THERE, Known.NOT_THERE);
        }
    }

    private void ask(Node node, String request, String thing, String good, Known then, Known otherwise) {
        MetaLife life = node.life;
        node.asked.add(thing);
        life.ask(request, new MetaAnswer() {
            private boolean told;

            private boolean first() {
                assertTrue(!told, () -> request + " is answered twice");
                told = true;
                return node.life == life && node.asked.remove(thing);
            }

            @Override
            public void answered(byte[] answer) {
                if (first()) {
                    String text = new String(answer, StandardCharsets.UTF_8);
                    assertEquals(good, text, () -> request + " at " + life.name + ": it was done twice, or never");
                    things.put(thing, then);
                    assertEquals(then == Known.THERE, has(life.definitions(), thing),
                        () -> life.name + " does not see what it was answered: " + request);
                    count(good);
                }
            }

            @Override
            public void failed(UndecidedException why) {
                if (first()) {
                    things.put(thing, why.outcome() == UndecidedException.Outcome.UNKNOWN ? Known.NOT_KNOWN : otherwise);
                    count(why.outcome().toString());
                    assertTrue(why.getMessage().contains("ask again"), why.getMessage());
                }
            }
        });
    }

    private static boolean has(Definitions definitions, String thing) {
        String name = thing.split(" ")[1];
        return thing.startsWith("user") ? definitions.user(name).isPresent() : definitions.station(name).isPresent();
    }

    // ---- in the end

    private void heal() {
        for (String name : NAMES) {
            if (nodes.get(name).life != null) {
                end(name, true);
            }
        }
        NAMES.forEach(this::start);
        calm();
        converge();
        for (int i = 0; i < 20; i++) { // it goes on
            ask();
            step(5 * MILLIS);
        }
        converge();
        check();
    }

    /** All serve, nothing is under way, and all have folded the same. */
    void converge() {
        for (int i = 0; i < HEALED_STEPS; i++) {
            step(5 * MILLIS);
            boolean quiet = nodes.values().stream().allMatch(node -> awake(node) && node.life.serving && node.asked.isEmpty()
                && !node.life.meta.leader().isEmpty());
            if (quiet && nodes.values().stream().map(node -> node.life.log.folded()).distinct().count() == 1) {
                return;
            }
        }
        throw new AssertionError("they do not come to rest: " + nodes.entrySet().stream().map(e -> e.getKey() + " "
            + (e.getValue().life == null ? "is dead" : e.getValue().life.meta.leader() + " leads, " + e.getValue()
            .life.log.folded()
            + " folded, " + e.getValue().life.standing() + e.getValue().asked + " " + e.getValue().life.reports)).collect(Collectors.joining("; ")));
    }

    private void check() {
        List<List<SystemEvent>> all = new ArrayList<>();
        for (Node node : nodes.values()) {
            assertEquals(List.of(), node.life.failures);
            Definitions definitions = node.life.definitions();
            all.add(snapshot(node));
            things.forEach((thing, known) -> {
                assertNotEquals(Known.BEING_MADE, known, thing);
                assertNotEquals(Known.BEING_REMOVED, known, thing);
                if (known != Known.NOT_KNOWN) {
                    assertEquals(known == Known.THERE, has(definitions, thing), () -> thing + " at " + node.life.name);
                }
            });
        }
        assertEquals(all.get(0), all.get(1));
        assertEquals(all.get(0), all.get(2));
        Map<String, Long> made = events.values().stream().map(MetaStory::makes).filter(name -> !name.isEmpty())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        made.forEach((name, times) -> assertEquals(1, times, () -> name + " was made more than once"));
    }

    /** What an event makes. */
    private static String makes(SystemEvent event) {
        return event instanceof SystemEvent.StationCreated e ? "station " + e.name()
            : event instanceof UserEvent.UserCreated e ? "user " + e.name() : "";
    }

    List<SystemEvent> definitions(String name) {
        return snapshot(nodes.get(name));
    }

    private static List<SystemEvent> snapshot(Node node) {
        var copy = node.life.engine.snapshot();
        for (int i = 0; i < 100 && !copy.isDone(); i++) {
            node.world.settle();
        }
        return copy.join().events();
    }
}

package org.memphisee.core.cluster.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.memphisee.core.cluster.link.PeerLinks.Sent;

/**
 * Stories of three nodes on a network that loses, repeats and delays frames, breaks connections and cuts ways, with nodes that
 * stand still or die. What a link delivers must be a prefix, without gaps, of what was sent in it; in the end all are linked.
 * Again: {@code -Dmemphisee.seed=}, more: {@code -Dmemphisee.seeds=}.
 */
class LinkSimulationTest {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int STEPS = 150;

    /** Numbers of the frames that were taken, by nodes and traffic. */
    private final Map<String, Map<Traffic, List<Long>>> sent = new HashMap<>();

    @Test
    void shouldDeliverWithoutGapsInEachLinkWhateverHappens() {
        Long one = Long.getLong("memphisee.seed");
        long seeds = one != null ? one + 1 : Long.getLong("memphisee.seeds", 100);
        for (long seed = one != null ? one : 0; seed < seeds; seed++) {
            try {
                story(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("again with -Dmemphisee.seed=" + seed + ": " + e, e);
            }
        }
    }

    private void story(long seed) {
        Random random = new Random(seed);
        sent.clear();
        SimLinks sim = new SimLinks(seed, NAMES.toArray(String[]::new));
        Map<String, List<LinkProbe>> lives = new HashMap<>();
        NAMES.forEach(name -> lives.put(name, new ArrayList<>(List.of(sim.probe(name)))));
        long[] number = {0};
        for (int step = 0; step < STEPS; step++) {
            act(sim, random, lives, number);
            sim.pass(random.nextInt(60));
        }
        sim.healAll();
        NAMES.forEach(name -> {
            sim.probe(name).release();
            if (!lives.get(name).contains(sim.probe(name))) {
                lives.get(name).add(sim.probe(name));
            }
        });
        sim.pass(5_000);
        for (String from : NAMES) {
            for (String to : NAMES) {
                if (!from.equals(to)) {
                    assertTrue(sim.links(from).linked(to), from + " is linked to " + to);
                    long last = ++number[0];
                    assertEquals(Sent.TAKEN, sim.links(from).send(to, Traffic.RAFT, LinkProbe.numbered(last, 9)));
                    taken(from, to, Traffic.RAFT, last);
                    sim.until("the last one arrives", () -> sim.probe(to).got(from, Traffic.RAFT).contains(last));
                }
            }
        }
        lives.forEach((name, probes) -> probes.forEach(this::check));
    }

    private void act(SimLinks sim, Random random, Map<String, List<LinkProbe>> lives, long[] number) {
        String one = NAMES.get(random.nextInt(3));
        String other = NAMES.get((NAMES.indexOf(one) + 1 + random.nextInt(2)) % 3);
        switch (random.nextInt(24)) {
            case 0 -> sim.breakConnection(one, other);
            case 1 -> sim.freeze(one);
            case 2, 3 -> {
                if (sim.frozen(one)) {
                    sim.thaw(one);
                }
            }
            case 4 -> sim.cut(one, other);
            case 5 -> sim.unreliable(random.nextDouble() * 0.1, random.nextDouble() * 0.1);
            case 6 -> sim.unreliable(0, 0);
            case 7 -> {
                if (random.nextInt(3) == 0 && sim.lives(one)) {
                    sim.kill(one);
                }
            }
            case 8 -> sim.healAll();
            case 9 -> sim.slow(random.nextInt(50_000_000), random.nextInt(20));
            case 10 -> {
                if (sim.lives(one)) {
                    sim.probe(one).keep(Traffic.values()[random.nextInt(Traffic.values().length)]);
                }
            }
            case 11 -> {
                if (sim.lives(one)) {
                    sim.probe(one).release();
                }
            }
            default -> send(sim, random, one, other, number);
        }
        NAMES.stream().filter(name -> sim.lives(name) && !lives.get(name).contains(sim.probe(name)))
            .forEach(name -> lives.get(name).add(sim.probe(name)));
    }

    private void send(SimLinks sim, Random random, String from, String to, long[] number) {
        if (!sim.lives(from) || sim.frozen(from)) {
            return;
        }
        Traffic traffic = Traffic.values()[random.nextInt(Traffic.values().length)];
        for (int frames = random.nextInt(40); frames > 0; frames--) {
            if (sim.links(from).send(to, traffic, LinkProbe.numbered(number[0] + 1, random.nextInt(100_000))) == Sent.TAKEN) {
                taken(from, to, traffic, ++number[0]);
            }
            assertTrue(sim.links(from).health(to).pendingBytes() <= 17 << 20);
        }
    }

    private void taken(String from, String to, Traffic traffic, long number) {
        sent.computeIfAbsent(from + to, k -> new EnumMap<>(Traffic.class)).computeIfAbsent(traffic, t -> new ArrayList<>())
            .add(number);
    }

    /** In each link, what one kind brought is a run of what was sent: nothing in between is missing, nothing comes twice. */
    private void check(LinkProbe probe) {
        Map<String, Map<Traffic, Long>> last = new HashMap<>();
        for (LinkProbe.Told told : probe.told()) {
            if (told instanceof LinkProbe.Linked || told instanceof LinkProbe.Unlinked) {
                last.put(told.peer(), new EnumMap<>(Traffic.class));
            } else if (told instanceof LinkProbe.Got got) {
                Map<Traffic, Long> ofPeer = last.get(got.peer());
                assertTrue(ofPeer != null, "a frame without a link: " + got);
                Long before = ofPeer.put(got.traffic(), got.number());
                if (before != null) {
                    List<Long> all = sentTo(got);
                    int at = all.indexOf(before);
                    assertEquals(all.get(at + 1), got.number(), "after " + before + " of " + got);
                }
            }
        }
    }

    private List<Long> sentTo(LinkProbe.Got got) {
        return sent.entrySet().stream().filter(e -> e.getKey().startsWith(got.peer()))
            .map(e -> e.getValue().getOrDefault(got.traffic(), List.of())).filter(l -> l.contains(got.number())).findFirst()
            .orElseThrow();
    }
}

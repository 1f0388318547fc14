package org.memphisee.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.memphisee.core.append.CrashPoint;

/**
 * What is done to nodes, and undone after a while. What damages a disk is done to one node of the cluster only, as a majority
 * keeps what that one loses.
 */
final class Faults {

    /** So long a node may take until it serves; three of them start at once on a machine that does other things too. */
    private static final long SERVING_SECONDS = 60;

    /** What can be done. */
    enum Kind {
        KILL, KILL_ALL, KILL_IN_TURN, CRASH, PAUSE, CUT_OFF, DEAF, MUTE, BRIDGE, RING, HALVES, SLOW_LINKS, SLOW_DISK, CLOCK,
        POWER, POWER_ALL, FULL, LOSE_DISK, FLIP_DOWN, FLIP_RUNNING, TRUNCATE;

        /** Whether it needs file systems of the nodes' own. */
        boolean needsDisks() {
            return this == POWER || this == POWER_ALL || this == FULL;
        }
    }

    private final Story story;
    private final ChaosCluster cluster;
    private final Random random;
    private final List<String> names;
    /** Whose disk is damaged. */
    private final String victim;

    Faults(Story story, ChaosCluster cluster, Random random) {
        this.story = story;
        this.cluster = cluster;
        this.random = random;
        names = cluster.names();
        victim = any();
    }

    private String any() {
        return names.get(random.nextInt(names.size()));
    }

    private List<String> shuffled() {
        List<String> all = new ArrayList<>(names);
        Collections.shuffle(all, random);
        return all;
    }

    private void pass(int least, int most) {
        Story.pass(random.nextInt(least, most));
    }

    /** Does it, and undoes it. */
    void happen(Kind kind) throws IOException {
        story.tell(kind.toString());
        switch (kind) {
            case KILL -> {
                String node = any();
                kill(node);
                pass(100, 3_000);
                revive(node);
            }
            case KILL_ALL -> {
                for (String node : shuffled()) {
                    kill(node);
                }
                reviveAll();
            }
            case KILL_IN_TURN -> {
                for (String node : shuffled()) {
                    kill(node);
                    pass(100, 1_000);
                    revive(node);
                    pass(1, 1_000);
                }
            }
            case CRASH -> crash();
            case PAUSE -> {
                String node = any();
                story.tell("pause " + node);
                cluster.pause(node);
                pass(500, 6_000);
                cluster.resume(node);
            }
            case SLOW_DISK -> {
                String node = any();
                restartWith(node, "sync", String.valueOf(random.nextInt(5, 100)));
                pass(2_000, 4_000);
                restartWith(node, "sync", "0");
            }
            case CLOCK -> restartWith(any(), "clock", String.valueOf(random.nextInt(-60_000, 60_000)));
            case POWER -> {
                power(any());
            }
            case POWER_ALL -> {
                for (String node : names) {
                    cluster.disk(node).powerOff();
                }
                for (String node : names) {
                    cluster.kill(node);
                    cluster.disk(node).powerOn();
                }
                reviveAll();
            }
            case FULL -> {
                String node = any();
                story.tell("no room at " + node);
                cluster.disk(node).fill();
                pass(2_000, 5_000);
                cluster.disk(node).empty();
            }
            case LOSE_DISK, FLIP_DOWN, FLIP_RUNNING, TRUNCATE -> damage(kind);
            default -> network(kind);
        }
        pass(500, 3_000);
    }

    private void network(Kind kind) throws IOException {
        List<String> all = shuffled();
        Ways ways = cluster.ways();
        String one = all.get(0);
        int n = all.size();
        switch (kind) {
            case CUT_OFF -> all.stream().skip(1).forEach(other -> ways.cut(one, other));
            case DEAF -> all.stream().skip(1).forEach(other -> ways.hold(other, one));
            case MUTE -> all.stream().skip(1).forEach(other -> ways.hold(one, other));
            case BRIDGE -> all.subList(1, n / 2 + 1).forEach(left -> all.subList(n / 2 + 1, n).forEach(right -> ways.cut(left,
                right)));
            case RING -> {
                for (int i = 0; i < n; i++) {
                    for (int j = i + 2; j < n && j - i < n - 1; j++) {
                        ways.cut(all.get(i), all.get(j));
                    }
                }
            }
            case HALVES -> all.subList(0, n / 2).forEach(few -> all.subList(n / 2, n).forEach(many -> ways.cut(few, many)));
            case SLOW_LINKS -> {
                for (String from : all) {
                    for (String to : all) {
                        if (!from.equals(to) && random.nextInt(3) > 0) {
                            ways.late(from, to, random.nextInt(1, 200));
                        }
                    }
                }
            }
            default -> throw new IllegalArgumentException(kind.toString());
        }
        story.tell("in the order " + all);
        pass(1_000, 6_000);
        ways.heal(random.nextBoolean());
    }

    private void kill(String node) throws IOException {
        story.tell("kill " + node);
        cluster.kill(node);
    }

    private void reviveAll() throws IOException {
        for (String node : names) {
            cluster.launch(node);
        }
        for (String node : names) {
            serves(node);
        }
    }

    private void revive(String node) throws IOException {
        cluster.launch(node);
        serves(node);
    }

    /** Waits for it; one whose disk was damaged may refuse to start, and is given an empty disk, as its operator would. */
    private void serves(String node) throws IOException {
        if (cluster.awaitServing(node, SERVING_SECONDS)) {
            story.tell(node + " serves");
        } else if (node.equals(victim)) {
            story.tell(node + " does not start, and gets an empty disk: " + cluster.said(node, 3));
            cluster.kill(node);
            cluster.disk(node).lose();
            cluster.launch(node);
            if (!cluster.awaitServing(node, SERVING_SECONDS)) {
                throw new IOException(node + " does not serve with an empty disk: " + cluster.said(node, 20));
            }
        } else {
            throw new IOException(node + " does not serve: " + cluster.said(node, 20));
        }
    }

    private void restartWith(String node, String setting, String value) throws IOException {
        kill(node);
        story.tell(node + " with " + setting + " " + value);
        cluster.setting(node, setting, value);
        revive(node);
    }

    private void crash() throws IOException {
        String node = any();
        List<Enum<?>> points = new ArrayList<>(List.of(Halt.values()));
        points.addAll(List.of(CrashPoint.values()));
        String at = points.get(random.nextInt(points.size())) + ":" + (1 << random.nextInt(9));
        kill(node);
        story.tell(node + " is to halt at " + at);
        cluster.launchToCrash(node, at);
        for (int i = 0; i < 80 && cluster.runs(node); i++) {
            Story.pass(100);
        }
        story.tell(cluster.runs(node) ? "it did not come to that" : "it did");
        cluster.kill(node);
        revive(node);
    }

    private void power(String node) throws IOException {
        story.tell("power of " + node);
        cluster.disk(node).powerOff();
        cluster.kill(node);
        cluster.disk(node).powerOn();
        revive(node);
    }

    private void damage(Kind kind) throws IOException {
        boolean journal = random.nextBoolean();
        String folder = journal ? "raft" : "log";
        String end = journal ? ".raft" : ".jdb";
        NodeDisk disk = cluster.disk(victim);
        if (kind == Kind.FLIP_RUNNING) {
            story.tell(victim + ": " + disk.flip(folder, end, random.nextInt(1, 10), random));
            pass(1_000, 3_000);
        }
        kill(victim);
        switch (kind) {
            case LOSE_DISK -> disk.lose();
            case FLIP_DOWN -> story.tell(victim + ": " + disk.flip(folder, end, random.nextInt(1, 10), random));
            case TRUNCATE -> story.tell(victim + ": " + disk.truncate(folder, end, random));
            default -> { }
        }
        pass(100, 1_000);
        revive(victim);
    }
}

package org.memphisee.chaos;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.memphisee.chaos.Faults.Kind;

/** What may happen in a story, and how many nodes there are. */
enum Plot {
    KILLS(3, Kind.KILL, Kind.KILL_ALL, Kind.KILL_IN_TURN),
    CRASHES(3, Kind.CRASH),
    PAUSES(3, Kind.PAUSE, Kind.SLOW_DISK, Kind.CLOCK),
    PARTITIONS(3, Kind.CUT_OFF, Kind.DEAF, Kind.MUTE, Kind.BRIDGE, Kind.SLOW_LINKS),
    PARTITIONS_OF_FIVE(5, Kind.RING, Kind.HALVES, Kind.BRIDGE, Kind.CUT_OFF, Kind.KILL),
    DAMAGE(3, Kind.LOSE_DISK, Kind.FLIP_DOWN, Kind.FLIP_RUNNING, Kind.TRUNCATE),
    POWER(3, Kind.POWER, Kind.POWER_ALL, Kind.FULL),
    EVERYTHING(3, Kind.values());

    private static final int MEGABYTES = 192;
    /** So long things are done to nodes; in a build, which has little time, three or four of them. */
    private static final long SECONDS = Long.getLong("memphisee.chaos.seconds", 12);

    private final int nodes;
    private final List<Kind> kinds;

    Plot(int nodes, Kind... kinds) {
        this.nodes = nodes;
        this.kinds = List.of(kinds);
    }

    /** Whether it can be played on any machine. */
    boolean anywhere() {
        return this == EVERYTHING || kinds.stream().noneMatch(Kind::needsDisks);
    }

    /** All clients. */
    static List<Workload> everybody(ChaosCluster cluster, long seed) {
        Set<String> wanted = Set.of(System.getProperty("memphisee.chaos.workloads", "set,group,register,definitions").split(","));
        return List.of(new SetWorkload(cluster, seed), new GroupWorkload(cluster, seed), new RegisterWorkload(cluster, seed),
            new DefinitionsWorkload(cluster, seed)).stream().filter(each -> wanted.contains(each.name())).toList();
    }

    /** Plays one story. */
    void play(long seed) throws Exception {
        boolean disks = Shell.mounts() && kinds.stream().anyMatch(Kind::needsDisks);
        EnumSet<Kind> possible = EnumSet.copyOf(kinds);
        if (!disks) {
            possible.removeIf(Kind::needsDisks);
        }
        List<Kind> chosen = new ArrayList<>(possible);
        new Story(name(), seed, nodes, disks ? MEGABYTES : 0).play(Plot::everybody, (story, cluster, random) -> {
            Faults faults = new Faults(story, cluster, random);
            long until = System.nanoTime() + SECONDS * 1_000_000_000L;
            Story.pass(1_000);
            while (System.nanoTime() < until) {
                faults.happen(chosen.get(random.nextInt(chosen.size())));
            }
        });
    }
}

package org.memphisee.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Nodes, clients, and what is done to the nodes while clients go on; in the end all is well, and what is there is held against
 * what clients were told. Everything but time comes from a seed.
 */
final class Story {

    private static final Path KEPT = Path.of(System.getProperty("memphisee.chaos.kept", "target/chaos"));
    private static final long SECONDS = 1_000_000_000L;

    private final String name;
    private final long seed;
    private final int nodes;
    private final int megabytes;
    private final Path directory;
    private final long began = System.nanoTime();
    private final List<String> told = new ArrayList<>();

    /** What happens between the beginning and the end. */
    interface Events {
        void happen(Story story, ChaosCluster cluster, Random random) throws Exception;
    }

    /** Which clients there are. */
    interface Clients {
        List<Workload> of(ChaosCluster cluster, long seed);
    }

    /** @param megabytes of each node's file system, 0 for directories */
    Story(String name, long seed, int nodes, int megabytes) throws IOException {
        this.name = name;
        this.seed = seed;
        this.nodes = nodes;
        this.megabytes = megabytes;
        directory = Files.createTempDirectory("chaos");
    }

    /** Writes down what happens. */
    void tell(String what) {
        String line = "%7.3f s  %s".formatted((System.nanoTime() - began) / (double) SECONDS, what);
        told.add(line);
        if (Boolean.getBoolean("memphisee.chaos.print")) {
            System.out.println(line);
        }
    }

    /** Lets clients go on. */
    static void pass(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    /** Plays it; fails with what is wrong, and keeps all there is to know of it. */
    void play(Clients clients, Events events) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<Workload> all = List.of();
        ChaosCluster cluster = new ChaosCluster(directory, nodes, megabytes);
        try (cluster) {
            String dump = "";
            try {
                cluster.startAll();
                tell("all serve");
                all = clients.of(cluster, seed);
                for (Workload each : all) {
                    each.prepare();
                }
                tell("begins");
                all.forEach(Workload::begin);
                events.happen(this, cluster, new Random(seed));
                tell("is to be well");
                wrong.addAll(well(cluster, all));
            } catch (IOException | RuntimeException e) {
                wrong.add(e.toString());
                e.printStackTrace();
            }
            if (!wrong.isEmpty()) {
                dump = cluster.dump();
            }
            if (!wrong.isEmpty()) {
                keep(cluster, all, wrong, dump);
            }
        } finally {
            remove();
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(name + ", seed " + seed + ": " + String.join("\n", wrong) + "\n" + String.join("\n", told)
                + "\nagain: " + again() + "\nkept: " + kept());
        }
    }

    private List<String> well(ChaosCluster cluster, List<Workload> all) throws Exception {
        List<String> wrong = new ArrayList<>();
        cluster.ways().heal(true);
        for (String node : cluster.names()) {
            cluster.resume(node);
            if (!cluster.runs(node)) {
                cluster.kill(node); // its doors
                cluster.launch(node);
            }
        }
        for (String node : cluster.names()) {
            if (!cluster.awaitServing(node, 60)) {
                wrong.add(node + " does not serve:\n" + cluster.said(node, 20));
            }
        }
        tell("all are well");
        for (Workload each : all) {
            each.end();
        }
        for (Workload each : all) {
            tell("looks at " + each.name() + ", " + each.ops().size() + " ops, " + each.ops().stream().filter(Op::ok).count()
                + " done");
            each.verdict().forEach(what -> wrong.add(each.name() + ": " + what));
            each.defects().forEach(what -> wrong.add(each.name() + ": " + what));
        }
        for (String node : cluster.names()) {
            Files.readAllLines(cluster.output(node)).stream().filter(line -> line.contains("DEFECT")).limit(3)
                .forEach(line -> wrong.add(node + ": " + line));
        }
        tell("is over");
        return wrong;
    }

    private Path kept() {
        return KEPT.resolve(name + "-" + seed).toAbsolutePath();
    }

    private String again() {
        boolean plot = Stream.of(Plot.values()).anyMatch(each -> each.name().equals(name));
        return "mvn -pl broker-ejb -am test -Dsurefire.failIfNoSpecifiedTests=false -Dmemphisee.chaos.seed=" + seed
            + (plot ? " -Dtest=ChaosTest -Dmemphisee.chaos.plots=" + name
            : " -Dtest=FaultsOfOthersTest -Dmemphisee.chaos.others=true");
    }

    private void keep(ChaosCluster cluster, List<Workload> all, List<String> wrong, String dump) throws IOException {
        Path to = kept();
        Files.createDirectories(to);
        Files.write(to.resolve("verdict"), wrong);
        Files.write(to.resolve("story"), told);
        Files.writeString(to.resolve("dump"), dump);
        for (Workload each : all) {
            Files.write(to.resolve(each.name() + ".ops"), each.ops().stream().map(Op::toString).toList());
        }
        for (String node : cluster.names()) {
            Files.copy(cluster.output(node), to.resolve(node + ".out"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void remove() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package org.memphisee.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * The command line at a cluster of three packaged servers, of which each makes a backup; then all of them are lost, and the commands of
 * docs/guide/backup.md, as they stand there but for ports and the name of the backup, bring what they had into a new cluster.
 */
@Tag("cluster")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class LostClusterIT {
    private static final Path GUIDE = Path.of("../docs/guide/backup.md");
    private static final Path PROGRAMS = Path.of(System.getProperty("it.image", "../liberty-config/target/image")).resolve("bin")
            .toAbsolutePath().normalize();
    private static final int COUNT = 3;
    private static final int PARTLY = 3;
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path home;
    private final List<BrokerProcess> all = new ArrayList<>();

    /** How a command ended. */
    private record Ended(int code, String out, String err) { }

    @BeforeEach
    void directory() throws IOException {
        Files.createDirectories(home.resolve("here"));
    }

    @AfterEach
    void close() {
        all.forEach(BrokerProcess::close);
    }

    /** Launches three, which are not waited for. */
    private List<BrokerProcess> cluster() {
        List<String> members = new ArrayList<>();
        List<BrokerProcess> nodes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            members.add("node-" + i + "@127.0.0.1:" + BrokerPorts.free().client());
            nodes.add(BrokerProcess.prepared());
        }
        all.addAll(nodes);
        for (int i = 0; i < COUNT; i++) {
            nodes.get(i).launch(Map.of("MEMPHISEE_SERVER_NAME", "node-" + i, "MEMPHISEE_CLUSTER_MODE", "static",
                    "MEMPHISEE_CLUSTER_MEMBERS", String.join(",", members), "MEMPHISEE_BACKUP_DIR", backups(i).toString(),
                    "MEMPHISEE_BACKUP_INTERVAL", "720h"));
        }
        return nodes;
    }

    private Path backups(int node) {
        return home.resolve("backups-" + node);
    }

    private static void awaitServing(BrokerProcess node) {
        assertTrue(node.awaitServing(), node::output);
    }

    /** In a directory of the test's own, with contexts of its own, and {@code memphisee} in the path as the installation has it. */
    private Ended shell(String input, String command) throws IOException, InterruptedException {
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command).directory(home.resolve("here").toFile())
                .redirectInput(Files.writeString(home.resolve("in"), input).toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("MEMPHISEE_"));
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("PATH", PROGRAMS + ":" + variables.get("PATH"));
        variables.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        variables.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> "still running: " + command);
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private String ends(int code, String command) throws IOException, InterruptedException {
        Ended ended = shell("", command);
        assertEquals(code, ended.code(), () -> command + "\n" + ended.out() + ended.err());
        return ended.out();
    }

    private String done(String command) throws IOException, InterruptedException {
        return ends(0, command);
    }

    private void context(String name, BrokerProcess broker, String... more) throws IOException, InterruptedException {
        Ended added = shell(broker.password() + "\n", "memphisee context add " + name + " --server " + broker.host() + ":"
                + broker.clientPort() + " --api http://" + broker.host() + ":" + broker.ports().dashboard() + " --user " + broker.user()
                + " --ask-password " + String.join(" ", more));
        assertEquals(0, added.code(), added::err);
    }

    /** The commands of the guide for the case that all nodes are lost. */
    private static List<String> guide() throws IOException {
        String page = Files.readString(GUIDE);
        String part = page.substring(page.indexOf("**All are lost**"));
        Matcher block = Pattern.compile("(?ms)^```sh\\n(.*?)^```").matcher(part.substring(0, part.indexOf("\n## ")));
        List<String> commands = new ArrayList<>();
        while (block.find()) {
            commands.addAll(block.group(1).lines().toList());
        }
        return commands;
    }

    private static String replaced(String text, String from, String to) {
        assertTrue(text.contains(from), () -> from + " is not in: " + text);
        return text.replace(from, to);
    }

    @Test
    void shouldBringWhatAClusterHadIntoANewOne() throws Exception {
        List<BrokerProcess> nodes = cluster();
        nodes.forEach(LostClusterIT::awaitServing);
        for (int i = 0; i < COUNT; i++) {
            context("node-" + i, nodes.get(i));
        }
        String ready = done("memphisee cluster await --nodes 3 -o json");
        assertEquals(COUNT, ready.split("\"state\" : \"ready\"", -1).length - 1, ready);
        fill();
        int place = commandsOfACluster();
        List<String> made = done("memphisee backup create --all-nodes --wait --no-headers").lines().toList();
        assertEquals(List.of("node-0", "node-1", "node-2"), made.stream().map(line -> line.split("\t")[0]).toList());
        oneIsAway(nodes);
        nodes.forEach(BrokerProcess::close);

        List<BrokerProcess> anew = cluster();
        BrokerProcess rescue = BrokerProcess.prepared();
        all.add(rescue);
        Files.createDirectories(rescue.dataDirectory());
        Files.createSymbolicLink(home.resolve("here/rescue"), rescue.dataDirectory());
        List<String> commands = guide();
        done(replaced(commands.get(0), "/backups/20261130T120000Z", backups(place).resolve(made.get(place).split("\t")[1]).toString()));
        rescue.launch(Map.of());
        awaitServing(rescue);
        anew.forEach(LostClusterIT::awaitServing);
        context("anew", anew.get(0), "--select");
        done("memphisee cluster await --nodes 3");
        for (String command : commands.subList(1, commands.size())) {
            if (command.contains("context add")) {
                String mine = replaced(replaced(command, "localhost:16666", rescue.host() + ":" + rescue.clientPort()), "localhost:19000",
                        rescue.host() + ":" + rescue.ports().dashboard());
                Ended added = shell(rescue.password() + "\n", mine);
                assertEquals(0, added.code(), added::err);
            } else if (command.contains("station")) {
                for (String station : command.contains("orders") ? List.of("orders", "local") : List.of("")) {
                    done(command.replace("orders", station));
                }
            } else {
                done(command);
            }
        }
        everythingIsThere(anew);
    }

    private void fill() throws IOException, InterruptedException {
        done("memphisee station create orders --partitions 2 --replicas 3 --tag shop");
        done("memphisee station create local --tag shop");
        for (String station : List.of("orders", "local")) {
            done("for i in 1 2 3 4 5 6; do echo " + station + "-$i; done | memphisee station produce " + station + " --key one");
        }
        assertEquals("local-1\nlocal-2\n", done("memphisee station consume local --group billing --count 2 --raw"));
        assertEquals("orders-1\norders-2\n", done("memphisee station consume orders --group billing --count 2 --raw"));
        assertEquals(0, shell("Secret-of-ann-1\n", "memphisee user add ann --allow-read 'or*'").code());
    }

    /** Answers which node has the station of one replica. */
    private int commandsOfACluster() throws IOException, InterruptedException {
        assertTrue(done("memphisee --context node-1 cluster groups").contains("node-2"));
        String orders = done("memphisee --context node-2 cluster places orders -o json");
        assertEquals(2, orders.split("\"partition\"", -1).length - 1, orders);
        String leader = leader("node-0", "orders");
        done("memphisee --context node-1 cluster step-down --station orders --partition 1");
        Eventually.await("another node leads", Duration.ofSeconds(30), () -> {
            try {
                String now = leader("node-2", "orders");
                return !now.isEmpty() && !now.equals(leader);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(shell("", "memphisee cluster peer-remove 'orders$1' node-2 --yes").err().contains("peer remap failed"));
        String local = leader("node-0", "local");
        assertTrue(local.matches("node-[012]"), local);
        return local.charAt(local.length() - 1) - '0';
    }

    private String leader(String asked, String station) throws IOException, InterruptedException {
        return done("memphisee --context " + asked + " cluster places " + station + " --columns leader --no-headers").lines().findFirst()
                .orElse("").strip();
    }

    private void oneIsAway(List<BrokerProcess> nodes) throws IOException, InterruptedException {
        nodes.get(2).kill();
        Eventually.await("it is missed", Duration.ofSeconds(30), () -> {
            try {
                return done("memphisee cluster nodes").lines().anyMatch(line -> line.contains("node-2") && line.contains("away"));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Ended partly = shell("", "memphisee backup create --all-nodes --wait --no-headers");
        assertEquals(PARTLY, partly.code(), partly::err);
        assertEquals(List.of("node-0", "node-1"), partly.out().lines().map(line -> line.split("\t")[0]).toList());
        assertTrue(partly.err().contains("node-2: it is not there"), partly::err);
    }

    private void everythingIsThere(List<BrokerProcess> nodes) throws IOException, InterruptedException {
        for (int i = 1; i < COUNT; i++) {
            context("anew-" + i, nodes.get(i));
        }
        assertTrue(done("memphisee user ls").contains("ann"));
        assertTrue(done("memphisee tag ls --used").contains("shop"));
        assertEquals("orders-3\norders-4\norders-5\norders-6\n",
                done("memphisee --context anew-1 station consume orders --group billing --count 4 --raw"));
        assertEquals("local-3\nlocal-4\nlocal-5\nlocal-6\n",
                done("memphisee --context anew-2 station consume local --group billing --count 4 --raw"));
        done("memphisee --context anew-2 station produce orders more");
        String differs = ends(1, "memphisee definitions diff all.json --columns name,details --no-headers");
        assertTrue(differs.lines().allMatch(line -> line.startsWith("orders\t") && line.contains("replicas")), differs);
    }
}

package org.memphisee.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.StreamConfiguration;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.access.Management;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.NodePrograms;

/**
 * Three packaged servers on one machine are one cluster: what is made at one of them is there on all, clients are served by any,
 * and messages of streams with three replicas are taken, and there, whoever is killed. People see the same stations at each.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterIT {
    private static final int COUNT = 3;
    private static final int UNAVAILABLE = 10_008;
    private static final int NOT_FOUND = 10_059;
    private static final Duration WAIT = Duration.ofSeconds(20);

    private static final List<BrokerProcess> NODES = new ArrayList<>();
    private static final List<Map<String, String>> SETTINGS = new ArrayList<>();

    @TempDir
    private Path temporary;

    @AfterAll
    static void close() {
        NODES.forEach(BrokerProcess::close);
    }

    @BeforeAll
    static void start() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            members.add("node-" + i + "@127.0.0.1:" + BrokerPorts.free().client());
            NODES.add(BrokerProcess.prepared());
        }
        for (int i = 0; i < COUNT; i++) {
            SETTINGS.add(Map.of("MEMPHISEE_SERVER_NAME", "node-" + i, "MEMPHISEE_CLUSTER_MODE", "static",
                    "MEMPHISEE_CLUSTER_MEMBERS", String.join(",", members)));
            NODES.get(i).launch(SETTINGS.get(i));
        }
        for (BrokerProcess node : NODES) {
            assertTrue(node.awaitServing(), node::output);
        }
        NODES.forEach(ClusterIT::awaitReady);
    }

    private static void awaitReady(BrokerProcess node) {
        Eventually.await("the node is ready", Duration.ofMinutes(2),
                () -> node.http(node.ports().metrics(), "/health/ready").code() == 200);
    }

    private static Connection connect(BrokerProcess node) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server("nats://" + node.host() + ':' + node.clientPort())
                .userInfo(node.user(), node.password()).connectionTimeout(WAIT).errorListener(new io.nats.client.ErrorListener() { })
                .noReconnect().build());
    }

    /** Publishes with a message id, and again while the system is said to be unavailable, as clients do: it is stored once. */
    private static long publish(BrokerProcess node, String subject, String text) {
        long[] sequence = {0};
        Eventually.await("it is stored", Duration.ofMinutes(1), () -> {
            try (Connection connection = connect(node)) {
                sequence[0] = connection.jetStream(JetStreamOptions.builder().requestTimeout(WAIT).build())
                        .publish(subject, text.getBytes(StandardCharsets.UTF_8),
                                PublishOptions.builder().messageId(text + " at " + node.clientPort()).build()).getSeqno();
            } catch (JetStreamApiException e) {
                assertEquals(UNAVAILABLE, e.getApiErrorCode(), e::toString);
                System.out.println(text + ": " + e.getMessage());
            }
            return sequence[0] > 0;
        });
        return sequence[0];
    }

    private static long messages(BrokerProcess node, String stream) throws Exception {
        try (Connection connection = connect(node)) {
            return connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build())
                    .getStreamInfo(stream).getStreamState().getMsgCount();
        }
    }

    private static void awaitHeard(BrokerProcess node, String stream) {
        Eventually.await("it has heard of the stream", () -> {
            try {
                return messages(node, stream) >= 0;
            } catch (JetStreamApiException e) {
                assertEquals(NOT_FOUND, e.getApiErrorCode(), e::toString);
                return false;
            }
        });
    }

    private void run(BrokerProcess at, String program, String... arguments) throws IOException, InterruptedException {
        NodePrograms.run(at, temporary.resolve("errors").toFile(), Map.of("NATS_NODES", Integer.toString(COUNT)), program, arguments);
    }

    private static String port(BrokerProcess node) {
        return Integer.toString(node.clientPort());
    }

    /** Streams and stations of the programs have one replica, at a node that is seldom the one they talk to. */
    @Test
    @Order(1)
    void shouldServeProgramsAtAnyNode() throws Exception {
        Assumptions.assumeTrue(NodePrograms.available(), "skipped: node or npm packages missing");
        for (BrokerProcess node : NODES) {
            run(node, "smoke.mjs", node.host(), port(node));
        }
        run(NODES.get(1), "nats-js.mjs", NODES.get(1).host(), port(NODES.get(1)));
        String state = temporary.resolve("walk.json").toString();
        run(NODES.get(0), "memphis-walk.mjs", "first", NODES.get(0).host(), port(NODES.get(0)), state);
        run(NODES.get(2), "memphis-walk.mjs", "second", NODES.get(2).host(), port(NODES.get(2)), state);
    }

    /** A station's page, its groups and the overview say the same at each node, and messages are removed at each. */
    @Test
    @Order(1)
    void shouldShowAndChangeStationsAtEachNode() throws Exception {
        List<Management> roots = NODES.stream().map(Management::root).toList();
        Answer made = roots.get(0).post("stations/createStation", "{'name':'shop','partitions_number':2,'replicas':1}");
        assertEquals(200, made.code(), made::body);
        for (int i = 0; i < 2 * COUNT; i++) {
            BrokerProcess node = NODES.get(i % COUNT);
            awaitHeard(node, "shop$" + (i % 2 + 1));
            publish(node, "shop$" + (i % 2 + 1) + ".final", "m" + i);
        }
        for (Management root : roots) {
            Answer page = root.get("monitoring/getStationOverviewData?station_name=shop&partition_number=-1");
            assertEquals("6", page.member("total_messages"), page::body);
            assertEquals(6, page.body().split("\"message_seq\":", -1).length - 1, page::body);
            assertTrue(page.body().contains("\"message_problems\":[]"), page::body);
            assertEquals(roots.get(0).get("monitoring/getMainOverviewData").member("total_messages"),
                    root.get("monitoring/getMainOverviewData").member("total_messages"));
            assertTrue(root.get("stations/getMessageDetails?station_name=shop&partition_number=1&message_seq=1").body()
                    .contains("\"data\":\"6d30\""));
        }
        for (int i = 0; i < COUNT; i++) {
            Answer removed = roots.get(i).delete("stations/removeMessages",
                    "{'station_name':'shop','messages':[{'message_seq':" + (i + 1) + ",'partition_number':1}]}");
            assertEquals(200, removed.code(), removed::body);
        }
        Answer purged = roots.get(1).delete("stations/purgeStation",
                "{'station_name':'shop','purge_station':true,'purge_dls':true,'partitions_list':[-1]}");
        assertEquals(200, purged.code(), purged::body);
        for (Management root : roots) {
            assertEquals("0", root.get("monitoring/getStationOverviewData?station_name=shop&partition_number=-1")
                    .member("total_messages"));
        }
    }

    @Test
    @Order(3)
    void shouldGoOnServingProgramsWhoeverIsKilled() throws Exception {
        Assumptions.assumeTrue(NodePrograms.available(), "skipped: node or npm packages missing");
        File errors = temporary.resolve("errors").toFile();
        BrokerProcess first = NODES.get(0);
        Process process = NodePrograms.start(first, errors, Map.of(), "cluster.mjs", first.host(), port(first), port(NODES.get(1)),
                port(NODES.get(2)));
        try (BufferedReader output = NodePrograms.output(process)) {
            assertEquals("READY", output.readLine(), () -> "ended before it was ready, see " + errors);
            for (int i = 0; i < COUNT; i++) {
                NODES.get(i).kill();
                NODES.get(i).launch(SETTINGS.get(i));
                assertTrue(NODES.get(i).awaitServing(), NODES.get(i)::output);
                awaitReady(NODES.get(i));
            }
            process.getOutputStream().write("stop\n".getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            NodePrograms.assertSucceeds(process, output, errors);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Order(2)
    void shouldBeOneClusterWhoeverIsKilled() throws Exception {
        try (Connection connection = connect(NODES.get(1))) {
            connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build()).addStream(
                    StreamConfiguration.builder().name("KEPT").subjects("kept.>").replicas(COUNT).build());
        }
        long sequence = 0;
        for (BrokerProcess node : NODES) {
            awaitHeard(node, "KEPT");
            assertEquals(++sequence, publish(node, "kept.a", "before"));
        }
        for (int i = 0; i < COUNT; i++) {
            NODES.get(i).kill();
            BrokerProcess other = NODES.get((i + 1) % COUNT);
            assertEquals(++sequence, publish(other, "kept.a", "while node " + i + " is dead"));
            NODES.get(i).launch(SETTINGS.get(i));
            assertTrue(NODES.get(i).awaitServing(), NODES.get(i)::output);
            awaitReady(NODES.get(i));
            assertEquals(++sequence, publish(NODES.get(i), "kept.a", "after node " + i + " is back"));
        }
        for (BrokerProcess node : NODES) {
            assertEquals(sequence, messages(node, "KEPT"), "at any node");
        }
    }
}

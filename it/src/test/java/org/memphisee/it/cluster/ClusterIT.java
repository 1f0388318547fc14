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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.access.Management;
import org.memphisee.it.access.Management.Answer;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * Three packaged servers on one machine are one cluster: what is made at one of them is there on all, and messages of a stream with
 * three replicas are taken, and there, whoever is killed. People see the same stations at each.
 */
@Tag("cluster")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ClusterIT {
    private static final int NODES = 3;
    private static final int UNAVAILABLE = 10_008;
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final List<BrokerProcess> nodes = new ArrayList<>();
    private final List<Map<String, String>> settings = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(BrokerProcess::close);
    }

    private void start() {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("node-" + i + "@127.0.0.1:" + BrokerPorts.free().client());
            nodes.add(BrokerProcess.prepared());
        }
        for (int i = 0; i < NODES; i++) {
            settings.add(Map.of("MEMPHISEE_SERVER_NAME", "node-" + i, "MEMPHISEE_CLUSTER_MODE", "static",
                    "MEMPHISEE_CLUSTER_MEMBERS", String.join(",", members)));
            nodes.get(i).launch(settings.get(i));
        }
        for (BrokerProcess node : nodes) {
            assertTrue(node.awaitServing(), node::output);
        }
        nodes.forEach(ClusterIT::awaitReady);
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

    /**
     * What one of the nodes tells, whichever can: in two of four runs a node that had been restarted answered for 20 s that it is
     * unavailable, of which the guide tells.
     */
    private long toldBySome(String stream) {
        long[] messages = {-1};
        Eventually.await("a node tells how many messages there are", Duration.ofMinutes(1), () -> {
            for (BrokerProcess node : nodes) {
                try {
                    messages[0] = messages(node, stream);
                    return true;
                } catch (JetStreamApiException e) {
                    assertEquals(UNAVAILABLE, e.getApiErrorCode(), e::toString);
                    System.out.println("node " + nodes.indexOf(node) + ": " + e.getMessage());
                }
            }
            return false;
        });
        return messages[0];
    }

    /** A station's page, its groups and the overview say the same at each node, and messages are removed at each. */
    private void stationsAreTheSameEverywhere() throws Exception {
        List<Management> roots = nodes.stream().map(Management::root).toList();
        Answer made = roots.get(0).post("stations/createStation", "{'name':'shop','partitions_number':2,'replicas':1}");
        assertEquals(200, made.code(), made::body);
        for (int i = 0; i < 2 * NODES; i++) {
            BrokerProcess node = nodes.get(i % NODES);
            Eventually.await("it has heard of the station", () -> messages(node, "shop$1") >= 0);
            publish(node, "shop$" + (i % 2 + 1) + ".final", "m" + i);
        }
        for (Management root : roots) {
            Answer page = root.get("monitoring/getStationOverviewData?station_name=shop&partition_number=-1");
            assertEquals("6", page.member("total_messages"), page::body);
            assertEquals(6, page.body().split("\"message_seq\":", -1).length - 1, page::body);
            assertTrue(page.body().contains("\"message_problems\":[]"), page::body);
            assertEquals("6", root.get("monitoring/getMainOverviewData").member("total_messages"));
            assertTrue(root.get("stations/getMessageDetails?station_name=shop&partition_number=1&message_seq=1").body()
                    .contains("\"data\":\"6d30\""));
        }
        for (int i = 0; i < NODES; i++) {
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
    void shouldBeOneClusterWhoeverIsKilled() throws Exception {
        start();
        stationsAreTheSameEverywhere();
        try (Connection connection = connect(nodes.get(1))) {
            connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build()).addStream(
                    StreamConfiguration.builder().name("KEPT").subjects("kept.>").replicas(NODES).build());
        }
        long sequence = 0;
        for (BrokerProcess node : nodes) {
            Eventually.await("it has heard of the stream", () -> messages(node, "KEPT") >= 0);
            assertEquals(++sequence, publish(node, "kept.a", "before"));
        }
        for (int i = 0; i < NODES; i++) {
            nodes.get(i).kill();
            BrokerProcess other = nodes.get((i + 1) % NODES);
            assertEquals(++sequence, publish(other, "kept.a", "while node " + i + " is dead"));
            nodes.get(i).launch(settings.get(i));
            assertTrue(nodes.get(i).awaitServing(), nodes.get(i)::output);
            awaitReady(nodes.get(i));
            assertEquals(++sequence, publish(nodes.get(i), "kept.a", "after node " + i + " is back"));
        }
        assertEquals(sequence, toldBySome("KEPT"));
    }
}

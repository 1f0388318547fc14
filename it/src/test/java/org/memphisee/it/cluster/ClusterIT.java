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
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * Three packaged servers on one machine are one cluster: what is made at one of them is there on all, and messages of a stream with
 * three replicas are taken, and there, whoever is killed.
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

    @Test
    void shouldBeOneClusterWhoeverIsKilled() throws Exception {
        start();
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
        for (BrokerProcess node : nodes) {
            assertEquals(sequence, messages(node, "KEPT"), "at any node");
        }
    }
}

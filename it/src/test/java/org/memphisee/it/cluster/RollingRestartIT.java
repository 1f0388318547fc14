package org.memphisee.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * Three packaged servers are told to stop and started again, one after the other, under publishers that give each message an id and
 * publish it again until it is acknowledged: every one is, and is there once.
 */
@Tag("cluster")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RollingRestartIT {
    private static final int NODES = 3;
    private static final int PUBLISHERS = 3;
    private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(1_500); // of each: 2 000 a second together
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static final Path SCRIPT = Path.of(System.getProperty("it.image", "../liberty-config/target/image"))
            .resolve("compose/cluster-secrets.sh");

    @TempDir
    Path secrets;
    private final List<BrokerProcess> nodes = new ArrayList<>();
    private final List<Map<String, String>> settings = new ArrayList<>();
    private final ScheduledExecutorService again = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void close() {
        again.shutdownNow();
        nodes.forEach(BrokerProcess::close);
    }

    /** With TLS between them, by what the script that is shipped makes. */
    private void start() throws Exception {
        Process made = new ProcessBuilder("sh", SCRIPT.toString(), secrets.toString(), "node-0", "node-1", "node-2").inheritIO().start();
        assertEquals(0, made.waitFor());
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("node-" + i + "@127.0.0.1:" + BrokerPorts.free().client());
            nodes.add(BrokerProcess.prepared());
        }
        for (int i = 0; i < NODES; i++) {
            settings.add(Map.of("MEMPHISEE_SERVER_NAME", "node-" + i, "MEMPHISEE_CLUSTER_MODE", "static",
                    "MEMPHISEE_CLUSTER_MEMBERS", String.join(",", members), "MEMPHISEE_CLUSTER_LAME_DUCK", "4s",
                    "MEMPHISEE_CLUSTER_LAME_DUCK_GRACE", "1s", "MEMPHISEE_CLUSTER_SECRET_FILE", secrets + "/cluster_secret",
                    "MEMPHISEE_CLUSTER_TLS_CA", secrets + "/cluster_ca.pem", "MEMPHISEE_CLUSTER_TLS_CERTIFICATE",
                    secrets + "/node-" + i + ".pem", "MEMPHISEE_CLUSTER_TLS_KEY", secrets + "/node-" + i + ".key"));
            nodes.get(i).launch(settings.get(i));
        }
        nodes.forEach(RollingRestartIT::awaitReady);
    }

    private static boolean ready(BrokerProcess node) {
        return node.http(node.ports().metrics(), "/health/ready").code() == 200;
    }

    private static void awaitReady(BrokerProcess node) {
        assertTrue(node.awaitServing(), node::output);
        Eventually.await("the node is ready", Duration.ofMinutes(2), () -> ready(node));
    }

    private String[] urls() {
        return nodes.stream().map(node -> "nats://" + node.host() + ':' + node.clientPort()).toArray(String[]::new);
    }

    private Connection connect(String... urls) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().servers(urls).noRandomize().userInfo(nodes.get(0).user(), nodes.get(0).password())
                .connectionTimeout(WAIT).maxReconnects(-1).reconnectWait(Duration.ofMillis(100)).maxMessagesInOutgoingQueue(50_000)
                .errorListener(new ErrorListener() { }).build());
    }

    /** Publishes at a pace, and again what was not acknowledged. */
    private final class Publisher implements Runnable {
        private final Connection connection;
        private final JetStream stream;
        private final String name;
        private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final Map<String, Integer> failures = new HashMap<>();
        private final AtomicLong open = new AtomicLong();
        private volatile boolean stopped;
        private long published;

        private Publisher(int number) throws Exception {
            String[] all = urls();
            List<String> turned = new ArrayList<>();
            for (int i = 0; i < all.length; i++) {
                turned.add(all[(i + number) % all.length]);
            }
            connection = connect(turned.toArray(String[]::new));
            stream = connection.jetStream(JetStreamOptions.builder().requestTimeout(WAIT).build());
            name = "p" + number;
        }

        @Override
        public void run() {
            long due = System.nanoTime();
            while (!stopped) {
                open.incrementAndGet();
                publish(name + '-' + ++published);
                due += PACE_NANOS;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }

        private void publish(String id) {
            try {
                stream.publishAsync("roll." + name, id.getBytes(StandardCharsets.UTF_8),
                        PublishOptions.builder().messageId(id).build()).whenComplete((ack, why) -> {
                            if (why == null) {
                                acknowledged.add(System.nanoTime());
                                open.decrementAndGet();
                            } else {
                                failed(id, why);
                            }
                        });
            } catch (RuntimeException e) {
                failed(id, e);
            }
        }

        private void failed(String id, Throwable why) {
            synchronized (failures) {
                failures.merge(String.valueOf(why).replaceAll("\\d{4,}", "n"), 1, Integer::sum);
            }
            again.schedule(() -> publish(id), 100, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void shouldAcknowledgeEveryMessageOnceWhileAllNodesAreRestarted() throws Exception {
        start();
        try (Connection connection = connect(urls())) {
            connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build()).addStream(
                    StreamConfiguration.builder().name("ROLL").subjects("roll.>").replicas(NODES).build());
        }
        tokensAreGoodAtAllNodes();
        List<Publisher> publishers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            Publisher publisher = new Publisher(i);
            publishers.add(publisher);
            Thread thread = new Thread(publisher, publisher.name);
            threads.add(thread);
            thread.start();
        }
        TimeUnit.SECONDS.sleep(5); // at the pace, in between
        for (int i = 0; i < NODES; i++) {
            restart(i);
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.get(i).stopped = true;
            threads.get(i).join();
        }
        Eventually.await("everything is acknowledged", Duration.ofMinutes(1),
                () -> publishers.stream().allMatch(publisher -> publisher.open.get() == 0));
        check(publishers);
    }

    /** Nobody configured what they are signed with: it comes from the secret of the cluster. */
    private void tokensAreGoodAtAllNodes() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String signedIn = client.send(HttpRequest.newBuilder(gateway(0, "/auth/authenticate")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"username\":\"" + nodes.get(0).user() + "\",\"password\":\""
                        + nodes.get(0).password() + "\"}")).build(), HttpResponse.BodyHandlers.ofString()).body();
        Matcher token = Pattern.compile("\"jwt\":\"([^\"]+)\"").matcher(signedIn);
        assertTrue(token.find(), signedIn);
        for (int i = 0; i < NODES; i++) {
            HttpResponse<String> taken = client.send(HttpRequest.newBuilder(gateway(i, "/stations/tokens/produce/single"))
                    .header("Content-Type", "text/plain").header("Authorization", "Bearer " + token.group(1))
                    .POST(HttpRequest.BodyPublishers.ofString("by node " + i)).build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(taken.statusCode() < 300, () -> taken.statusCode() + " " + taken.body());
        }
    }

    private URI gateway(int node, String path) {
        return URI.create("http://" + nodes.get(node).host() + ':' + nodes.get(node).ports().gateway() + path);
    }

    private void restart(int number) {
        BrokerProcess node = nodes.get(number);
        long begin = System.nanoTime();
        node.terminate();
        Eventually.await("it is not ready any more", Duration.ofSeconds(2), () -> !ready(node));
        node.stop();
        assertEquals(0, node.exitValue(), node::output);
        System.out.printf("node %d ended %.1f s after SIGTERM: %s%n", number, (System.nanoTime() - begin) / 1e9,
                node.log().lines().filter(line -> line.matches(".*MEE072[012].*")).map(line -> line.replaceAll(".*(MEE)", "$1")).toList());
        node.launch(settings.get(number));
        awaitReady(node);
    }

    private void check(List<Publisher> publishers) throws Exception {
        long sent = publishers.stream().mapToLong(publisher -> publisher.published).sum();
        List<Long> times = new ArrayList<>();
        publishers.forEach(publisher -> times.addAll(publisher.acknowledged));
        times.sort(null);
        long gap = 0;
        for (int i = 1; i < times.size(); i++) {
            gap = Math.max(gap, times.get(i) - times.get(i - 1));
        }
        System.out.printf("%d messages acknowledged, longest time without any %d ms; published again: %s%n", times.size(), gap / 1_000_000,
                publishers.stream().map(publisher -> publisher.failures).toList());
        for (Publisher publisher : publishers) {
            publisher.connection.close();
        }
        assertEquals(sent, times.size());
        try (Connection connection = connect(urls())) {
            assertEquals(sent, connection.jetStreamManagement(JetStreamOptions.builder().requestTimeout(WAIT).build())
                    .getStreamInfo("ROLL").getStreamState().getMsgCount(), "each is there once");
        }
    }
}

package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.CoreClient;

/** All nodes are restarted one after the other while clients publish: nobody is refused, also without trying again. */
@Timeout(180)
class RollingRestartTest {

    private static final Pattern SEQUENCE = Pattern.compile("\"stream\":\"(S\\d)\",\\s*\"seq\":(\\d+)");
    private static final long PACE_NANOS = TimeUnit.MICROSECONDS.toNanos(1_500); // three publishers: 2 000 a second
    private static final int STREAMS = 3;

    @TempDir
    Path data;
    private ClusterFixture cluster;
    private final List<Publisher> publishers = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Publisher publisher : publishers) {
            publisher.end();
        }
        cluster.close();
        assertEquals(List.of(), cluster.failures());
    }

    /** Publishes to all streams in turn, at one node at a time, and asks for each answer. Never publishes anything again. */
    private final class Publisher extends Thread {
        private final String own;
        private final Map<String, CompletableFuture<String>> sent = new HashMap<>();
        private final Queue<Long> answered = new ConcurrentLinkedQueue<>();
        private final AtomicLong open = new AtomicLong();
        private volatile String at;
        private volatile String connected = "";
        private volatile boolean stops;

        private Publisher(String own, String at) {
            this.own = own;
            this.at = at;
        }

        @Override
        public void run() {
            CoreClient client = null;
            long due = System.nanoTime();
            for (int i = 0; !stops; i++) {
                if (!at.equals(connected)) {
                    while (open.get() > 0 && !stops) {
                        LockSupport.parkNanos(PACE_NANOS);
                    }
                    String next = at;
                    client = cluster.client(next);
                    connected = next;
                }
                open.incrementAndGet();
                CompletableFuture<String> answer = client.ask("s" + i % STREAMS + "." + own, own + i);
                answer.thenRun(() -> {
                    answered.add(System.nanoTime());
                    open.decrementAndGet();
                });
                sent.put(own + i + " at " + connected, answer);
                due += PACE_NANOS;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }

        /** Goes to another node when everything is answered, as a client does whose connection is closed in order. */
        private void leave(String node, String next) {
            if (at.equals(node)) {
                at = next;
                cluster.until(own + " has all answers", () -> connected.equals(next));
            }
        }

        private void end() throws InterruptedException {
            stops = true;
            join();
        }
    }

    @Test
    void shouldRefuseNoPublishWhileAllNodesAreRestarted() throws Exception {
        cluster = ClusterFixture.formed(data, 3);
        CoreClient any = cluster.client("n0");
        for (int i = 0; i < STREAMS; i++) {
            String answer = any.request("$JS.API.STREAM.CREATE.S" + i, "{\"name\":\"S" + i + "\",\"subjects\":[\"s" + i
                + ".>\"],\"num_replicas\":3}");
            assertTrue(!answer.contains("\"error\""), answer);
        }
        for (String node : cluster.names()) {
            CoreClient client = cluster.client(node);
            cluster.until(node + " has heard of all streams", () -> IntStream.range(0, STREAMS).allMatch(i -> client
                .request("$JS.API.STREAM.NAMES", "").contains("\"S" + i + "\"")));
        }
        for (String node : cluster.names()) {
            Publisher publisher = new Publisher("p" + node, node);
            publishers.add(publisher);
            publisher.start();
        }
        TimeUnit.SECONDS.sleep(1); // of publishing, as in between
        for (String node : cluster.names()) {
            long begin = System.nanoTime();
            assertTrue(cluster.handOver(node), node + " leads still");
            System.out.println(node + " handed over in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            String next = cluster.names().get((cluster.names().indexOf(node) + 1) % 3);
            publishers.forEach(publisher -> publisher.leave(node, next));
            cluster.stop(node);
            TimeUnit.MILLISECONDS.sleep(500);
            cluster.start(node);
            cluster.until(node + " is ready", () -> cluster.node(node).problem().isEmpty());
            publishers.get(cluster.names().indexOf(node)).at = node;
            TimeUnit.SECONDS.sleep(1);
        }
        for (Publisher publisher : publishers) {
            publisher.end();
        }
        check();
    }

    private void check() {
        Map<String, String> stored = new HashMap<>();
        Map<String, Integer> refused = new HashMap<>();
        List<String> twice = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (Publisher publisher : publishers) {
            publisher.sent.forEach((message, answer) -> {
                String told = CoreClient.get(answer);
                Matcher m = SEQUENCE.matcher(told);
                if (m.find() && !told.contains("error")) {
                    String other = stored.put(m.group(1) + " " + m.group(2), message);
                    if (other != null) {
                        twice.add(told + ": " + other + " and " + message);
                    }
                } else {
                    refused.merge(told + message.replaceAll(".* at", " at"), 1, Integer::sum);
                }
            });
            times.addAll(publisher.answered);
        }
        times.sort(null);
        long gap = 0;
        for (int i = 1; i < times.size(); i++) {
            gap = Math.max(gap, times.get(i) - times.get(i - 1));
        }
        System.out.println(stored.size() + " stored, refused " + refused + ", the longest gap between answers " + gap / 1_000_000 + " ms");
        assertEquals(Map.of(), refused);
        assertEquals(List.of(), twice, "two messages in one place");
        long there = 0;
        for (int i = 0; i < STREAMS; i++) {
            Matcher m = Pattern.compile("\"messages\":(\\d+)").matcher(cluster.client("n1").request("$JS.API.STREAM.INFO.S" + i, ""));
            assertTrue(m.find());
            there += Long.parseLong(m.group(1));
        }
        assertEquals(stored.size(), there, "what was acknowledged is there once, and nothing else");
    }
}

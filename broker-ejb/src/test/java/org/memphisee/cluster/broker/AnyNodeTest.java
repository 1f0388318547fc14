package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient;

/** Three whole nodes: a stream that one of them leads is used at the two others as if it were theirs, also when the leader dies. */
class AnyNodeTest extends ThreeNodes {

    private static final Pattern LEADER = Pattern.compile("\"leader\":\"(n\\d)\"");

    private static final Pattern SEQUENCE = Pattern.compile("\"seq\":(\\d+)");

    private String leader;
    private CoreClient a;
    private CoreClient b;
    private CoreClient c;

    @BeforeEach
    void begin() throws Exception {
        CoreClient any = cluster.client("n0", "any");
        ok(any.request("$JS.API.STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"s.>\"],\"allow_direct\":true,\"num_replicas\":3}"));
        cluster.until("somebody leads", () -> {
            Matcher m = LEADER.matcher(any.request("$JS.API.STREAM.INFO.S", ""));
            leader = m.find() ? m.group(1) : "";
            return !leader.isEmpty();
        });
        List<String> others = cluster.names().stream().filter(name -> !name.equals(leader)).toList();
        a = cluster.client(others.get(0), "A");
        b = cluster.client(leader, "B");
        c = cluster.client(others.get(1), "C");
    }

    private void consumer(CoreClient at, String name, String more) {
        ok(at.request("$JS.API.CONSUMER.CREATE.S." + name, "{\"stream_name\":\"S\",\"config\":{\"durable_name\":\"" + name
            + "\",\"name\":\"" + name + "\",\"ack_policy\":\"explicit\"" + more + "}}"));
    }

    private void fill(CoreClient at, int messages) {
        List<CompletableFuture<String>> answers = IntStream.rangeClosed(1, messages)
            .mapToObj(i -> at.ask("s." + i % 3, "m" + i)).toList();
        for (int i = 0; i < messages; i++) {
            String answer = ok(CoreClient.get(answers.get(i)));
            assertTrue(answer.contains("\"seq\":" + (i + 1)), "in the order of the client: " + answer);
        }
    }

    private static List<String> numbers(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> "m" + i).toList();
    }

    private static List<String> gather(CoreClient client, int n) {
        List<String> all = new ArrayList<>();
        while (all.size() < n) {
            all.add(client.next().payload());
        }
        return all;
    }

    @Test
    void shouldServeClientsOfAllNodes() {
        consumer(c, "p", "");
        consumer(a, "d", ",\"deliver_subject\":\"C.to\"");
        fill(a, 200);

        assertEquals(numbers(200), c.fetch("S", "p", 200).stream().map(CoreClient.Message::payload).toList());
        c.subscribe("C.to");
        assertEquals(numbers(200), gather(c, 200));
        assertEquals("m4", c.request("$JS.API.DIRECT.GET.S", "{\"seq\":4}"));
        assertTrue(ok(c.request("$JS.API.STREAM.INFO.S", "")).contains("\"messages\":200"));
        assertTrue(ok(a.request("$JS.API.CONSUMER.INFO.S.p", "")).contains("\"num_ack_pending\":200"));
        assertTrue(ok(a.request("$JS.API.STREAM.MSG.DELETE.S", "{\"seq\":4}")).contains("true"));
        assertTrue(ok(c.request("$JS.API.STREAM.PURGE.S", "")).contains("\"purged\":199"));
        assertTrue(ok(a.request("$JS.API.CONSUMER.DELETE.S.p", "")).contains("true"));
    }

    @Test
    void shouldUseAStreamOfASingleNodeAtAllNodes() {
        ok(a.request("$JS.API.STREAM.CREATE.ONE", "{\"name\":\"ONE\",\"subjects\":[\"one.>\"],\"num_replicas\":1}"));
        everywhere("ONE");
        int n = 0;
        for (CoreClient at : List.of(a, b, c)) {
            ok(at.request("one.x", "m" + ++n));
            ok(at.request("$JS.API.CONSUMER.CREATE.ONE.p" + n, "{\"stream_name\":\"ONE\",\"config\":{\"durable_name\":\"p" + n
                + "\",\"name\":\"p" + n + "\",\"ack_policy\":\"explicit\"}}"));
            assertEquals("m1", at.fetch("ONE", "p" + n, 1).get(0).payload());
        }
        for (CoreClient at : List.of(a, b, c)) {
            String list = ok(at.request("$JS.API.STREAM.LIST", ""));
            assertTrue(list.contains("\"name\":\"ONE\"") && list.contains("\"messages\":3"), list);
            assertTrue(ok(at.request("$JS.API.STREAM.INFO.ONE", "")).contains("\"messages\":3"));
            assertFalse(ok(at.request("$JS.API.INFO", "")).contains("\"storage\":0"), "what other nodes have counts");
        }
    }

    @Test
    void shouldTellClientsWhereTheOtherNodesAre() throws Exception {
        for (String name : cluster.names()) {
            cluster.until(name + " knows all", () -> cluster.broker(name).port().identity().cluster().connectUrls()
                .equals(List.of("n0:6666", "n1:6666", "n2:6666")));
        }
        cluster.kill("n1");
        cluster.until("not the one that died", () -> cluster.broker("n0").port().identity().cluster().connectUrls()
            .equals(List.of("n0:6666", "n2:6666")));
    }

    @Test
    void shouldKeepAKeyValueBucketForAllNodes() {
        ok(a.request("$JS.API.STREAM.CREATE.KV_k", "{\"name\":\"KV_k\",\"subjects\":[\"$KV.k.>\"],\"max_msgs_per_subject\":1,"
            + "\"allow_direct\":true,\"allow_rollup_hdrs\":true,\"deny_delete\":true,\"discard\":\"new\",\"num_replicas\":3}"));
        everywhere("KV_k"); // others than who was asked hear of it a moment later
        for (int i = 1; i <= 20; i++) {
            CoreClient at = List.of(a, b, c).get(i % 3);
            CoreClient reads = List.of(a, b, c).get((i + 1) % 3);
            ok(at.request("$KV.k.x", "v" + i));
            assertEquals("v" + i, reads.request("$JS.API.DIRECT.GET.KV_k.$KV.k.x", ""), "read at once at another node");
        }
        assertTrue(CoreClient.get(c.ask("$KV.k.x", "Nats-Expected-Last-Subject-Sequence: 3", "v")).contains("10071"));
        ok(CoreClient.get(a.ask("$KV.k.x", "Nats-Expected-Last-Subject-Sequence: 20", "v")));
    }

    @Test
    void shouldLoseNothingThatWasAcknowledgedWhenTheLeaderDies() throws Exception {
        consumer(a, "p", "");
        Map<String, CompletableFuture<String>> answers = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            CoreClient at = i % 2 == 0 ? a : c;
            answers.put("m" + i, at.ask("s.x", "m" + i));
            if (i == 200) {
                CoreClient.get(answers.get("m100"));
                cluster.kill(leader);
            }
            if (i > 200) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
        Set<String> stored = new HashSet<>();
        int unknown = 0;
        for (Map.Entry<String, CompletableFuture<String>> e : answers.entrySet()) {
            String answer = CoreClient.get(e.getValue());
            if (answer.contains("\"error\"")) {
                assertTrue(answer.contains("10008"), answer);
                unknown++;
            } else {
                stored.add(e.getKey());
            }
        }
        assertTrue(stored.size() > 150, stored.size() + " acknowledged, " + unknown + " not known");
        Set<String> got = new HashSet<>();
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.p", "A.inbox.all", "{\"batch\":1000,\"expires\":20000000000}");
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!got.containsAll(stored) && System.nanoTime() < limit) {
            a.come().forEach(m -> got.add(m.payload()));
            TimeUnit.MILLISECONDS.sleep(10);
        }
        stored.removeAll(got);
        assertEquals(Set.of(), stored, "acknowledged and not there");
    }

    /**
     * Two clients publish all the time, and nothing waits for answers. Only what may have been on its way to the leader that died is
     * not known; all that came later waits, and is stored once, in the order of each client.
     */
    @Test
    void shouldStoreInOrderWhatComesWhileTheLeaderIsDead() throws Exception {
        List<String> others = cluster.names().stream().filter(name -> !name.equals(leader)).toList();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add((i % 2 == 0 ? a : c).ask("s." + i % 2, "m" + i));
        }
        cluster.kill(leader);
        int later = 100;
        for (boolean known = false; !known;) {
            known = others.stream().noneMatch(name -> cluster.broker(name).port().identity().cluster().connectUrls()
                .contains(leader + ":6666"));
            int i = answers.size();
            answers.add((i % 2 == 0 ? a : c).ask("s." + i % 2, "m" + i));
            later = known ? i : later;
            TimeUnit.MILLISECONDS.sleep(1); // clients that publish, not a wait
        }
        for (int i = answers.size(); i < later + 1_000; i++) {
            answers.add((i % 2 == 0 ? a : c).ask("s." + i % 2, "m" + i));
        }
        long[] last = {0, 0};
        for (int i = 0; i < answers.size(); i++) {
            String answer = CoreClient.get(answers.get(i));
            if (answer.contains("\"error\"")) {
                assertTrue(i < later && answer.contains("not known"), i + " of " + later + ": " + answer);
                continue;
            }
            Matcher stored = SEQUENCE.matcher(answer);
            assertTrue(stored.find(), answer);
            long sequence = Long.parseLong(stored.group(1));
            assertTrue(sequence > last[i % 2], i + " has sequence " + sequence + ", the one before of this client " + last[i % 2]);
            last[i % 2] = sequence;
        }
    }

    @Test
    void shouldGiveTheRestOfARequestForMessagesToTheNextLeader() throws Exception {
        consumer(a, "p", "");
        c.publish("$JS.API.CONSUMER.MSG.NEXT.S.p", "C.inbox.x", "{\"batch\":10,\"expires\":60000000000}");
        ok(a.request("s.x", "first"));
        assertEquals("first", c.next().payload());

        cluster.kill(leader);
        ok(a.request("s.x", "second"));

        CoreClient.Message next = c.next();
        while (next.payload().equals("first")) { // was not acknowledged
            next = c.next();
        }
        assertEquals("second", next.payload(), next.toString());
    }

    /** Clients at all nodes wait: they hear nothing of it, get what comes next, and answers to their acknowledgements. */
    @Test
    void shouldHaveNoClientNoticeThatLeadersStepDown() {
        List<CoreClient> all = List.of(a, b, c);
        consumer(a, "p", "");
        for (CoreClient at : all) {
            cluster.until("all know the consumer", () -> !at.request("$JS.API.CONSUMER.INFO.S.p", "").contains("\"error\""));
        }
        int n = 0;
        for (int round = 0; round < 6; round++) {
            for (CoreClient at : all) {
                String own = at == a ? "A" : at == b ? "B" : "C";
                at.publish("$JS.API.CONSUMER.MSG.NEXT.S.p", own + ".inbox.r" + round,
                    "{\"batch\":1,\"expires\":60000000000,\"idle_heartbeat\":20000000000}");
            }
            stepsDown(a);
            List<CompletableFuture<String>> stored = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                stored.add(a.ask("s.x", "m" + ++n));
            }
            stored.forEach(answer -> ok(CoreClient.get(answer)));
            Map<CoreClient, String> acks = new LinkedHashMap<>();
            Map<CoreClient, CompletableFuture<String>> done = new LinkedHashMap<>();
            for (CoreClient at : all) {
                CoreClient.Message got = at.next();
                assertTrue(got.payload().startsWith("m"), "round " + round + ": " + got);
                acks.put(at, got.reply());
                done.put(at, at.ask(got.reply(), "+ACK"));
            }
            if (round % 2 == 1) {
                stepsDown(c);
            }
            done.forEach((at, answer) -> acknowledged(at, acks.get(at), answer));
        }
        all.forEach(at -> assertEquals(List.of(), at.come()));
    }

    /** Asked again while nobody is known to lead, a moment after the last time. */
    private void stepsDown(CoreClient at) {
        cluster.until("the leader steps down", () -> !at.request("$JS.API.STREAM.LEADER.STEPDOWN.S", "").contains("\"error\""));
    }

    /** Asked again by whoever hears nothing: a leader that cannot hand over within a second resigns, and answers nobody. */
    private static void acknowledged(CoreClient at, String ack, CompletableFuture<String> first) {
        String answer;
        try {
            answer = first.get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer = at.request(ack, "+ACK");
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        assertEquals("", answer);
    }
}

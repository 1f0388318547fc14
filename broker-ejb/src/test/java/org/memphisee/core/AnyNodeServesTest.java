package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;

/** Whole brokers with their threads: a stream of one node is used by clients of the two others as if it were theirs. */
class AnyNodeServesTest {

    private BrokersOfOneCluster cluster;
    private CoreClient a;
    private CoreClient b;
    private CoreClient c;

    @BeforeEach
    void begin() throws StoreException {
        cluster = new BrokersOfOneCluster();
        a = cluster.client("a", "A");
        b = cluster.client("b", "B");
        c = cluster.client("c", "C");
        ok(b.request("$JS.API.STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"s.>\"],\"allow_direct\":true,\"storage\":\"memory\"}"));
    }

    @AfterEach
    void end() {
        cluster.close();
        assertEquals(List.of(), cluster.unexpected);
    }

    private static String ok(String answer) {
        assertTrue(!answer.contains("\"error\""), answer);
        return answer;
    }

    private void consumer(String name, String more) {
        ok(b.request("$JS.API.CONSUMER.CREATE.S." + name, "{\"stream_name\":\"S\",\"config\":{\"durable_name\":\"" + name
            + "\",\"name\":\"" + name + "\",\"ack_policy\":\"explicit\"" + more + "}}"));
        cluster.tell("b");
    }

    private void fill(int messages) {
        List<CompletableFuture<String>> answers = IntStream.rangeClosed(1, messages)
            .mapToObj(i -> a.ask("s." + i % 3, "m" + i)).toList();
        for (int i = 0; i < messages; i++) {
            String answer = ok(CoreClient.get(answers.get(i)));
            assertTrue(answer.contains("\"seq\":" + (i + 1)), "in the order of the client: " + answer);
        }
    }

    @Test
    void shouldStoreAndPullAtOtherNodesThanTheStreams() {
        consumer("p", "");
        fill(1_000);

        List<CoreClient.Message> got = c.fetch("S", "p", 1_000);

        assertEquals(IntStream.rangeClosed(1, 1_000).mapToObj(i -> "m" + i).toList(),
            got.stream().map(CoreClient.Message::payload).toList());
        for (CoreClient.Message m : got) {
            c.publish(m.reply(), "", "+ACK");
        }
        ok(CoreClient.get(c.ask(got.get(999).reply(), "+ACK")));
        String info = ok(a.request("$JS.API.CONSUMER.INFO.S.p", ""));
        assertTrue(info.contains("\"num_ack_pending\":0") && info.contains("\"num_pending\":0"), info);
    }

    @Test
    void shouldPushToAnotherNodeAndStopWhenNobodyListens() {
        consumer("d", ",\"deliver_subject\":\"C.to\"");
        fill(3);
        c.subscribe("C.to");

        assertEquals("m1", c.next().payload());
        assertEquals("s.2", c.next().subject());
        CoreClient.Message third = c.next();
        assertEquals("m3", third.payload());
        c.publish(third.reply(), "", "+ACK");
        a.request("s.1", "m4");
        assertEquals("m4", c.next().payload());
    }

    @Test
    void shouldShareAQueueGroupBetweenNodes() {
        consumer("q", ",\"deliver_subject\":\"to.q\",\"deliver_group\":\"g\",\"max_ack_pending\":10000");
        a.subscribe("to.q", "g");
        c.subscribe("to.q", "g");
        fill(300);

        List<String> atA = new ArrayList<>();
        List<String> atC = new ArrayList<>();
        long limit = System.nanoTime() + 20_000_000_000L;
        while (atA.size() + atC.size() < 300 && System.nanoTime() < limit) {
            a.come().forEach(m -> atA.add(m.payload()));
            c.come().forEach(m -> atC.add(m.payload()));
            Thread.onSpinWait();
        }

        Set<String> got = new HashSet<>(atA);
        got.addAll(atC);
        assertEquals(300, got.size());
        assertTrue(atA.size() > 50 && atC.size() > 50, atA.size() + " and " + atC.size());
    }

    @Test
    void shouldReadAndRemoveSingleMessagesOfAStreamElsewhere() {
        consumer("p", "");
        fill(5);

        assertTrue(ok(c.request("$JS.API.STREAM.INFO.S", "")).contains("\"messages\":5"));
        assertTrue(ok(c.request("$JS.API.STREAM.MSG.GET.S", "{\"seq\":2}")).contains("\"subject\":\"s.2\""));
        assertEquals("m4", c.request("$JS.API.DIRECT.GET.S", "{\"seq\":4}"));
        assertEquals("m5", c.request("$JS.API.DIRECT.GET.S.s.2", ""));
        assertTrue(ok(a.request("$JS.API.STREAM.MSG.DELETE.S", "{\"seq\":4}")).contains("true"));
        assertTrue(c.answerHeaders("$JS.API.DIRECT.GET.S", "{\"seq\":4}").contains("404"));
        assertTrue(ok(a.request("$JS.API.STREAM.PURGE.S", "")).contains("\"purged\":4"));
        assertTrue(ok(c.request("$JS.API.CONSUMER.NAMES.S", "")).contains("\"p\""));
        assertTrue(ok(c.request("$JS.API.CONSUMER.LIST.S", "")).contains("\"name\":\"p\""));
    }

    @Test
    void shouldAnswerRequestsOfClientsOfOtherNodes() {
        a.subscribe("service");
        while (!cluster.brokers.get("c").router().heard("service")) {
            Thread.onSpinWait(); // a moment later the others know
        }
        CompletableFuture<String> answer = c.ask("service", "2+2");
        CoreClient.Message m = a.next();
        a.publish(m.reply(), "", "4");

        assertEquals("4", CoreClient.get(answer));
    }

    @Test
    void shouldTellPublishersOfADeadNodeWithinItsTime() {
        consumer("p", "");
        fill(1);
        cluster.kill("b");

        String answer = CoreClient.get(a.ask("s.1", "late"));

        assertTrue(answer.contains("\"err_code\":10008"), answer);
        assertTrue(c.request("$JS.API.STREAM.INFO.S", "").contains("\"err_code\":10008"));
    }
}

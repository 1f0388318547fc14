package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.wire.PullRequest;
import org.memphisee.core.wire.StatusBlocks;

/** What clients send to partitions that another node serves, and what they hear when that one changes. */
class ForwardedTrafficTest extends RoutesFixture {

    private static final String UNAVAILABLE = "{\"error\":{\"code\":503,\"err_code\":10008,\"description\":"
        + "\"JetStream system temporarily unavailable";

    private Client a;

    @BeforeEach
    void begin() {
        start(1);
        linkAll();
        define(7, "S");
        a = nodes.get("a").client().subscribe("in.>", "");
        settle();
    }

    private static String stored(int n) {
        return "in.> in." + n + " {\"stream\":\"S\",\"seq\":" + n + "}";
    }

    @Test
    void shouldAnswerAPublishByTheNodeThatServesItsStream() {
        Served b = serve("b", 7);
        leads(7, "b");

        a.publish("S.x", "in.1", "NATS/1.0\r\nk: v\r\n\r\n", "one");
        settle();
        assertEquals(List.of("S.x NATS/1.0\r\nk: v\r\n\r\none"), b.got);
        assertEquals(List.of(), a.frames());
        b.answer();
        settle();

        assertEquals(List.of("in.> in.1 {\"stream\":\"S\",\"seq\":1}"), a.frames().stream().map(f -> f.replace(", \"", ",\"")).toList());
    }

    @Test
    void shouldTellWhyAPublishWasRefusedElsewhere() {
        Served b = serve("b", 7);
        b.answer = new PublishOutcome.Refused("S", PublishRefusal.WRONG_LAST_SEQUENCE, "12");
        leads(7, "b");

        a.publish("S.x", "in.1", "one");
        settle();
        b.answer();
        settle();

        String answer = a.frames().get(0);
        assertTrue(answer.contains("\"err_code\":10071") && answer.contains("wrong last sequence: 12"), answer);
    }

    @Test
    void shouldStoreAMessageElsewhereThatNobodyWantsToHearOf() {
        Served b = serve("b", 7);
        b.acknowledges = false;
        leads(7, "b");

        a.publish("S.x", "", "one");
        settle();

        assertEquals(List.of("S.x one nobody"), b.got);
        b.waiting.clear();
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldHoldWhatIsPublishedWhileNobodyServesAndSendItInOrder() {
        for (int i = 1; i <= 3; i++) {
            a.publish("S.x", "in." + i, "m" + i);
        }
        settle();
        pass(1_000);
        assertEquals(List.of(), a.frames());
        Served c = serve("c", 7);
        leads(7, "c");
        settle();
        c.answer();
        settle();

        assertEquals(List.of("S.x m1", "S.x m2", "S.x m3"), c.got);
        assertEquals(3, a.frames().size());
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldRefuseAfterFourSecondsWithoutALeader() {
        a.publish("S.x", "in.1", "m1");
        pass(3_900);
        assertEquals(List.of(), a.frames());
        pass(200);

        assertTrue(a.frames().get(0).contains(UNAVAILABLE));
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldRefuseAfterASecondWhenTheOnlyNodeThatHasItIsAway() {
        define(8, "R1", 1);
        leads(8, "b");
        links.cut("a", "b");
        settle();
        a.publish("R1.x", "in.1", "m1");
        pass(900);
        assertEquals(List.of(), a.frames());
        pass(200);

        assertTrue(a.frames().get(0).contains(UNAVAILABLE));
    }

    @Test
    void shouldSayThatNothingIsKnownOfWhatALeaderTookThatWentAway() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("S.x", "in.1", "m1");
        settle();
        links.cut("a", "b");
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(List.of(), c.got, "may be stored already, so it is not sent again");
        String answer = a.frames().get(0);
        assertTrue(answer.contains("\"err_code\":10008") && answer.contains("not known whether the message is stored"), answer);
        b.answer();
        settle();
        assertEquals(List.of(), a.frames(), "heard once");
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldSendToTheNextLeaderWhatCertainlyDidNotLeave() {
        serve("b", 7);
        leads(7, "b");
        links.stop("a", "b", true);
        String payload = "p".repeat(40_000);
        for (int i = 1; i <= 5; i++) {
            a.publish("S.x", "in." + i, i + payload);
            settle();
        }
        links.cut("a", "b");
        links.stop("a", "b", false);
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        settle();
        pass(50);
        settle();
        c.answer();
        settle();

        List<String> answers = a.frames();
        assertEquals(5, answers.size());
        long unknown = answers.stream().filter(f -> f.contains("not known")).count();
        assertTrue(unknown >= 1 && unknown < 5, () -> "the link had room for some: " + unknown);
        assertEquals(5 - unknown, c.got.size());
        assertTrue(c.got.get(0).startsWith("S.x " + (unknown + 1) + "p"), "in order");
    }

    @Test
    void shouldSendAgainInOrderWhatANodeDidNotTakeThatDoesNotLeadAnyMore() {
        leads(7, "b"); // b knows better
        for (int i = 1; i <= 3; i++) {
            a.publish("S.x", "in." + i, "m" + i);
        }
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        a.publish("S.x", "in.4", "m4");
        settle();
        pass(50);
        settle();
        c.answer();
        settle();

        assertEquals(List.of("S.x m1", "S.x m2", "S.x m3", "S.x m4"), c.got);
        assertEquals(4, a.frames().size());
    }

    @Test
    void shouldKeepTheOrderWhenANodeBeginsToServeItself() {
        for (int i = 1; i <= 2; i++) {
            a.publish("S.x", "in." + i, "m" + i);
        }
        settle();
        Served here = serve("a", 7);
        leads(7, "a");
        a.publish("S.x", "in.3", "m3");
        settle();
        a.publish("S.x", "in.4", "m4");
        settle();

        assertEquals(List.of("S.x m1", "S.x m2", "S.x m3", "S.x m4"), here.got);
    }

    @Test
    void shouldNotReadAClientWhoseMessagesANodeDoesNotAnswerAndReadOthers() {
        Served b = serve("b", 7);
        leads(7, "b");
        define(8, "T");
        Served c = serve("c", 8);
        leads(8, "c");
        Client other = nodes.get("a").client().subscribe("in.>", "");
        String payload = "p".repeat(200_000);
        for (int i = 0; i < 50; i++) {
            a.publish("S.x", "in.1", payload);
            settle();
        }

        assertTrue(a.sink.pauses > 0, "not read");
        other.publish("T.x", "in.1", "m");
        settle();
        c.answer();
        settle();
        assertEquals(List.of("T.x m"), c.got);
        assertEquals(0, other.sink.pauses);
        b.answer();
        settle();
        assertEquals(0, a.sink.pauses, "read again");
    }

    @Test
    void shouldNotTakeTheAnswerToARequestForOneToAPublish() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("S.x", "in.1", "m1");
        settle();
        cease("b", 7);
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "");
        run();
        Served c = serve("c", 7);
        leads(7, "c");
        pass(50);
        settle();
        b.answer();
        settle();

        assertEquals(List.of("pull c {\"batch\":1}"), c.got, "the message is with b");
        assertTrue(a.frames().get(0).startsWith("in.> in.1 "), "and b says so");
    }

    // ---- deliveries

    @Test
    void shouldHandOnAcknowledgementsAndFlowControl() {
        Served b = serve("b", 7);
        leads(7, "b");

        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        a.publish("$JS.ACK.S.c.1.2.2.1.0", "in.1", "");
        a.publish("$JS.FC.S.c.abc", "", "");
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", "ack $JS.ACK.S.c.1.2.2.1.0  in.1", "flow c $JS.FC.S.c.abc"), b.got);
    }

    /** It was taken by a leader that ceased before it was durable. */
    @Test
    void shouldHaveTheNextLeaderAnswerAnAcknowledgementOfTheLastOne() {
        nodes.get("a").router.acknowledge(7, bytes("$JS.ACK.S.c.1.2.3.4.5"), bytes("+ACK"), "in.9");
        nodes.get("a").router.acknowledge(99, bytes("$JS.ACK.T.c.1.2.3.4.5"), bytes("+ACK"), "in.9"); // of no partition
        Lane.current().flush();
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        settle();
        assertEquals(List.of("ack $JS.ACK.S.c.1.2.3.4.5 +ACK in.9"), c.got);
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldKeepAcknowledgementsUntilSomebodyLeads() {
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        a.publish("$JS.ACK.S.c.1.2.2.1.0", "in.1", "-NAK");
        settle();
        pass(3_000);
        Served c = serve("c", 7);
        leads(7, "c");
        a.publish("$JS.ACK.S.c.1.2.2.1.0", "", "+ACK");
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", "ack $JS.ACK.S.c.1.2.2.1.0 -NAK in.1",
            "ack $JS.ACK.S.c.1.2.2.1.0 +ACK "), c.got);
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldKeepAcknowledgementsForItselfWhenItIsTheNextToLead() {
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        settle();
        Served here = serve("a", 7);
        leads(7, "a");
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK "), here.got);
    }

    @Test
    void shouldKeepAcknowledgementsWhileItIsAboutToHandOver() {
        Served b = serve("b", 7);
        leads(7, "b");
        Client there = nodes.get("b").client();
        nodes.get("b").router.partitions().handsOver(7, true);
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        there.publish("$JS.ACK.S.c.1.2.2.1.0", "", "+ACK");
        settle();
        pass(100);
        settle();
        assertEquals(List.of(), b.got, "would be forgotten with what it does not store any more");
        cease("b", 7);
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", "ack $JS.ACK.S.c.1.2.2.1.0 +ACK "),
            c.got.stream().sorted().toList());
    }

    @Test
    void shouldTakeAcknowledgementsWhenItDoesNotHandOverAfterAll() {
        Served b = serve("b", 7);
        leads(7, "b");
        nodes.get("b").router.partitions().handsOver(7, true);
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        settle();
        nodes.get("b").router.partitions().handsOver(7, false);
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK "), b.got);
    }

    @Test
    void shouldForgetAcknowledgementsWhenNobodyLeadsForLong() {
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "in.1", "+ACK");
        settle();
        pass(4_100);
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(List.of(), c.got);
        assertEquals(List.of(), a.frames(), "whoever waits for an answer is not told that the message is done");
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldKeepNoMoreAcknowledgementsThanItMay() {
        settings = settings.withHeldAcknowledgementBytes(2_000);
        start(1);
        linkAll();
        define(7, "S");
        a = nodes.get("a").client();
        for (int i = 1; i <= 100; i++) {
            a.publish("$JS.ACK.S.c.1." + i + "." + i + ".1.0", "", "+ACK");
        }
        settle();
        long held = nodes.get("a").shard.heldBytes();
        assertTrue(held > 1_000 && held <= 2_000, "held: " + held);
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertTrue(c.got.size() > 5 && c.got.size() < 50, "the oldest, the others come again: " + c.got.size());
        assertEquals("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", c.got.get(0));
        assertEquals(0, nodes.get("a").shard.heldBytes());
    }

    @Test
    void shouldBringAnAcknowledgementToTheNextLeaderThatCameToTheLastOne() {
        leads(7, "b"); // which does not serve it any more
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        a.publish("$JS.ACK.S.c.1.2.2.1.0", "in.1", "+ACK");
        run();
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", "ack $JS.ACK.S.c.1.2.2.1.0 +ACK in.1"), c.got);
        assertEquals(0, nodes.get("b").shard.heldBytes());
    }

    @Test
    void shouldNotHandAnAcknowledgementOnForEver() {
        nodes.get("a").leaders.leads(7, "b");
        nodes.get("b").leaders.leads(7, "c");
        nodes.get("c").leaders.leads(7, "a");
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "", "+ACK");
        for (int i = 0; i < 20; i++) {
            settle();
            pass(25);
        }
        long held = nodes.get("c").shard.heldBytes();
        assertTrue(held > 0, "with the third it stays");
        Served c = serve("c", 7);
        settle();

        assertEquals(List.of("ack $JS.ACK.S.c.1.1.1.1.0 +ACK "), c.got);
    }

    @Test
    void shouldLoseNothingOfAnAcknowledgementThatAsksForMore() {
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "in.5", "+NXT {\"batch\":1,\"expires\":60000000000}");
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        pass(50);
        settle();

        assertEquals(2, c.got.size(), c.got::toString);
        assertEquals("ack $JS.ACK.S.c.1.1.1.1.0 +ACK ", c.got.get(0));
        assertTrue(c.got.get(1).startsWith("pull c {\"batch\":1,\"expires\":60000000000}"), c.got::toString);
    }

    @Test
    void shouldLoseNothingOfAnAcknowledgementThatAsksForMoreAtANodeThatLeadsNoMore() {
        leads(7, "b");
        a.publish("$JS.ACK.S.c.1.1.1.1.0", "in.5", "+NXT {\"batch\":1,\"expires\":60000000000}");
        run();
        Served c = serve("c", 7);
        leads(7, "c");
        pass(50);
        settle();

        assertEquals(2, c.got.size(), c.got::toString);
        assertTrue(c.got.contains("ack $JS.ACK.S.c.1.1.1.1.0 +ACK "), c.got::toString);
        assertTrue(c.got.stream().anyMatch(g -> g.startsWith("pull c {\"batch\":1,")), c.got::toString);
    }

    @Test
    void shouldDeliverWhatAnotherNodeHasToWhoAsked() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":2,\"expires\":5000000000}");
        settle();
        Inbox inbox = nodes.get("b").router.inbox(b.pulls.get(0), "");
        assertTrue(inbox.hasInterest());

        deliver(inbox, "S.x", "one", "$JS.ACK.S.c.1.1.1.1.0");
        settle();

        assertEquals(List.of("in.> S.x ^$JS.ACK.S.c.1.1.1.1.0 one"), a.frames());
        deliver(inbox, "S.y", "two", "$JS.ACK.S.c.1.2.2.1.0");
        settle();
        assertEquals(1, a.frames().size());
        assertEquals(0, nodes.get("a").routes.pulls().size(), "has all that it wanted");
        assertTrue(!inbox.hasInterest());
    }

    private static void deliver(Inbox inbox, String subject, String payload, String reply) {
        MessageView m = new MessageView();
        m.bytes = bytes(subject + payload);
        m.subjectLength = bytes(subject).length;
        m.bodyOffset = m.subjectLength;
        m.payloadLength = bytes(payload).length;
        byte[] to = reply.getBytes(StandardCharsets.UTF_8);
        inbox.deliver(m, false, to, to.length);
        Lane.current().flush();
    }

    @Test
    void shouldHaveStoredMessagesWaitForANodeThatTakesNoneAndLoseNone() {
        a.subscribe("to", "");
        settle();
        Inbox inbox = nodes.get("b").router.inbox("to", "");
        links.stop("b", "a", true);
        int sent = 0;
        while (!inbox.congested() && sent < 100) {
            deliver(inbox, "S.x", sent++ + "p".repeat(50_000), "r");
            settle();
        }

        assertTrue(sent > 10 && sent < 100, "a budget, and then no more: " + sent);
        links.stop("b", "a", false);
        settle();
        assertTrue(inbox.hasInterest() && !inbox.congested());
        assertEquals(sent, a.frames().size());
    }

    @Test
    void shouldSayWhenThereIsNoSuchConsumer() {
        Served b = serve("b", 7);
        b.unknown = true;
        leads(7, "b");

        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.none", "in.5", "");
        settle();

        assertEquals(List.of("in.> in.5 {NATS/1.0 503} "), a.frames());
    }

    @Test
    void shouldSendNothingToAnInboxOnWhichNobodyListensAnyMore() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":2,\"expires\":5000000000}");
        settle();
        Inbox inbox = nodes.get("b").router.inbox(b.pulls.get(0), "");

        List<String> heard = new ArrayList<>();
        nodes.get("b").router.watch(b.pulls.get(0), nodes.get("b").shard, () -> heard.add(inbox.hasInterest() ? "some" : "nobody"));
        a.unsubscribe("in.>", "");
        settle();
        a.subscribe("in.>", "");
        settle();

        assertEquals(List.of("nobody", "some"), heard);
    }

    @Test
    void shouldAskTheNextLeaderForTheRestOfWhatWasAskedFor() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":3,\"expires\":60000000000}");
        settle();
        deliver(nodes.get("b").router.inbox(b.pulls.get(0), ""), "S.x", "one", "r");
        settle();
        links.cut("a", "b");
        settle();
        Served c = serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(1, c.got.size());
        assertTrue(c.got.get(0).startsWith("pull c {\"batch\":2,\"expires\":59"), c.got::toString);
        deliver(nodes.get("c").router.inbox(c.pulls.get(0), ""), "S.x", "two", "r");
        settle();
        assertEquals(List.of("in.> S.x ^r one", "in.> S.x ^r two"), a.frames());
    }

    @Test
    void shouldKeepALeadershipChangeToItselfWhenThereIsANextLeader() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":3,\"expires\":60000000000}");
        settle();
        cease("b", 7);
        Served c = serve("c", 7);
        leads(7, "c");
        nodes.get("b").router.inbox(b.pulls.get(0), "").status(StatusBlocks.unfinished("409 Leadership Change", 3, 0), "");
        Lane.current().flush();
        settle();
        pass(50);
        settle();

        assertEquals(1, c.pulls.size());
        assertEquals(List.of(), a.frames());
    }

    @Test
    void shouldHaveTheNextLeaderServeWhatAClientOfTheLastOneWaitsFor() {
        Served c = serve("c", 7);
        leads(7, "c");
        handOn("c".getBytes(StandardCharsets.UTF_8), new PullRequest("in.5", 3, 60_000_000_000L, false, 0, 20_000_000_000L));
        settle();

        assertEquals(List.of("pull c {\"batch\":3,\"expires\":60000000000,\"idle_heartbeat\":20000000000}"),
            c.got.stream().map(g -> g.replaceFirst("599\\d+", "60000000000")).toList());
        deliver(nodes.get("c").router.inbox(c.pulls.get(0), ""), "S.x", "one", "r");
        settle();
        assertEquals(List.of("in.> S.x ^r one"), a.frames());
    }

    @Test
    void shouldSayThatTheConsumerWentForWhichAClientOfTheLastLeaderWaits() {
        Served c = serve("c", 7);
        c.unknown = true;
        leads(7, "c");
        handOn("c".getBytes(StandardCharsets.UTF_8), new PullRequest("in.5", 3, 60_000_000_000L, false, 0, 0));
        settle();

        assertEquals(List.of("in.> in.5 {NATS/1.0 409 Consumer Deleted} "), a.frames());
    }

    @Test
    void shouldSayThatLeadersChangeWhenNobodyServesWhatAClientOfTheLastOneWaitsFor() {
        handOn("c".getBytes(StandardCharsets.UTF_8), new PullRequest("in.5", 3, 60_000_000_000L, false, 0, 0));
        pass(4_100);

        assertEquals(List.of("in.> in.5 {NATS/1.0 409 Leadership Change\r\nNats-Pending-Messages: 3\r\nNats-Pending-Bytes: 0} "),
            a.frames());
    }

    @Test
    void shouldNotHandOnWhatTheNodeOfTheClientAsksForItself() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":1,\"expires\":5000000000}");
        settle();

        assertTrue(!nodes.get("b").router.handOn(7, bytes("c"), new PullRequest(b.pulls.get(0), 1, 0, false, 0, 0)));
        assertTrue(!nodes.get("b").router.handOn(8, bytes("c"), new PullRequest("in.5", 1, 0, false, 0, 0)), "of no partition");
    }

    private void handOn(byte[] consumer, PullRequest rest) {
        assertTrue(nodes.get("a").router.handOn(7, consumer, rest));
        Lane.current().flush();
    }

    @Test
    void shouldEndARequestForMessagesWithALeadershipChangeWhenNobodyLeadsForLong() {
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":3,\"expires\":60000000000}");
        pass(4_100);

        assertEquals(List.of("in.> in.5 {NATS/1.0 409 Leadership Change\r\nNats-Pending-Messages: 3\r\nNats-Pending-Bytes: 0} "),
            a.frames());
    }

    @Test
    void shouldLetNobodyListenInTheNameOfAnotherNode() {
        Served b = serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "in.5", "{\"batch\":1,\"expires\":5000000000}");
        settle();

        assertTrue(b.pulls.get(0).startsWith("secret-of-b."), "a text that clients cannot know: " + b.pulls);
        assertEquals(null, nodes.get("b").routes.inbox("secret-of-a.a.1.1"));
    }

    // ---- seeds

    /** Leaders change and links end: each publish ends once, what was told to be stored was taken once, and nothing is stored twice. */
    @Test
    void shouldEndEachPublishOnceWhateverHappens() {
        for (long seed = 1; seed <= Long.getLong("memphisee.seeds", 80); seed++) {
            nodes.clear();
            start(seed);
            linkAll();
            define(7, "S");
            a = nodes.get("a").client().subscribe("in.>", "");
            settle();
            play(new Random(seed), seed);
        }
    }

    private void play(Random random, long seed) {
        List<String> names = List.of("b", "c", "a");
        List<Served> all = new ArrayList<>();
        String leader = "";
        int published = 0;
        List<String> answers = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> a.publish("S.x", "in." + ++published, "m" + published);
                case 3 -> {
                    turn();
                    links.step();
                }
                case 4 -> all.forEach(Served::answer);
                case 5 -> {
                    if (random.nextInt(4) == 0) {
                        if (!leader.isEmpty()) {
                            cease(leader, 7);
                            all.forEach(Served::answer);
                        }
                        leader = names.get(random.nextInt(3));
                        all.add(serve(leader, 7));
                        leads(7, leader);
                    }
                }
                case 6 -> {
                    String y = names.get(random.nextInt(2));
                    if (!links.linked("a", y)) {
                        links.link("a", y);
                    } else if (random.nextInt(3) == 0) {
                        links.cut("a", y);
                    }
                }
                default -> pass(random.nextInt(100));
            }
            answers.addAll(a.frames());
        }
        for (int i = 0; i < 20; i++) {
            settle();
            all.forEach(Served::answer);
            pass(500);
            answers.addAll(a.frames());
        }

        int sent = published;
        assertEquals(sent, answers.size(), () -> "seed " + seed + ": one answer for each of " + sent);
        assertEquals(sent, answers.stream().map(f -> f.split(" ")[1]).distinct().count(), () -> "seed " + seed);
        List<String> got = all.stream().flatMap(s -> s.got.stream()).toList();
        assertEquals(got.size(), got.stream().distinct().count(), () -> "seed " + seed + ": nothing is sent twice");
        for (String answer : answers) {
            String number = answer.split(" ")[1].substring(3);
            if (!answer.contains("\"error\"")) {
                assertTrue(got.contains("S.x m" + number), () -> "seed " + seed + ": " + answer);
            } else if (!answer.contains("not known")) {
                assertTrue(!got.contains("S.x m" + number), () -> "seed " + seed + ": refused and taken: " + answer);
            }
        }
        for (Served served : all) {
            List<Integer> order = served.got.stream().map(g -> Integer.parseInt(g.substring(5))).toList();
            assertEquals(order.stream().sorted().toList(), order, () -> "seed " + seed + ": in order");
        }
        assertEquals(0, nodes.get("a").shard.heldBytes(), () -> "seed " + seed);
        assertEquals(0, nodes.get("a").routes.forwards().held(), () -> "seed " + seed);
    }
}

package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.PeerSubscriptions;

/** Plain subjects between nodes: who gets what, and when nobody is said to be there. */
class PlainRoutesTest extends RoutesFixture {

    @BeforeEach
    void begin() {
        start(1);
        linkAll();
    }

    @Test
    void shouldSendAMessageToSubscribersAtOtherNodes() {
        Client b = nodes.get("b").client().subscribe("x.*", "");
        Client c = nodes.get("c").client().subscribe("x.1", "");
        settle();

        nodes.get("a").client().publish("x.1", "re.ply", "NATS/1.0\r\nk: v\r\n\r\n", "hello");
        settle();

        assertEquals(List.of("x.* x.1 ^re.ply {NATS/1.0\r\nk: v} hello"), b.frames());
        assertEquals(List.of("x.1 x.1 ^re.ply {NATS/1.0\r\nk: v} hello"), c.frames());
    }

    @Test
    void shouldTellWhatClientsOfOtherNodesListenTo() {
        Client b = nodes.get("b").client().subscribe("x.>", "").subscribe("jobs", "w").subscribe("x.>", "w");
        nodes.get("b").client().subscribe("jobs", "w");
        settle();

        PeerRoutes routes = nodes.get("a").routes;
        assertEquals(List.of(new PeerSubscriptions("b", 3, List.of()), new PeerSubscriptions("c", 0, List.of())),
            routes.subscriptions(false));
        assertEquals(List.of(new PeerSubscriptions.Pattern("jobs", "w", 2), new PeerSubscriptions.Pattern("x.>", "", 1),
            new PeerSubscriptions.Pattern("x.>", "w", 1)), routes.subscriptions(true).get(0).list());
        b.unsubscribe("x.>", "");
        settle();
        assertEquals(2, routes.subscriptions(false).get(0).patterns());
        links.cut("a", "b");
        settle();
        assertEquals(List.of(new PeerSubscriptions("c", 0, List.of())), routes.subscriptions(true));
    }

    @Test
    void shouldNotSendAMessageOnThatCameFromANode() {
        Client a = nodes.get("a").client().subscribe("x", "");
        Client b = nodes.get("b").client().subscribe("x", "");
        Client c = nodes.get("c").client().subscribe("x", "");
        settle();

        b.publish("x", "", "once");
        settle();

        assertEquals(List.of("x x once"), a.frames());
        assertEquals(List.of("x x once"), b.frames());
        assertEquals(List.of("x x once"), c.frames());
    }

    @Test
    void shouldNotEchoAtTheOriginAndStillSendToOthers() {
        Client a = nodes.get("a").silent().subscribe("x", "");
        Client b = nodes.get("b").client().subscribe("x", "");
        settle();

        a.publish("x", "", "1");
        settle();

        assertEquals(List.of(), a.frames());
        assertEquals(List.of("x x 1"), b.frames());
    }

    @Test
    void shouldSendNothingMoreWhenTheLastSubscriberOfANodeHasGone() {
        Client b = nodes.get("b").client().subscribe("x", "");
        Client other = nodes.get("b").client().subscribe("x", "");
        Client a = nodes.get("a").client().subscribe("inbox", "");
        settle();
        b.unsubscribe("x", "");
        settle();
        a.publish("x", "inbox", "1");
        settle();
        assertEquals(List.of("x x ^inbox 1"), other.frames());

        other.session.close();
        settle();
        a.publish("x", "inbox", "2");

        assertEquals(List.of("inbox inbox {NATS/1.0 503} "), a.frames());
    }

    @Test
    void shouldGiveAMessageToOneMemberOfAQueueGroupWhereverItIs() {
        List<Client> members = List.of(nodes.get("a").client().subscribe("q", "g"), nodes.get("b").client().subscribe("q", "g"),
            nodes.get("b").client().subscribe("q", "g"), nodes.get("c").client().subscribe("q", "g"));
        Client all = nodes.get("c").client().subscribe("q", "");
        settle();
        Client a = nodes.get("a").client();
        for (int i = 0; i < 400; i++) {
            a.publish("q", "", "m" + i);
            settle();
        }

        List<Integer> counts = members.stream().map(m -> m.frames().size()).toList();
        assertEquals(400, counts.stream().mapToInt(Integer::intValue).sum(), counts::toString);
        assertTrue(counts.stream().allMatch(n -> n > 50), () -> "each member has its share: " + counts);
        assertEquals(400, all.frames().size());
    }

    @Test
    void shouldAnswerARequestThatIsServedAtAnotherNode() {
        Client service = nodes.get("b").client().subscribe("ask", "workers");
        Client a = nodes.get("a").client();
        settle();

        a.subscribe("_INBOX.7.*", "");
        a.publish("ask", "_INBOX.7.1", "2+2"); // the interest in the answer has not left yet
        run();
        assertEquals(List.of("askworkers ask ^_INBOX.7.1 2+2"), service.frames());
        service.publish("_INBOX.7.1", "", "4");
        run();

        assertEquals(List.of("_INBOX.7.* _INBOX.7.1 4"), a.frames());
    }

    @Test
    void shouldSayAtOnceThatNobodyServesWhenAllHaveToldWhoListens() {
        Client a = nodes.get("a").client().subscribe("in", "");
        settle();

        a.publish("nobody", "in", "");

        assertEquals(List.of("in in {NATS/1.0 503} "), a.frames());
    }

    @Test
    void shouldWaitForANodeThatHasNotToldWhoListensThere() {
        Client service = nodes.get("b").client().subscribe("ask", "");
        Client a = nodes.get("a").client().subscribe("in", "");
        settle();
        links.cut("a", "b");
        settle();
        links.stop("b", "a", true);
        links.link("a", "b");
        settle();

        a.publish("ask", "in", "1");
        settle();
        assertEquals(List.of(), a.frames());
        links.stop("b", "a", false);
        settle();

        assertEquals(List.of("ask ask ^in 1"), service.frames());
        assertEquals(List.of(), a.frames());
    }

    @Test
    void shouldSayAfterASecondThatNobodyServesThoughANodeIsSilent() {
        Client a = nodes.get("a").client().subscribe("in", "");
        links.cut("a", "b");
        settle();
        links.stop("b", "a", true);
        links.link("a", "b");
        settle();

        a.publish("ask", "in", "1");
        pass(900);
        assertEquals(List.of(), a.frames());
        pass(200);

        assertEquals(List.of("in in {NATS/1.0 503} "), a.frames());
    }

    @Test
    void shouldKeepToItselfWhatEachNodeSaysToItsOwn() {
        Client a = nodes.get("a").client().subscribe("news", "");
        Client member = nodes.get("a").client().subscribe("news", "g");
        Client b = nodes.get("b").client().subscribe("news", "");
        nodes.get("b").client().subscribe("news", "g");
        settle();

        nodes.get("a").router.publishHere("news", bytes("1"));
        settle();

        assertEquals(List.of("news news 1"), a.frames());
        assertEquals(List.of("newsg news 1"), member.frames());
        assertEquals(List.of(), b.frames());
    }

    @Test
    void shouldTellOneMemberOfAQueueGroupWhatEachNodeSaysToItsOwn() {
        List<Client> group = List.of(nodes.get("b").client().subscribe("news", "g"), nodes.get("b").client().subscribe("news", "g"),
            nodes.get("c").client().subscribe("news", "g"));
        settle();
        for (String name : List.of("a", "b", "c")) { // each has folded the same event
            nodes.get(name).router.publishHere("news", bytes("1"));
        }
        settle();
        assertEquals(1, group.stream().mapToInt(each -> each.frames().size()).sum());

        links.stop("b", "c", false); // c hears of b no more
        links.cut("b", "c");
        settle();
        nodes.get("c").router.publishHere("news", bytes("2"));
        settle();
        assertEquals(List.of("newsg news 2"), group.get(2).frames(), "whoever is left speaks");
    }

    @Test
    void shouldTellClientsWhichNodesAreThereWheneverThatChanges() {
        Node a = nodes.get("a");
        List<String> told = new ArrayList<>();
        a.routes.announce("team", "a:6666,ws://a:7770", members -> {
            told.add(members.name() + " " + members.connectUrls() + " " + members.webSocketUrls());
            a.sessions.cluster(members);
        });
        settle();
        links.cut("a", "c");
        settle();

        assertEquals(List.of("team [a:6666, b:6666, c:6666] [a:7770]", "team [a:6666, b:6666] [a:7770]"), told);
        assertEquals(List.of("a:6666", "b:6666"), a.sessions.identity().cluster().connectUrls());
        a.routes.leaving();
        settle();
        assertEquals(List.of("b:6666"), a.sessions.identity().cluster().connectUrls());
    }

    @Test
    void shouldLosePlainMessagesToANodeThatTakesNothingAndServeOthersAllTheSame() {
        Client b = nodes.get("b").client().subscribe("x", "");
        Client c = nodes.get("c").client().subscribe("x", "");
        Client a = nodes.get("a").client();
        settle();
        links.stop("a", "b", true);
        String payload = "p".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            a.publish("x", "", i + payload);
            settle();
        }

        assertEquals(100, c.frames().size());
        assertTrue(nodes.get("a").routes.lost() > 0);
        links.stop("a", "b", false);
        settle();
        List<String> late = b.frames();
        assertTrue(late.size() >= 40 && late.size() < 100, () -> "what fits the budget arrives: " + late.size());
        a.publish("x", "", "again");
        settle();
        assertEquals(List.of("x x again"), b.frames());
        assertEquals(0, a.sink.pauses);
    }

    @Test
    void shouldRefuseMoreInterestOfANodeThanThereIsMemoryFor() {
        nodes.clear();
        settings = new RoutesSettings(4_000 * MILLIS, 1_000 * MILLIS, 2 * MILLIS, 1_000 * MILLIS, 1_000, 8 << 20, 4 << 20, 8 << 20,
            8 << 20);
        start(1);
        linkAll();
        Client b = nodes.get("b").client();
        for (int i = 0; i < 10; i++) {
            b.subscribe("x." + i, "");
        }
        settle();

        assertEquals(List.of("a refuses interest of b beyond 4", "c refuses interest of b beyond 4"),
            reported.stream().sorted().toList());
        nodes.get("a").client().publish("x.0", "", "known");
        settle();
        assertEquals(List.of("x.0 x.0 known"), b.frames());
    }

    /** Links end and begin, frames of different kinds overtake each other: in the end everybody knows who listens where. */
    @Test
    void shouldKnowWhoListensWhereAfterLinksWereLost() {
        for (long seed = 1; seed <= 60; seed++) {
            nodes.clear();
            reported.clear();
            start(seed);
            linkAll();
            play(new Random(seed), seed);
        }
    }

    private void play(Random random, long seed) {
        List<String> names = List.of("a", "b", "c");
        List<Client> clients = new ArrayList<>();
        List<Set<String>> subjects = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(nodes.get(names.get(i % 3)).client());
            subjects.add(new HashSet<>());
        }
        for (int step = 0; step < 300; step++) {
            int who = random.nextInt(6);
            String subject = "s." + random.nextInt(4);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    clients.get(who).subscribe(subject, "");
                    subjects.get(who).add(subject);
                }
                case 2 -> {
                    clients.get(who).unsubscribe(subject, "");
                    subjects.get(who).remove(subject);
                }
                case 3 -> {
                    String x = names.get(random.nextInt(3));
                    String y = names.get((names.indexOf(x) + 1) % 3);
                    if (links.linked(x, y)) {
                        links.cut(x, y);
                    } else {
                        links.link(x, y);
                    }
                }
                case 4 -> {
                    turn();
                    links.step();
                }
                default -> pass(1);
            }
        }
        for (String x : names) {
            for (String y : names) {
                if (x.compareTo(y) < 0 && !links.linked(x, y)) {
                    links.link(x, y);
                }
            }
        }
        settle();
        settle();
        clients.forEach(Client::frames);
        for (int s = 0; s < 4; s++) {
            clients.get(s).publish("s." + s, "", "end");
            settle();
            for (int i = 0; i < 6; i++) {
                int client = i;
                int expected = subjects.get(i).contains("s." + s) ? 1 : 0;
                assertEquals(expected, clients.get(i).frames().size(), () -> "seed " + seed + ", client " + client);
            }
        }
        assertEquals(List.of(), reported);
    }
}

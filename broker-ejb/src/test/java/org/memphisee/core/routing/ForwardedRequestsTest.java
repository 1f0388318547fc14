package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.ApiRequest;

/** Requests to the API about a stream that another node serves. */
class ForwardedRequestsTest extends RoutesFixture {

    private static final String ERROR = "in in {\"type\":\"io.nats.jetstream.api.v1.stream_info_response\",\"error\":{\"code\":503,"
        + "\"err_code\":10008,\"description\":\"JetStream system temporarily unavailable\"}}";

    private final List<String> handled = new ArrayList<>();
    private final List<ApiRequest> waiting = new ArrayList<>();
    /** Nodes whose definitions say that another one serves the stream, or that there is none. */
    private final Set<String> elsewhere = new HashSet<>();
    private boolean patient;
    private Client a;

    @BeforeEach
    void begin() {
        start(1);
        nodes.values().forEach(node -> {
            for (String pattern : List.of("$JS.API.STREAM.INFO.*", "$JS.API.STREAM.PURGE.*", "$JS.API.DIRECT.GET.*.>",
                "$JS.API.STREAM.UPDATE.*",
                "$SYS.REQ.SERVER.*.*")) {
                node.router.serve(pattern, request -> {
                    String[] tokens = request.subject().split("\\.");
                    if (tokens[2].equals("SERVER") && !List.of("PING", node.name).contains(tokens[3])) {
                        request.reply().nobody();
                        return;
                    }
                    handled.add(node.name + " " + request.subject() + " of " + request.client().user() + ": "
                        + new String(request.payload()));
                    if (elsewhere.contains(node.name)) {
                        assertTrue(request.reply().elsewhere());
                    } else if (patient) {
                        waiting.add(request);
                    } else {
                        request.reply().send(bytes("by " + node.name));
                    }
                });
            }
        });
        linkAll();
        define(7, "S");
        a = nodes.get("a").client().subscribe("in", "");
        settle();
    }

    @Test
    void shouldBeAnsweredByTheNodeThatServesTheStream() {
        serve("b", 7);
        leads(7, "b");

        a.publish("$JS.API.STREAM.INFO.S", "in", "{}");
        settle();

        assertEquals(List.of("b $JS.API.STREAM.INFO.S of root: {}"), handled);
        assertEquals(List.of("in in by b"), a.frames());
    }

    @Test
    void shouldBeAnsweredByAllNodesOfThemselves() {
        links.cut("b", "c"); // each is asked by the client's node only
        settle();
        a.publish("$SYS.REQ.SERVER.PING.STATSZ", "in", "{}");
        settle();

        assertEquals(List.of("a", "b", "c"), handled.stream().map(h -> h.substring(0, 1)).sorted().toList());
        assertEquals(List.of("in in by a", "in in by b", "in in by c"), a.frames().stream().sorted().toList());
    }

    /** Each node knows its own id only. */
    @Test
    void shouldBeAnsweredByTheNodeThatIsNamed() {
        for (String node : List.of("a", "b", "c")) {
            a.publish("$SYS.REQ.SERVER." + node + ".VARZ", "in", "{}");
            settle();
            assertEquals(List.of("in in by " + node), a.frames());
        }
        a.publish("$SYS.REQ.SERVER.other.VARZ", "in", "{}");
        settle();
        assertEquals(List.of("in in {NATS/1.0 503} "), a.frames(), "none has that id");
        links.cut("a", "b");
        links.cut("a", "c");
        settle();
        a.publish("$SYS.REQ.SERVER.b.VARZ", "in", "{}");
        settle();
        assertEquals(List.of("in in {NATS/1.0 503} "), a.frames(), "none is there that could");
    }

    @Test
    void shouldNotSayThatNobodyServesWhatTheNodeThatIsNamedMayAnswer() {
        patient = true;
        a.publish("$SYS.REQ.SERVER.b.VARZ", "in", "{}");
        settle();
        links.cut("a", "c");
        settle();
        assertEquals(List.of(), a.frames());
        waiting.get(0).reply().send(bytes("by b"));
        Lane.current().flush();
        settle();
        assertEquals(List.of("in in by b"), a.frames());
        a.publish("$SYS.REQ.SERVER.b.VARZ", "in", "{}");
        settle();
        links.cut("a", "b");
        settle();
        assertEquals(List.of("in in {NATS/1.0 503} "), a.frames(), "it went away");
    }

    @Test
    void shouldNotWaitForNodesThatHaveNothingToSayOfThemselves() {
        patient = true;
        a.publish("$SYS.REQ.SERVER.PING.STATSZ", "in", "{}");
        settle();
        waiting.get(1).reply().nobody();
        Lane.current().flush();
        links.cut("a", "c");
        settle();
        pass(11_000);

        assertEquals(List.of(), a.frames());
        waiting.get(0).reply().send(bytes("by a"));
        waiting.get(2).reply().send(bytes("too late"));
        Lane.current().flush();
        settle();
        assertEquals(List.of("in in by a"), a.frames());
    }

    @Test
    void shouldBeAnsweredHereWhenItIsServedHereOrNobodyKnowsIt() {
        serve("a", 7);
        leads(7, "a");

        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        a.publish("$JS.API.STREAM.INFO.other", "in", "");
        settle();

        assertEquals(List.of("in in by a", "in in by a"), a.frames());
    }

    @Test
    void shouldWaitForALeaderAndBeAnErrorAfterFourSeconds() {
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        pass(2_000);
        assertEquals(List.of(), a.frames());
        serve("c", 7);
        leads(7, "c");
        settle();
        assertEquals(List.of("in in by c"), a.frames());

        cease("c", 7);
        leads(7, "");
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        a.publish("$JS.API.DIRECT.GET.S.x", "in", "");
        pass(4_100);
        assertEquals(List.of(ERROR, "in in {NATS/1.0 500 JetStream system temporarily unavailable} "), a.frames());
    }

    @Test
    void shouldGoToTheNextLeaderWhenTheFirstOneWentAway() {
        patient = true;
        serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        settle();
        links.cut("a", "b");
        settle();
        patient = false;
        serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(List.of("in in by c"), a.frames());
    }

    @Test
    void shouldNotBeDoneTwiceWhenItRemovesMessages() {
        patient = true;
        serve("b", 7);
        leads(7, "b");
        a.publish("$JS.API.STREAM.PURGE.S", "in", "");
        settle();
        links.cut("a", "b");
        settle();
        serve("c", 7);
        leads(7, "c");
        settle();

        assertEquals(1, handled.size(), handled::toString);
        assertEquals(List.of(ERROR.replace("stream_info", "stream_purge")), a.frames());
    }

    @Test
    void shouldNotBeReadWhereSomebodyElseMayLeadAlready() {
        for (String leader : List.of("a", "b")) { // here, and at another node
            handled.clear();
            serve(leader, 7);
            leads(7, leader);
            leased(7, leader, Long.MIN_VALUE); // cut off, or stood still: it does not know that it was replaced
            a.publish("$JS.API.STREAM.INFO.S", "in", "");
            a.publish("$JS.API.DIRECT.GET.S.x", "in", "");
            goOn();
            assertEquals(List.of(), a.frames());
            assertEquals(List.of(), handled);

            leased(7, leader, Long.MAX_VALUE); // it leads
            goOn();
            assertEquals(List.of("in in by " + leader, "in in by " + leader), a.frames());
            cease(leader, 7);
        }

        serve("b", 7);
        leads(7, "b");
        leased(7, "b", Long.MIN_VALUE);
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        goOn();
        serve("c", 7);
        leads(7, "c");
        goOn();
        assertEquals(List.of("in in by c"), a.frames(), "it had been replaced");
    }

    /** Time passes, and what is sent arrives. */
    private void goOn() {
        for (int i = 0; i < 20; i++) {
            pass(25);
            settle();
        }
    }

    @Test
    void shouldGoOnLookingWhenTheNodeDoesNotServeTheStreamAnyMore() {
        leads(7, "b");
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        settle();
        assertEquals(List.of(), handled);
        serve("c", 7);
        leads(7, "c");
        settle();
        pass(50);
        settle();

        assertEquals(List.of("in in by c"), a.frames());
    }

    /** Removed and made anew somewhere else, of which the node of the client hears last. */
    @Test
    void shouldGoToTheStreamThatHasTheNameNow() {
        serve("b", 7);
        leads(7, "b");
        undefine("b", 7);
        undefine("c", 7);
        List.of("b", "c").forEach(node -> define(node, 8, "S"));
        serve("c", 8);
        leads(8, "c");
        for (String kind : List.of("INFO", "PURGE")) {
            a.publish("$JS.API.STREAM." + kind + ".S", "in", "");
        }
        goOn();
        assertEquals(List.of(), a.frames());

        undefine("a", 7);
        define("a", 8, "S");
        leads(8, "c");
        goOn();
        assertEquals(List.of("in in by c", "in in by c"), a.frames());
    }

    @Test
    void shouldBeSaidToBeOfNoStreamWhenItIsRemovedMeanwhile() {
        leads(7, "b");
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        goOn();
        undefine("a", 7);
        goOn();

        assertEquals(List.of("in in by a"), a.frames(), "which says that there is none");
    }

    /** What is decided is decided by definitions, which may be ahead of the routes of a node. */
    @Test
    void shouldGoOnLookingWhenTheDefinitionsSayThatItIsElsewhere() {
        for (String first : List.of("a", "b")) { // the client's node, and another one
            handled.clear();
            elsewhere.add(first);
            serve(first, 7);
            leads(7, first);
            a.publish("$JS.API.STREAM.PURGE.S", "in", "");
            goOn();
            assertEquals(List.of(), a.frames());
            assertEquals(Set.of(first), handled.stream().map(h -> h.substring(0, 1)).collect(Collectors.toSet()));

            cease(first, 7);
            serve("c", 7);
            leads(7, "c");
            goOn();
            assertEquals(List.of("in in by c"), a.frames());
            cease("c", 7);
        }
    }

    @Test
    void shouldNotBeLookedForWithoutEnd() {
        elsewhere.add("a");
        serve("a", 7);
        leads(7, "a");
        a.publish("$JS.API.STREAM.INFO.S", "in", "");
        pass(3_900);
        assertEquals(List.of(), a.frames());
        pass(200);
        assertEquals(List.of(ERROR), a.frames());
    }

    private void update() {
        a.publish("$JS.API.STREAM.UPDATE.S", "in", "{}");
        settle();
    }

    private void reach(String node, long event) {
        nodes.get(node).reach.is(event);
        settle();
    }

    /** The client goes on at its node, which may know of the change last. */
    @Test
    void shouldAnswerAChangeWhenItIsInEffectWhereItWasAskedFor() {
        serve("b", 7);
        leads(7, "b");
        reach("b", 12);
        reach("a", 10);
        update();
        a.publish("$JS.API.STREAM.PURGE.S", "in", "{}");
        settle();
        assertEquals(List.of("in in by b"), a.frames(), "of what defines nothing");
        reach("a", 11);
        assertEquals(List.of(), a.frames());
        reach("a", 12);
        assertEquals(List.of("in in by b"), a.frames());

        update();
        assertEquals(List.of("in in by b"), a.frames(), "it is in effect already");
    }

    @Test
    void shouldAnswerAChangeAfterFourSecondsAlsoWhereItIsNotInEffect() {
        serve("b", 7);
        leads(7, "b");
        reach("b", 12);
        update();
        pass(3_900);
        assertEquals(List.of(), a.frames());
        pass(200);
        assertEquals(List.of("in in by b"), a.frames());
        reach("a", 12);
        assertEquals(List.of(), a.frames(), "once");
    }

    /** What is on the wire; a release before this knows neither the 2 nor the 3, takes the 2 for a 1, and never gets a 3. */
    @Test
    void shouldSayHowFarDefinitionsAreToWhoAsksForThat() {
        serve("b", 7);
        leads(7, "b");
        reach("b", 0x0102);
        reach("a", 0x0102);
        links.arrived.clear();
        update();
        a.publish("$JS.API.STREAM.PURGE.S", "in", "{}");
        settle();

        String answer = "00000000" + "00000004" + hex("by b");
        assertEquals(List.of("02" + "00000004" + hex("root"), "01" + "00000004" + hex("root")),
            links.arrived.stream().filter(frame -> frame.startsWith("a>b 0136")).map(frame -> frame.substring(40, 58)).toList());
        assertEquals(List.of("03" + answer + "0000000000000102", "00" + answer),
            links.arrived.stream().filter(frame -> frame.startsWith("b>a 0137")).map(frame -> frame.substring(24)).toList());
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }
}

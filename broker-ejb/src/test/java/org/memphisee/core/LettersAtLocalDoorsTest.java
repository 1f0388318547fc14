package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.Fetched;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalDelivery;
import org.memphisee.core.client.LocalSettlement;
import org.memphisee.core.deadletters.DeadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.support.Await;

/** Members that ask instead of listening, as those at the REST gateway, get what is sent again to their group. */
class LettersAtLocalDoorsTest extends LetterFixture {

    private static final GroupKey KEY = new GroupKey("s", "m", "g", 30_000, 2);

    private LocalConnection door() {
        return broker.local().connection("rest-gateway", "root");
    }

    private CompletableFuture<Fetched> ask(int messages, long waitMillis) {
        return door().fetch(KEY, new FetchSize(messages, waitMillis, 1 << 20));
    }

    private List<LocalDelivery> fetch(int messages, long waitMillis) {
        try (Fetched fetched = CoreClient.get(ask(messages, waitMillis))) {
            return fetched.messages();
        }
    }

    private List<Boolean> settle(String station, LocalSettlement how, LocalDelivery... deliveries) {
        return CoreClient.get(door().settle(station, List.of(deliveries).stream().map(LocalDelivery::ackSubject).toList(), how));
    }

    private static String text(LocalDelivery delivery) {
        return new String(delivery.payload(), StandardCharsets.UTF_8);
    }

    private long givenUp(String payload) {
        publish("s$1", "k: v", payload);
        client.publish(fetch(1, 10_000).get(0).ackSubject(), "", "+TERM");
        return await("s", 1).get(0).letter().id();
    }

    private LetterGroup group() {
        return list("s", Letter.Kind.UNACKED).get(0).letter().groups().get(0);
    }

    @Test
    void shouldComeBeforeWhatIsNewAndGoWithItsAcknowledgement() {
        station("s", "");
        long id = givenUp("bad");
        CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id)));
        publish("s$2", "", "new");
        List<LocalDelivery> came = fetch(2, 10_000);
        assertEquals(List.of("bad", "new"), came.stream().map(LettersAtLocalDoorsTest::text).toList());
        String headers = new String(came.get(0).headers(), StandardCharsets.UTF_8);
        assertTrue(headers.contains("k: v\r\n") && headers.contains("$memphis_pm_id: " + id + "\r\n"), headers);
        assertEquals(1, group().attempts());
        DeadLetter letter = list("s", Letter.Kind.UNACKED).get(0);
        assertEquals(Set.of("g"), letters().listening(letter));
        assertEquals(List.of(false, false), settle("other", LocalSettlement.ACKNOWLEDGED, came.get(0), came.get(1)));
        assertEquals(List.of(true, true), settle("s", LocalSettlement.ACKNOWLEDGED, came.get(0), came.get(1)));
        assertEquals(List.of(), list("s", Letter.Kind.UNACKED));
        assertEquals(List.of(false), settle("s", LocalSettlement.ACKNOWLEDGED, came.get(0)));
    }

    @Test
    void shouldReachAMemberThatWaits() {
        station("s", "");
        long id = givenUp("bad");
        CompletableFuture<Fetched> waiting = ask(1, 60_000);
        CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id)));
        assertEquals("bad", text(CoreClient.get(waiting).messages().get(0)));
    }

    @Test
    void shouldComeAgainWhenItIsWantedAgain() {
        station("s", "");
        long id = givenUp("bad");
        CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id)));
        LocalDelivery first = fetch(1, 10_000).get(0);
        assertEquals(List.of(), fetch(1, 200), "a member has it");
        assertEquals(List.of(true), settle("s", new LocalSettlement.Again(0), first));
        LocalDelivery second = fetch(1, 10_000).get(0);
        assertEquals("bad", text(second));
        assertEquals(2, group().attempts());
        assertEquals(List.of(true), settle("s", new LocalSettlement.Again(3_600_000), second));
        assertTrue(group().dueNanos() > group().atNanos() + 3_000_000_000_000L, group().toString());
    }

    @Test
    void shouldGetWhatTheStationGivesAgainByItself() {
        station("s", "");
        CoreClient.get(letters().retries().set(ROOT, view("s"), new RetryPolicy(List.of(1_000L), 1)));
        givenUp("bad");
        assertEquals("bad", text(fetch(1, 20_000).get(0)));
        Await.until("it was the last attempt", () -> group().again() == LetterGroup.Again.FINAL);
    }

    /** That a delivery was the last one is seen when a member asks the next time. */
    @Test
    void shouldGetAgainWhatItsMembersLetGo() {
        station("s", "");
        publish("s$1", "", "bad");
        GroupKey once = new GroupKey("s", "m", "g", 1_000, 1);
        try (Fetched fetched = CoreClient.get(door().fetch(once, new FetchSize(1, 10_000, 1 << 20)))) {
            assertEquals("bad", text(fetched.messages().get(0)));
        }
        assertEquals(0, CoreClient.get(door().fetch(once, new FetchSize(1, 2_000, 1 << 20))).messages().size());
        long id = await("s", 1).get(0).letter().id();
        CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id)));
        assertEquals("bad", text(fetch(1, 10_000).get(0)));
    }

    @Test
    void shouldSayThatAnOddNameIsNoDelivery() {
        station("s", "");
        long id = givenUp("bad");
        for (String name : List.of("", "$memphis_pm_acks", "$memphis_pm_acks.", "$memphis_pm_acks.." , "$memphis_pm_acks.7",
            "$memphis_pm_acks." + id, "$memphis_pm_acks." + id + ".", "$memphis_pm_acks." + id + ".other", "$memphis_pm_acks.x.g",
            "$memphis_pm_acks.99999999999999999999.g")) {
            assertEquals(List.of(false), CoreClient.get(door().settle("s", List.of(name), LocalSettlement.ACKNOWLEDGED)), name);
        }
        assertFalse(list("s", Letter.Kind.UNACKED).isEmpty());
    }
}

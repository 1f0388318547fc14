package org.memphisee.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient.Message;
import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.api.Author;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.letters.LetterGroup.Again;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.support.Await;

/** Messages that groups gave up are given to them again by themselves, as often as their station says (F-114). */
class LetterRetriesTest extends LetterFixture {

    private void policy(int maximum, long... delays) {
        CoreClient.get(letters().retries().set(ROOT, view("s"), new RetryPolicy(java.util.Arrays.stream(delays).boxed().toList(), maximum)));
    }

    private LetterGroup group() {
        return list("s", Letter.Kind.UNACKED).get(0).letter().groups().get(0);
    }

    private long one() {
        publish("s$1", "k: v", "bad");
        deadLetter("s$1", "g", "no good");
        return await("s", 1).get(0).letter().id();
    }

    private String acknowledgement(long id) {
        return "{\"id\":" + id + ",\"cg_name\":\"g\"}";
    }

    @Test
    void shouldGiveItAgainAsOftenAsTheStationSaysAndNoMore() throws StoreException {
        station("s", "");
        join("s", "g", 1_000);
        policy(2, 1_000, 2_000);
        long id = one();
        assertEquals(Again.BY_ITSELF, group().again());
        assertTrue(group().dueNanos() >= group().atNanos() + 1_000_000_000L, group().toString());
        restart(); // nobody listened until now
        assertEquals(Again.BY_ITSELF, group().again());
        client.subscribe("$memphis_dls_s.g");
        Message first = client.next();
        assertEquals("bad", first.payload());
        assertTrue(first.headers().contains("$memphis_pm_id: " + id + "\r\n"), first.headers());
        Await.until("one attempt", () -> group().attempts() == 1);
        assertEquals("bad", client.next().payload());
        Await.until("the last attempt", () -> group().again() == Again.FINAL);
        assertEquals(2, group().attempts());
        restart();
        assertEquals(Again.FINAL, group().again());
        assertEquals(0, CoreClient.get(broker.control().memphis().administration().queries().find("s")).orElseThrow().messages());
        client.publish("$memphis_pm_acks", "", acknowledgement(id)); // of the last one, late
        await("s", 0);
    }

    @Test
    void shouldEndWithTheAcknowledgement() {
        station("s", "");
        join("s", "g", 1_000);
        policy(50, 1_000);
        client.subscribe("$memphis_dls_s.g");
        long id = one();
        assertEquals("bad", client.next().payload());
        client.publish("$memphis_pm_acks", "", acknowledgement(id));
        await("s", 0);
    }

    @Test
    void shouldGiveWayToWhatPeopleWant() {
        station("s", "");
        join("s", "g");
        policy(3, 3_600_000);
        long id = one();
        assertEquals(1, CoreClient.get(letters().resend(ROOT, view("s"), Set.of(id))));
        assertEquals(Again.BY_HAND, group().again());
        client.subscribe("$memphis_dls_s.g");
        assertEquals("bad", client.next().payload());
        publish("s$1", "", "next");
        deadLetter("s$1", "g", "");
        long second = await("s", 2).get(0).letter().id();
        assertEquals(1, CoreClient.get(letters().drop(ROOT, view("s"), Letter.Kind.UNACKED, Set.of(second))));
        assertEquals(1, list("s", Letter.Kind.UNACKED).size());
    }

    @Test
    void shouldFollowTheStationsNewWord() throws StoreException {
        station("s", "");
        join("s", "g");
        policy(3, 3_600_000);
        one();
        policy(5, 60_000);
        assertEquals(Again.BY_ITSELF, group().again());
        assertEquals(new RetryPolicy(List.of(60_000L), 5), CoreClient.get(letters().retries().of("root", view("s"))));
        restart();
        assertEquals(new RetryPolicy(List.of(60_000L), 5), CoreClient.get(letters().retries().of("root", view("s"))));
        CoreClient.get(letters().retries().set(ROOT, view("s"), RetryPolicy.NONE));
        Await.until("it waits for nothing any more", () -> group().again() == Again.NO);
        restart();
        assertEquals(Again.NO, group().again());
        assertEquals(RetryPolicy.NONE, CoreClient.get(letters().retries().of("root", view("s"))));
    }

    /** A group whose members are away holds up nobody, however many letters it has. */
    @Test
    void shouldNotLetAGroupThatDoesNotListenHoldUpAnother() {
        station("s", "");
        join("s", "g");
        join("s", "h", 1_000);
        policy(3, 1_000);
        for (int i = 0; i < 250; i++) {
            publish("s$1", "", "m" + i);
            deadLetter("s$1", "g", "");
        }
        Await.until("250 dead letters", () -> view("s").deadLetters().unacked() == 250);
        client.fetch("s$1", "h", 250).forEach(m -> client.publish(m.reply(), "", m.payload().equals("m249") ? "+TERM" : "+ACK"));
        client.subscribe("$memphis_dls_s.h");
        Message m = client.next();
        assertEquals("m249", m.payload());
        assertTrue(m.headers().contains("$memphis_pm_cg_name: h\r\n"), m.headers());
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        station("s", "");
        for (RetryPolicy bad : List.of(new RetryPolicy(List.of(), 3), new RetryPolicy(List.of(999L), 3),
            new RetryPolicy(List.of(60_000L, 86_400_001L), 3), new RetryPolicy(List.of(60_000L), 0),
            new RetryPolicy(List.of(60_000L), 101), new RetryPolicy(java.util.Collections.nCopies(21, 60_000L), 3))) {
            assertThrows(RequestRefusal.class, () -> letters().retries().set(ROOT, view("s"), bad), bad.toString());
        }
        String why = assertThrows(RequestRefusal.class, () -> policy(3, 3 * 3_600_000L)).getMessage();
        assertTrue(why.contains("not shorter than dead letters are kept, which is 3 hours"), why);
        assertThrows(AccessRefusal.class, () -> letters().retries().set(Author.named("nobody"), view("s"), RetryPolicy.NONE));
        assertEquals(RetryPolicy.NONE, CoreClient.get(letters().retries().of("root", view("s"))));
    }
}

package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.subject.Subjects;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.Verdict;

/** Subscriptions and publishes of clients that may do everything. */
class ClientSessionTest extends ClientSessionFixture {

    @Test
    void shouldDeliverToEachSubscriptionThatMatches() {
        Client a = client();
        a.subscribe("x.*", "", "1");
        a.subscribe("x.>", "", "2");
        Client b = client();
        b.publish("x.y", "", "hello");
        assertEquals(List.of("1 x.y hello", "2 x.y hello"), a.sorted());
        assertEquals(List.of(), b.sink().frames);
    }

    @Test
    void shouldHandOverOncePerReadHoweverManyMessagesItHeld() {
        Client a = client();
        a.subscribe("x", "", "1");
        Client b = client();
        for (int i = 0; i < 100; i++) {
            b.publishOnly("x", "", "m" + i);
        }
        assertEquals(List.of(), a.sink().frames);
        b.session().readComplete();
        assertEquals(100, a.sink().frames.size());
        assertEquals(1, a.sink().batchesSent);
    }

    @Test
    void shouldGiveEachMessageToOneMemberOfAQueueGroup() {
        Client a = client();
        Client b = client();
        a.subscribe("x", "q", "1");
        b.subscribe("x", "q", "1");
        b.subscribe("x", "other", "2");
        Client p = client();
        for (int i = 0; i < 200; i++) {
            p.publish("x", "", "m");
        }
        long groupQ = a.sink().frames.size() + b.sink().frames.stream().filter(f -> f.startsWith("1")).count();
        assertEquals(200, groupQ);
        assertTrue(a.sink().frames.size() > 50 && a.sink().frames.size() < 150, () -> "one member got " + a.sink().frames.size());
        assertEquals(200, b.sink().frames.stream().filter(f -> f.startsWith("2")).count());
    }

    /** It does not say what it understands, for it does not connect as others do. */
    @Test
    void shouldTellTheProcessItselfThatNobodyServesItsRequest() {
        RecordingSink sink = new RecordingSink();
        Client local = new Client(sink, sessions.open(SessionInfo.plain(0, "", 0, SessionInfo.Transport.IN_PROCESS), sink));
        local.subscribe("_INBOX.l.*", "", "7");
        local.publish("$JS.API.CONSUMER.MSG.NEXT.none.c", "_INBOX.l.1", "{}");
        local.publish("$JS.ACK.none.c.1.1.1.1.1", "_INBOX.l.2", "+ACK");
        assertEquals(List.of("7 _INBOX.l.1 {NATS/1.0 503} ", "7 _INBOX.l.2 {NATS/1.0 503} "), sink.frames);
    }

    @Test
    void shouldEndASubscriptionAfterSoManyDeliveriesCountedFromTheStart() {
        Client a = client();
        a.subscribe("x", "", "1");
        a.publish("x", "", "one");
        a.session().unsubscribe(bytes("1"), 3);
        for (int i = 0; i < 5; i++) {
            a.publish("x", "", "more");
        }
        assertEquals(3, a.sink().frames.size());
        assertEquals(0, sessions.subscriptions());
    }

    @Test
    void shouldEndASubscriptionAtOnceWhenItHadEnoughAlready() {
        Client a = client();
        a.subscribe("x", "", "1");
        a.publish("x", "", "one");
        a.publish("x", "", "two");
        a.session().unsubscribe(bytes("1"), 2);
        a.publish("x", "", "three");
        assertEquals(2, a.sink().frames.size());
    }

    @Test
    void shouldIgnoreASecondSubscriptionOfTheSameName() {
        Client a = client();
        a.subscribe("x", "", "1");
        a.subscribe("y", "", "1");
        a.publish("x", "", "one");
        a.publish("y", "", "two");
        assertEquals(List.of("1 x one"), a.sink().frames);
    }

    @Test
    void shouldNotEchoWhenAskedNotTo() {
        Client a = client(false, false, false);
        a.subscribe("x", "", "1");
        a.publish("x", "", "one");
        assertEquals(List.of(), a.sink().frames);
    }

    @Test
    void shouldTellThatNobodyResponds() {
        Client a = client();
        a.subscribe("_INBOX.a.*", "", "7");
        a.publish("nobody", "_INBOX.a.1", "?");
        assertEquals(List.of("7 _INBOX.a.1 {NATS/1.0 503} "), a.sink().frames);
        Client quiet = client(false, true, false);
        quiet.subscribe("_INBOX.b.*", "", "7");
        quiet.publish("nobody", "_INBOX.b.1", "?");
        assertEquals(List.of(), quiet.sink().frames);
    }

    @Test
    void shouldCountServedSubjectsAsResponders() {
        router.serve("api.>", request -> request.reply().send(request.payload()));
        Client a = client();
        a.subscribe("_INBOX.a.*", "", "7");
        a.publish("api.x", "_INBOX.a.1", "echo");
        assertEquals(List.of("7 _INBOX.a.1 echo"), a.sink().frames);
    }

    @Test
    void shouldFindRepliesOfInboxesThatCameLater() {
        Client a = client();
        a.subscribe("_INBOX.a.*", "", "1");
        a.publish("_INBOX.a.1", "", "one");
        a.subscribe("_INBOX.a.2", "", "2");
        a.publish("_INBOX.a.2", "", "two");
        a.publish("_INBOX.a.3", "", "three");
        a.session().unsubscribe(bytes("1"), 0);
        a.publish("_INBOX.a.2", "", "again");
        a.publish("_INBOX.a.3", "", "nobody");
        a.sink().frames.sort(null);
        assertEquals(List.of("1 _INBOX.a.1 one", "1 _INBOX.a.2 two", "1 _INBOX.a.3 three", "2 _INBOX.a.2 again",
            "2 _INBOX.a.2 two"), a.sink().frames);
    }

    @Test
    void shouldRefuseBadSubjects() {
        Client pedantic = client(true, true, true);
        assertEquals(new Verdict.Refused("Invalid Publish Subject"), pedantic.publish("a.*", "", "x"));
        assertEquals(new Verdict.Refused("Invalid Publish Subject"), pedantic.publish("a..b", "", "x"));
        Client easy = client();
        assertSame(Verdict.ACCEPTED, easy.publish("a.*", "", "x"));
        assertEquals(new Verdict.Refused("Invalid Subject"), easy.session().subscribe(bytes("a..b"), bytes(""), bytes("1")));
        assertEquals(new Verdict.Refused("Permissions Violation for Publish with Reply of \"$JS.ACK.x\""),
            easy.publish("a", "$JS.ACK.x", "x"));
        assertEquals(new Verdict.Refused("Permissions Violation for Publish with Reply of \"_GR_.x\""),
            easy.publish("a", "_GR_.x", "x"));
    }

    @Test
    void shouldForgetEverythingOfAClosedSession() {
        Client a = client();
        a.subscribe("x", "", "1");
        a.subscribe("y", "q", "2");
        a.session().close();
        assertEquals(0, sessions.subscriptions());
        assertEquals(List.of("root"), left);
        Client b = client();
        b.subscribe("_INBOX.b.*", "", "7");
        b.publish("x", "_INBOX.b.1", "?");
        assertEquals(List.of("7 _INBOX.b.1 {NATS/1.0 503} "), b.sink().frames);
    }

    @Test
    void shouldAnswerAcksOfUnknownConsumersOnlyWhenAsked() {
        Client a = client();
        a.subscribe("_INBOX.a.*", "", "7");
        a.publish("$JS.ACK.s.c.1.1.1.1.0", "_INBOX.a.1", "+ACK");
        a.publish("$JS.ACK.s.c.1.1.1.1.0", "", "+ACK");
        assertEquals(List.of("7 _INBOX.a.1 {NATS/1.0 503} "), a.sink().frames);
    }

    @Test
    void shouldReachNobodyWithASubjectThatHasAnEmptyToken() {
        Client a = client();
        a.subscribe("S.>", "", "1");
        a.subscribe(">", "", "2");
        a.subscribe("*.*.*", "", "3");
        a.subscribe("_INBOX.a.*", "", "4");
        a.publish("_INBOX.a.1", "", "known");
        a.sink().frames.clear();
        Client b = client();
        b.subscribe("_INBOX.b.*", "", "7");
        b.sink().frames.clear();
        for (String subject : List.of("S..a", ".a", "S.", ".", "..", "S.a.", "S...a", "_INBOX.a.", "_INBOX.", "_INBOX..x")) {
            assertSame(Verdict.ACCEPTED, b.publish(subject, "", "x"));
            assertEquals(List.of(), a.sink().frames, subject);
            b.publish(subject, "_INBOX.b.1", "x");
            assertEquals(List.of("7 _INBOX.b.1 {NATS/1.0 503} "), b.sink().frames.subList(0, 1), subject);
            b.sink().frames.clear();
            a.sink().frames.clear();
        }
        Client strict = client(true, true, true);
        for (String subject : List.of("S..a", ".a", "S.", "S.*", ">", "S.>.a")) {
            assertEquals(new Verdict.Refused("Invalid Publish Subject"), strict.publish(subject, "", "x"));
        }
    }

    @Test
    void shouldTakeWildcardsOfAPublishedSubjectLiterally() {
        Client a = client();
        a.subscribe("S.*", "", "1");
        a.subscribe("S.b", "", "2");
        client().publish("S.*", "", "x");
        assertEquals(List.of("1 S.* x"), a.sink().frames);
    }

    @Test
    void shouldTellARequesterWhoHearsNothingOfItselfThatNobodyElseListens() {
        Client a = client(false, false, true);
        a.subscribe("service", "", "1");
        a.subscribe("service", "q", "2");
        a.subscribe("_INBOX.a.*", "", "7");
        a.publish("service", "_INBOX.a.1", "x");
        assertEquals(List.of("7 _INBOX.a.1 {NATS/1.0 503} "), a.sink().frames);
        Client b = client();
        b.subscribe("service", "q", "3");
        a.publish("service", "_INBOX.a.2", "x");
        assertEquals(1, a.sink().frames.size());
        assertEquals(List.of("3 service ^_INBOX.a.2 x"), b.sink().frames);
    }

    @Test
    void shouldShowRequestsOfStreamsToWhoListens() {
        Client watcher = client();
        List<String> subjects = List.of("$JS.ACK.S.c.1.1.1.1.0", "$JS.FC.S.c.abcd", "$JS.API.CONSUMER.MSG.NEXT.S.c",
            "$JS.API.CONSUMER.INFO.S.c");
        Client asker = client();
        asker.subscribe("_INBOX.a.*", "", "7");
        for (String pattern : List.of("$JS.ACK.>", "$JS.FC.>", "$JS.API.CONSUMER.MSG.NEXT.>", "$JS.>", "*.>", ">", "*.*.*.*")) {
            watcher.subscribe(pattern, "", pattern);
            for (String subject : subjects) {
                asker.publish(subject, "_INBOX.a.1", "x");
                boolean matches = Subjects.matches(bytes(pattern), bytes(subject), 0,
                    subject.length());
                assertEquals(matches ? List.of(pattern + " " + subject + " ^_INBOX.a.1 x") : List.of(),
                    watcher.sink().frames.stream().filter(f -> f.contains("$JS")).toList(), pattern);
                if (matches) {
                    assertEquals(List.of(), asker.sink().frames, "who listens may answer");
                }
                watcher.sink().frames.clear();
                asker.sink().frames.clear();
            }
            watcher.session().unsubscribe(bytes(pattern), 0);
        }
        asker.publish("$JS.ACK.S.c.1.1.1.1.0", "_INBOX.a.1", "x");
        assertEquals(List.of("7 _INBOX.a.1 {NATS/1.0 503} "), asker.sink().frames);
    }

    @Test
    void shouldPutOffWhatAReceiverHasNoRoomFor() {
        Client slow = client();
        slow.subscribe("x", "", "1");
        Client other = client();
        other.subscribe("x", "", "1");
        Client p = client();
        slow.sink().congested = true;
        assertEquals(new Verdict.Deferred(slow.sink()), p.offer("x"));
        p.session().readComplete();
        assertEquals(List.of(), other.sink().frames, "all or nobody");
        assertSame(Verdict.ACCEPTED, p.offer("y"));
        assertSame(Verdict.ACCEPTED, p.publish("x", "", "now"));
        assertEquals(List.of("1 x now"), slow.sink().frames);
        slow.sink().congested = false;
        assertSame(Verdict.ACCEPTED, p.offer("x"));
    }

    @Test
    void shouldWaitForAQueueGroupOnlyWhenNoMemberHasRoom() {
        Client slow = client();
        slow.subscribe("x", "q", "1");
        Client quick = client();
        quick.subscribe("x", "q", "1");
        Client p = client();
        slow.sink().congested = true;
        slow.sink().queuedBytes = 5 << 20;
        for (int i = 0; i < 100; i++) {
            assertSame(Verdict.ACCEPTED, p.offer("x"));
        }
        p.session().readComplete();
        assertEquals(100, quick.sink().frames.size());
        quick.sink().congested = true;
        assertInstanceOf(Verdict.Deferred.class, p.offer("x"));
    }

    @Test
    void shouldNotWaitForAClientThatHearsNothingOfItself() {
        Client self = client(false, false, true);
        self.subscribe("x", "", "1");
        self.sink().congested = true;
        assertSame(Verdict.ACCEPTED, self.offer("x"));
    }
}

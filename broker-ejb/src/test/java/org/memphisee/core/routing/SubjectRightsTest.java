package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.memphisee.core.routing.SubjectRights.Decisions;

/** What a client may do is decided once for each of the subjects that it uses, and always rightly. */
class SubjectRightsTest {

    private static boolean rule(String subject) {
        return subject.hashCode() % 3 != 0;
    }

    private static boolean ask(Decisions decisions, String subject) {
        byte[] bytes = ("PUB " + subject + " 5").getBytes(StandardCharsets.UTF_8);
        return decisions.get(bytes, 4, subject.length());
    }

    /** How many of 200 subjects are decided anew when they come in turn for the last of many times. */
    private static int decidedAnew(Decisions decisions, AtomicInteger decided) {
        int before = 0;
        for (int round = 0; round < 20; round++) {
            before = decided.get();
            for (int i = 0; i < 200; i++) {
                assertEquals(rule("shop" + i + "$1.final"), ask(decisions, "shop" + i + "$1.final"));
            }
        }
        return decided.get() - before;
    }

    private static Decisions counting(AtomicInteger decided) {
        return new Decisions(subject -> {
            decided.incrementAndGet();
            return rule(subject);
        });
    }

    @Test
    void shouldRememberHundredsOfSubjectsThatComeInTurn() {
        AtomicInteger decided = new AtomicInteger();
        int anew = decidedAnew(counting(decided), decided);
        assertTrue(anew <= 30, anew + " of 200 were decided again");
    }

    @Test
    void shouldRememberWhatIsUsedNowAndNotWhatFilledItBefore() {
        AtomicInteger decided = new AtomicInteger();
        Decisions decisions = counting(decided);
        for (int i = 0; i < 2_000; i++) {
            ask(decisions, "long" + i + "x".repeat(200));
        }
        int anew = decidedAnew(decisions, decided);
        assertTrue(anew <= 30, anew + " of 200 were decided again");
    }

    @Test
    void shouldNotRememberInboxesWhichComeOnce() {
        AtomicInteger decided = new AtomicInteger();
        Decisions decisions = counting(decided);
        ask(decisions, "orders$1.final");
        for (int i = 0; i < 10_000; i++) {
            ask(decisions, "_INBOX." + i);
        }
        int before = decided.get();
        ask(decisions, "orders$1.final");
        assertEquals(before, decided.get());
    }

    @Test
    void shouldNeverAnswerWronglyHoweverManyAndLongSubjectsAre() {
        Decisions decisions = new Decisions(SubjectRightsTest::rule);
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            String subject = "s" + random.nextInt(3_000) + "x".repeat(random.nextInt(40) * 10);
            assertEquals(rule(subject), ask(decisions, subject), subject);
        }
    }
}

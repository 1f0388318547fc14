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

    @Test
    void shouldRememberHundredsOfSubjectsThatComeInTurn() {
        AtomicInteger decided = new AtomicInteger();
        Decisions decisions = new Decisions(subject -> {
            decided.incrementAndGet();
            return rule(subject);
        });
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 200; i++) {
                assertEquals(rule("shop" + i + "$1.final"), ask(decisions, "shop" + i + "$1.final"));
            }
        }
        int before = decided.get();
        for (int i = 0; i < 200; i++) {
            ask(decisions, "shop" + i + "$1.final");
        }
        assertTrue(decided.get() - before <= 30, decided.get() - before + " of 200 were decided again");
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

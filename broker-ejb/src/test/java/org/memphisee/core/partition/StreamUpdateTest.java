package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.memphisee.core.stream.StreamConfig;

/** A changed configuration is in force at once, for what is stored, what is on its way and what comes. */
class StreamUpdateTest {

    private PartitionFixture f = new PartitionFixture(config(c -> c));

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            change.accept(c);
            return c;
        }));
    }

    private void update(java.util.function.Consumer<StreamBuilder> change) {
        f.update(c -> {
            change.accept(c);
            return c;
        });
    }

    private List<PublishAnswer> publish(String... subjectsAndPayloads) {
        List<PublishAnswer> answers = new ArrayList<>();
        for (String s : subjectsAndPayloads) {
            answers.add(f.publish(s.substring(0, s.indexOf(' ')), s.substring(s.indexOf(' ') + 1)));
        }
        return answers;
    }

    private void stored(String... subjectsAndPayloads) {
        List<PublishAnswer> answers = publish(subjectsAndPayloads);
        f.settle();
        answers.forEach(PublishAnswer::sequence);
    }

    // ---- limits per subject

    @Test
    void shouldAnswerEveryPublishThatWasOnItsWayWhenALimitPerSubjectCame() {
        List<PublishAnswer> answers = publish("s.a a1", "s.b b1");
        f.shard.turn(); // handed to the writer, neither stored nor known
        answers.addAll(publish("s.a a2", "s.c c1"));
        update(c -> c.perSubject = 1);
        answers.addAll(publish("s.a a3", "s.b b2"));
        f.settle();
        answers.forEach(PublishAnswer::sequence);
        assertEquals(List.of("c1", "a3", "b2"), f.payloads());
        f.crash();
        assertEquals(List.of("c1", "a3", "b2"), f.payloads());
        stored("s.c c2");
        assertEquals(List.of("a3", "b2", "c2"), f.payloads());
    }

    @Test
    void shouldLimitASubjectThatWasKnownWithoutMessages() {
        with(c -> c.retention = StreamConfig.Retention.INTEREST);
        stored("s.a nobody");
        f.consumer("c");
        update(c -> c.perSubject = 1);
        stored("s.a a1", "s.a a2");
        assertEquals(List.of("a2"), f.payloads());
        assertEquals(Map.of("s.a", 1L), f.subjectCounts(">"));
    }

    @Test
    void shouldLimitASubjectWhosePublishWasRefused() {
        with(c -> {
            c.maxMsgs = 1;
            c.discard = StreamConfig.Discard.NEW;
        });
        stored("s.a a1");
        PublishAnswer full = f.publish("s.b", "b1");
        f.settle();
        assertTrue(full.refusedWith(10077));
        update(c -> {
            c.perSubject = 1;
            c.maxMsgs = 10;
        });
        stored("s.b b2", "s.b b3");
        assertEquals(List.of("a1", "b3"), f.payloads());
    }

    @Test
    void shouldFollowALimitPerSubjectThatComesGoesAndComesAgain() {
        stored("s.a a1", "s.a a2");
        update(c -> c.perSubject = 2);
        stored("s.a a3");
        assertEquals(List.of("a2", "a3"), f.payloads());
        update(c -> c.perSubject = -1);
        stored("s.a a4", "s.b b1");
        assertEquals(List.of("a2", "a3", "a4", "b1"), f.payloads());
        f.crash();
        update(c -> c.perSubject = 1);
        stored("s.b b2");
        assertEquals(List.of("a4", "b2"), f.payloads());
    }

    @Test
    void shouldReplaceTheOldestOfAFullSubjectEvenWhenTheStreamIsFull() {
        with(c -> {
            c.perSubject = 1;
            c.maxMsgs = 2;
            c.discard = StreamConfig.Discard.NEW;
        });
        stored("s.a a1", "s.b b1");
        stored("s.a a2", "s.a a3", "s.b b2", "s.a a4"); // together: none of them makes the stream larger
        assertEquals(List.of("b2", "a4"), f.payloads());
        PublishAnswer third = f.publish("s.c", "c1");
        f.settle();
        assertTrue(third.refusedWith(10077));
    }

    @Test
    void shouldRemoveNothingFromSubjectsThatRefuseWhenTheirLimitIsLowered() {
        with(c -> {
            c.perSubject = 3;
            c.discard = StreamConfig.Discard.NEW;
            c.discardPerSubject = true;
        });
        stored("s.a a1", "s.a a2", "s.a a3");
        update(c -> c.perSubject = 1);
        PublishAnswer full = f.publish("s.a", "a4");
        f.settle();
        assertTrue(full.refusedWith(10077));
        assertEquals(List.of("a1", "a2", "a3"), f.payloads());
        stored("s.b b1");
    }

    // ---- limits of the stream

    @Test
    void shouldRemoveNothingFromAStreamThatRefusesWhenItsLimitsAreLowered() {
        with(c -> c.discard = StreamConfig.Discard.NEW);
        stored("s.a 1", "s.a 2", "s.a 3", "s.a 4", "s.a 5");
        update(c -> c.maxMsgs = 2);
        PublishAnswer count = f.publish("s.a", "x");
        f.settle();
        assertTrue(count.text().contains("maximum messages exceeded"));
        assertEquals(5, f.state().messages());
        update(c -> {
            c.maxMsgs = -1;
            c.maxBytes = 40;
        });
        PublishAnswer bytes = f.publish("s.a", "x");
        f.settle();
        assertTrue(bytes.text().contains("maximum bytes exceeded"));
        f.crash();
        assertEquals(List.of("1", "2", "3", "4", "5"), f.payloads());
        update(c -> c.maxBytes = -1);
        stored("s.a 6");
    }

    @Test
    void shouldDropOnlyWhatIsTooOldFromAStreamThatRefuses() {
        with(c -> {
            c.discard = StreamConfig.Discard.NEW;
            c.maxMsgs = 3;
        });
        stored("s.a 1");
        f.advance(10 * SECOND);
        stored("s.a 2", "s.a 3");
        update(c -> {
            c.maxMsgs = 1;
            c.maxAge = 5 * SECOND;
        });
        f.settle();
        assertEquals(List.of("2", "3"), f.payloads());
        update(c -> c.maxAge = 0);
        f.settle();
        f.advance(20 * SECOND);
        assertEquals(List.of("2", "3"), f.payloads());
        update(c -> {
            c.discard = StreamConfig.Discard.OLD;
        });
        f.settle();
        assertEquals(List.of("3"), f.payloads());
    }

    @Test
    void shouldLowerLimitsWhilePublishesAreOnTheirWay() {
        stored("s.a 1", "s.a 2");
        List<PublishAnswer> answers = publish("s.a 3", "s.a 4");
        f.shard.turn();
        update(c -> c.maxMsgs = 2);
        answers.addAll(publish("s.a 5"));
        f.settle();
        answers.forEach(PublishAnswer::sequence);
        assertEquals(List.of("4", "5"), f.payloads());
    }

    @Test
    void shouldKeepWhatIsYoungEnoughWhenTheAgeIsLengthened() {
        with(c -> c.maxAge = 10 * SECOND);
        stored("s.a 1");
        f.advance(6 * SECOND);
        update(c -> c.maxAge = 20 * SECOND);
        f.settle();
        f.advance(6 * SECOND);
        assertEquals(List.of("1"), f.payloads());
        update(c -> c.maxAge = 5 * SECOND);
        f.advance(SECOND);
        assertEquals(List.of(), f.payloads());
    }

    @Test
    void shouldMeasureRepeatedIdsByTheWindowInForce() {
        with(c -> c.window = 60 * SECOND);
        f.publish("s.a", "1", "Nats-Msg-Id", "x");
        f.settle();
        f.advance(20 * SECOND);
        update(c -> c.window = 10 * SECOND);
        PublishAnswer second = f.publish("s.a", "2", "Nats-Msg-Id", "x");
        f.settle();
        assertEquals(2, second.sequence());
        f.advance(5 * SECOND);
        PublishAnswer third = f.publish("s.a", "3", "Nats-Msg-Id", "x");
        f.settle();
        assertEquals("{\"stream\":\"S\", \"seq\":2,\"duplicate\": true}", third.text());
    }

    @Test
    void shouldRefuseWhatTheNewLimitsForbidAndTakeWhatTheyAllow() {
        update(c -> c.maxMsgSize = 3);
        PublishAnswer large = f.publish("s.a", "four");
        update(c -> c.maxMsgSize = 4);
        PublishAnswer fits = f.publish("s.a", "four");
        update(c -> {
            c.sealed = true;
            c.discard = StreamConfig.Discard.NEW;
        });
        PublishAnswer sealed = f.publish("s.a", "x");
        f.settle();
        assertTrue(large.refusedWith(10054));
        assertEquals(1, fits.sequence());
        assertTrue(sealed.refusedWith(10109));
        assertEquals(List.of("four"), f.payloads());
    }

    // ---- retention

    @Test
    void shouldKeepWhatIsAcknowledgedOnceTheRetentionIsByLimits() {
        with(c -> c.retention = StreamConfig.Retention.INTEREST);
        f.consumer("c");
        stored("s.a 1", "s.a 2");
        update(c -> c.retention = StreamConfig.Retention.LIMITS);
        assertEquals(List.of("1", "2"), f.pull("c", 5));
        f.acknowledgeAll();
        assertEquals(List.of("1", "2"), f.payloads());
        f.removeConsumer("c");
        stored("s.a 3");
        assertEquals(List.of("1", "2", "3"), f.payloads());
        f.crash();
        assertEquals(List.of("1", "2", "3"), f.payloads());
    }

    @Test
    void shouldRemoveWhatNobodyNeedsOnceTheRetentionIsByInterest() {
        f.consumer("a");
        f.consumer("b", "s.b");
        stored("s.a 1", "s.b 2", "s.a 3");
        assertEquals(List.of("1", "2"), f.pull("a", 2));
        f.acknowledgeAll();
        assertEquals(3, f.state().messages());
        update(c -> c.retention = StreamConfig.Retention.INTEREST);
        f.settle();
        assertEquals(List.of("2", "3"), f.payloads());
        assertEquals(List.of("2"), f.pull("b", 1));
        f.acknowledgeAll();
        assertEquals(List.of("3"), f.payloads());
        f.advance(SECOND);
        f.crash();
        assertEquals(List.of("3"), f.payloads());
        f.removeConsumer("a");
        f.settle();
        assertEquals(List.of(), f.payloads());
    }

    @Test
    void shouldStoreNothingWithoutConsumersOnceTheRetentionIsByInterest() {
        stored("s.a 1");
        List<PublishAnswer> onTheirWay = publish("s.a 2");
        f.shard.turn();
        update(c -> c.retention = StreamConfig.Retention.INTEREST);
        onTheirWay.addAll(publish("s.a 3"));
        f.settle();
        assertEquals(List.of(2L, 3L), onTheirWay.stream().map(PublishAnswer::sequence).toList());
        assertEquals(List.of(), f.payloads());
        assertEquals(3, f.state().lastSeq());
        update(c -> c.retention = StreamConfig.Retention.LIMITS);
        stored("s.a 4");
        assertEquals(List.of("4"), f.payloads());
    }

    @Test
    void shouldForgetWhatWasOnItsWayWhenItsOnlyConsumerLeft() {
        with(c -> c.retention = StreamConfig.Retention.INTEREST);
        f.consumer("c");
        List<PublishAnswer> onTheirWay = publish("s.a 1");
        f.shard.turn();
        f.removeConsumer("c");
        f.settle();
        assertEquals(1, onTheirWay.get(0).sequence());
        assertEquals(List.of(), f.payloads());
        assertEquals(0, f.state().messages());
    }
}

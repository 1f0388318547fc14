package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.memphisee.core.stream.StreamConfig;

/** What nobody wants of a stream with interest retention: it is counted, known by its id, and takes no room. */
class UnwantedMessagesTest {

    private PartitionFixture f;

    UnwantedMessagesTest() {
        with(c -> { });
    }

    private void with(java.util.function.Consumer<StreamBuilder> change) {
        f = new PartitionFixture(config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            change.accept(c);
            return c;
        }));
    }

    private long publish(String subject, String payload, String... headers) {
        PublishAnswer a = f.publish(subject, payload, headers);
        f.settle();
        return a.sequence();
    }

    @Test
    void shouldCountWhatNobodyWantsAlsoAfterACrash() {
        assertEquals(List.of(1L, 2L, 3L), LongStream.of(1, 2, 3).mapToObj(i -> publish("s.a", "x")).toList());
        assertEquals(3, f.state().lastSeq());
        assertEquals(4, f.state().firstSeq());
        assertEquals(0, f.state().messages());
        f.crash();
        assertEquals(3, f.state().lastSeq());
        assertEquals(4, f.state().firstSeq());
        PublishAnswer wrong = f.publish("s.a", "x", "Nats-Expected-Last-Sequence", "0");
        f.settle();
        assertTrue(wrong.refusedWith(10071));
        assertEquals(4, publish("s.a", "x", "Nats-Expected-Last-Sequence", "3"));
    }

    @Test
    void shouldCountOnAfterTheConsumerHasLeft() {
        f.consumer("c");
        publish("s.a", "1");
        publish("s.a", "2");
        assertEquals(List.of("1", "2"), f.pull("c", 2));
        f.acknowledgeAll();
        f.removeConsumer("c");
        f.settle();
        assertEquals(3, publish("s.a", "3"));
        f.advance(SECOND);
        f.crash();
        assertEquals(4, publish("s.a", "4"));
        f.consumer("d");
        f.crash();
        assertEquals(5, publish("s.a", "5"));
        assertEquals(List.of("5"), f.pull("d", 5));
    }

    /** A simulated broker lost messages so: who is left alone has not settled what the one settled that went. */
    @Test
    void shouldKeepForOneConsumerWhatAnotherSettledInTheTurnInWhichItWasRemoved() {
        f.consumer("c");
        f.consumer("d");
        publish("s.a", "1");
        publish("s.a", "2");
        assertEquals(List.of("1", "2"), f.pull("c", 2));
        f.acknowledge();
        f.removeConsumer("c");
        f.settle();
        assertEquals(List.of("1", "2"), f.payloads());
        assertEquals(List.of("1", "2"), f.pull("d", 2));
    }

    @Test
    void shouldAnswerOnlyWhenTheSequenceIsDurableAndShareTheSync() {
        List<PublishAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(f.publish("s.a", "x"));
        }
        f.shard.turn();
        assertTrue(answers.get(0).waiting());
        assertEquals(0, f.state().lastSeq());
        f.settle();
        assertEquals(1, f.store.syncs());
        assertEquals(300, answers.get(299).sequence());
        PublishAnswer late = f.publish("s.a", "late");
        f.shard.turn();
        f.crash();
        assertTrue(late.waiting());
        assertEquals(301, publish("s.a", "x"));
    }

    @Test
    void shouldKnowARepeatedIdOfWhatWasNotStored() {
        PublishAnswer first = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        PublishAnswer inFlight = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertEquals(1, first.sequence());
        assertEquals("{\"stream\":\"S\", \"seq\":1,\"duplicate\": true}", inFlight.text());
        f.consumer("c");
        f.crash();
        PublishAnswer again = f.publish("s.a", "x", "Nats-Msg-Id", "id-1");
        f.settle();
        assertEquals("{\"stream\":\"S\", \"seq\":1,\"duplicate\": true}", again.text());
        assertEquals(2, publish("s.a", "y", "Nats-Expected-Last-Msg-Id", "id-1"));
        assertEquals(List.of("y"), f.payloads());
    }

    @Test
    void shouldForgetIdsOfWhatWasNotStoredWhenTheirWindowHasPassed() {
        for (int i = 0; i < 10; i++) {
            publish("s.a", "x", "Nats-Msg-Id", "id-" + i);
            f.advance(10 * SECOND);
        }
        f.advance(115 * SECOND);
        assertEquals(11, publish("s.a", "x", "Nats-Msg-Id", "id-0"));
        f.advance(10 * SECOND);
        publish("s.a", "x");
        assertEquals(List.of(11L), f.storedBatches());
        f.crash();
        assertEquals(12, f.state().lastSeq());
        assertEquals(0, f.state().messages());
    }

    /** What is refused for lack of room ends before what needs none and was on its way first. */
    @Test
    void shouldStoreAgainWhenWhatNeedsNoRoomPassedBesideWhatWasRefused() {
        f.consumer("c", "s.a");
        f.store.free(10);
        PublishAnswer passed = f.publish("s.b", "nobody wants it");
        PublishAnswer refused = f.publish("s.a", "does not fit");
        f.settle();
        assertEquals(1, passed.sequence());
        assertTrue(refused.refusedWith(10023), refused.text());
        f.store.free(Long.MAX_VALUE);
        assertEquals(2, publish("s.a", "kept"));
        f.crash();
        assertEquals(List.of("kept"), f.payloads());
    }

    /** The sequence of ids that were refused is the next message's: it must not go when their time is over. */
    @Test
    void shouldKeepAMessageThatGotTheSequenceOfIdsThatDidNotFit() {
        f.consumer("c", "s.a");
        f.store.free(10);
        PublishAnswer refused = f.publish("s.b", "x", "Nats-Msg-Id", "id");
        f.settle();
        assertTrue(refused.refusedWith(10023), refused.text());
        f.store.free(Long.MAX_VALUE);
        assertEquals(1, publish("s.a", "kept"));
        f.advance(121 * SECOND);
        assertEquals(2, publish("s.a", "later"));
        f.advance(SECOND);
        f.crash();
        assertEquals(List.of("kept", "later"), f.payloads());
    }

    @Test
    void shouldStoreWhatIsWantedBetweenWhatIsNot() {
        f.consumer("c", "s.a");
        List<PublishAnswer> answers = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            answers.add(f.publish(i % 3 == 0 ? "s.a" : "s.b", "m" + i, "Nats-Msg-Id", "id-" + i));
        }
        answers.add(f.publish("s.b", "m10", "Nats-Msg-Id", "id-10"));
        f.settle();
        assertEquals(IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList(),
            answers.stream().map(PublishAnswer::sequence).toList());
        assertEquals(List.of("m3", "m6", "m9"), f.payloads());
        f.crash();
        assertEquals(List.of("m3", "m6", "m9"), f.payloads());
        assertEquals(10, f.state().lastSeq());
        assertEquals(3, f.state().firstSeq());
        for (int i = 1; i <= 10; i++) {
            PublishAnswer again = f.publish("s.a", "again", "Nats-Msg-Id", "id-" + i);
            f.settle();
            assertEquals("{\"stream\":\"S\", \"seq\":" + i + ",\"duplicate\": true}", again.text());
        }
        assertEquals(List.of("m3", "m6", "m9"), f.pull("c", 10));
        f.acknowledgeAll();
        assertEquals(0, f.state().messages());
    }

    @Test
    void shouldMergeBatchesWithGapsBetweenTheirMessages() {
        f.consumer("c", "s.a");
        for (int i = 1; i <= 400; i++) {
            f.publish("s.b", "not");
            f.publish("s.a", "m" + i);
            f.publish("s.b", "not");
            f.settle();
        }
        assertEquals(1_200, f.state().lastSeq());
        assertTrue(f.partition.batchCount() < 100, () -> "batches: " + f.partition.batchCount());
        f.crash();
        assertEquals(IntStream.rangeClosed(1, 400).mapToObj(i -> "m" + i).toList(), f.pull("c", 1_000));
    }

    @Test
    void shouldPushNothingOutForWhatIsNotStored() {
        with(c -> c.maxMsgs = 2);
        f.consumer("c", "s.a");
        publish("s.a", "1");
        publish("s.a", "2");
        assertEquals(3, publish("s.b", "unwanted"));
        assertEquals(List.of("1", "2"), f.payloads());
        publish("s.a", "4");
        assertEquals(List.of("2", "4"), f.payloads());
    }

    @Test
    void shouldNeedNoRoomForWhatIsNotStored() {
        with(c -> {
            c.maxBytes = 80;
            c.discard = StreamConfig.Discard.NEW;
        });
        f.consumer("c", "s.a");
        publish("s.a", "1");
        publish("s.a", "2");
        PublishAnswer full = f.publish("s.a", "3");
        f.settle();
        assertTrue(full.refusedWith(10077));
        assertEquals(3, publish("s.b", "unwanted"));
        assertEquals(List.of("1", "2"), f.payloads());
    }

    @Test
    void shouldNotRollUpForWhatIsNotStored() {
        with(c -> c.rollup = true);
        f.consumer("c", "s.a");
        publish("s.a", "1");
        publish("s.b", "unwanted", "Nats-Rollup", "all");
        assertEquals(List.of("1"), f.payloads());
    }

    @Test
    void shouldKeepForThoseWhoComeWhatAStreamIsToKeepWithoutConsumers() {
        with(c -> c.unclaimedAge = 100 * SECOND);
        publish("s.a", "1");
        f.consumer("c");
        assertEquals(List.of("1"), f.pull("c", 1));
        publish("s.a", "2");
        f.removeConsumer("c");
        publish("s.a", "3");
        assertEquals(List.of("1", "2", "3"), f.payloads());
        f.advance(101 * SECOND);
        assertEquals(List.of(), f.payloads());
    }

    @Test
    void shouldTakeBackWhatTheDiskHadNoRoomFor() {
        f.consumer("c", "s.a");
        publish("s.a", "1");
        f.store.free(0);
        PublishAnswer stored = f.publish("s.a", "2", "Nats-Msg-Id", "a");
        f.shard.turn();
        PublishAnswer behind = f.publish("s.b", "unwanted", "Nats-Msg-Id", "b");
        f.settle();
        assertTrue(stored.refusedWith(10023));
        assertTrue(behind.refusedWith(10023));
        f.store.free(Long.MAX_VALUE);
        assertEquals(2, publish("s.b", "unwanted", "Nats-Msg-Id", "b"));
        assertEquals(3, publish("s.a", "2", "Nats-Msg-Id", "a", "Nats-Expected-Last-Msg-Id", "b"));
        f.crash();
        assertEquals(3, f.state().lastSeq());
        assertFalse(f.state().frozen());
    }

    @Test
    void shouldNeverStoreAnOlderLastSequenceBehindANewerOne() {
        f.consumer("c", "s.a");
        publish("s.a", "1");
        publish("s.a", "2");
        f.pull("c", 1);
        f.acknowledgeAll(); // its removal is to be stored
        PublishAnswer unwanted = f.publish("s.b", "unwanted");
        f.shard.turn(); // submitted, and its removal after it
        f.clock.now += SECOND;
        f.shard.turn();
        f.settle();
        assertEquals(3, unwanted.sequence());
        f.crash();
        assertEquals(3, f.state().lastSeq());
    }
}

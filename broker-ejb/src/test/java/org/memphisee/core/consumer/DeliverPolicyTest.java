package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.consumer.ConsumerFixture.SECOND;
import static org.memphisee.core.consumer.ConsumerFixture.pullConfig;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;
import org.memphisee.core.consumer.SimulatedEnvironment.Frame;

class DeliverPolicyTest {

    private final ConsumerFixture f = new ConsumerFixture();

    @Test
    void shouldBeginWithTheFirstExisting() {
        f.store(5);
        f.partition.remove(1);
        f.start(pullConfig());
        assertEquals(4, f.consumer.info().numPending());
        f.pull("in", 1);
        assertEquals(List.of(2L), f.sequences("in"));
    }

    @Test
    void shouldBeginWithTheLastThatMatches() {
        f.partition.store("a", "", 1);
        f.partition.store("b", "", 1);
        f.start(pullConfig().deliver(DeliverPolicy.LAST).filter("a"));
        assertEquals(1, f.consumer.info().numPending());
        f.pull("in", 5);
        f.commit("a");
        assertEquals(List.of(1L, 3L), f.sequences("in"));
    }

    @Test
    void shouldBeginWithWhatComesLater() {
        f.store(3).start(pullConfig().deliver(DeliverPolicy.NEW));
        assertEquals(0, f.consumer.info().numPending());
        assertEquals(3, f.consumer.info().ackFloorStreamSeq());
        f.pull("in", 5);
        f.commit(1);
        assertEquals(List.of(4L), f.sequences("in"));
    }

    @Test
    void shouldBeginAtASequence() {
        f.store(5).start(pullConfig().startSeq(4));
        assertEquals(2, f.consumer.info().numPending());
        f.pull("in", 5);
        assertEquals(List.of(4L, 5L), f.sequences("in"));
    }

    @Test
    void shouldWaitForASequenceThatIsYetToCome() {
        f.store(2).start(pullConfig().startSeq(5));
        assertEquals(0, f.consumer.info().numPending());
        f.pull("in", 5);
        f.commit(1).commit(1);
        assertEquals(List.of(), f.sequences("in"));
        assertEquals(0, f.consumer.info().numPending());
        f.commit(1).commit(1);
        assertEquals(List.of(5L, 6L), f.sequences("in"));
    }

    @Test
    void shouldBeginAtATime() {
        f.partition.store("a", "", 1000);
        f.partition.store("a", "", 2000);
        f.partition.store("a", "", 3000);
        f.start(pullConfig().startTime(2000));
        f.pull("in", 5);
        assertEquals(List.of(2L, 3L), f.sequences("in"));
    }

    @Test
    void shouldDeliverTheLastOfEachSubjectThenNewOnes() {
        for (String subject : List.of("k.a", "k.b", "k.a", "k.c", "x", "k.b")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().deliver(DeliverPolicy.LAST_PER_SUBJECT).filter("k.*"));
        assertEquals(3, f.consumer.info().numPending());
        f.commit("k.a");
        assertEquals(4, f.consumer.info().numPending());
        f.pull("in", 10);
        assertEquals(List.of(3L, 4L, 6L, 7L), f.sequences("in"));
        assertEquals(List.of(3L, 2L, 1L, 0L), f.messages("in").stream().map(Frame::pending).toList());
    }

    @Test
    void shouldPassOverChosenMessagesThatAreRemoved() {
        for (String subject : List.of("k.a", "k.b", "k.c", "k.d")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().deliver(DeliverPolicy.LAST_PER_SUBJECT).filter("k.*"));
        f.pull("in", 1);
        f.remove(2, 2);
        assertEquals(2, f.consumer.info().numPending());
        f.remove(4, 4);
        assertEquals(1, f.consumer.info().numPending());
        f.pull("in", 5);
        assertEquals(List.of(1L, 3L), f.sequences("in"));
    }

    @Test
    void shouldKeepTheChosenMessagesOverARestart() {
        for (String subject : List.of("k.a", "k.b", "k.a", "k.c")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().deliver(DeliverPolicy.LAST_PER_SUBJECT).filter("k.*"));
        f.pull("in", 1);
        f.commit("k.b");
        f.restart();
        assertEquals(3, f.consumer.info().numPending());
        f.pull("in", 5);
        assertEquals(List.of(2L, 3L, 4L, 5L), f.sequences("in"));
    }

    @Test
    void shouldForgetChosenMessagesThatVanishedBeforeARestart() {
        for (String subject : List.of("k.a", "k.b", "k.c")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().deliver(DeliverPolicy.LAST_PER_SUBJECT).filter("k.*"));
        f.partition.remove(2);
        f.restart();
        assertEquals(2, f.consumer.info().numPending());
    }

    @Test
    void shouldDeliverInStreamOrderAcrossSeveralFilters() {
        for (String subject : List.of("a.1", "b.1", "c.1", "a.2", "b.2")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().filter("a.*", "b.*"));
        assertEquals(4, f.consumer.info().numPending());
        f.pull("in", 10);
        f.commit("c.2").commit("b.3");
        assertEquals(List.of(1L, 2L, 4L, 5L, 7L), f.sequences("in"));
        assertEquals(0, f.consumer.info().numPending());
    }

    @Test
    void shouldApplyANewFilterToWhatIsNotDelivered() {
        for (String subject : List.of("a", "b", "a", "b", "b")) {
            f.partition.store(subject, "", 1);
        }
        f.start(pullConfig().filter("a"));
        f.pull("in", 1);
        f.consumer.update(pullConfig().filter("b").build());
        assertEquals(3, f.consumer.info().numPending());
        assertEquals(1, f.consumer.info().numAckPending());
        f.pull("in", 5);
        assertEquals(List.of(1L, 2L, 4L, 5L), f.sequences("in"));
    }

    @Test
    void shouldCountPendingAgainOnlyWhenUndeliveredMessagesAreRemoved() {
        f.store(10).start(pullConfig());
        assertEquals(10, f.consumer.info().numPending());
        int counted = f.partition.counted;
        f.pull("in", 5);
        f.commit(1000).commit(1000);
        f.remove(1, 3);
        assertEquals(2005, f.consumer.info().numPending());
        assertEquals(counted, f.partition.counted);
        f.remove(5, 8);
        assertEquals(2002, f.consumer.info().numPending());
        assertEquals(counted + 1, f.partition.counted);
    }

    @Test
    void shouldCountRightWhenMessagesAreRemovedBeforeTheCommitIsTold() {
        f.store(2).start(pullConfig());
        f.consumer.info();
        f.store(4);
        f.remove(1, 4);
        f.consumer.committed();
        assertEquals(2, f.consumer.info().numPending());
    }

    @Test
    void shouldReplayAtTheOriginalPaceUntilCaughtUp() {
        f.partition.store("a", "", 1_000 * SECOND);
        f.partition.store("a", "", 1_002 * SECOND);
        f.partition.store("a", "", 1_003 * SECOND);
        f.start(pullConfig().replayOriginal());
        f.pull("in", 10);
        assertEquals(List.of(1L), f.sequences("in"));
        f.pass(2 * SECOND - 1);
        assertEquals(List.of(1L), f.sequences("in"));
        f.pass(1);
        assertEquals(List.of(1L, 2L), f.sequences("in"));
        f.pass(SECOND);
        assertEquals(List.of(1L, 2L, 3L), f.sequences("in"));
        f.partition.store("a", "", 1_900 * SECOND);
        f.partition.store("a", "", 1_990 * SECOND);
        f.consumer.committed();
        assertEquals(5, f.messages("in").size());
    }

    @Test
    void shouldLeaveThePayloadOut() {
        f.partition.store("a", "a long payload that is not sent", 1);
        f.start(pullConfig().headersOnly());
        f.pull("in", 1);
        assertTrue(f.messages("in").get(0).headersOnly());
    }

    @Test
    void shouldCountHeadersOnlyMessagesWithoutTheirPayload() {
        f.partition.store("a", "x".repeat(5000), 1);
        f.start(pullConfig().headersOnly());
        f.pullBytes("in", 1, 1000);
        long size = 1 + f.messages("in").get(0).reply().length() + "NATS/1.0\r\nNats-Msg-Size: 5000\r\n\r\n".length();
        assertEquals(List.of("409 Batch Completed|Nats-Pending-Messages: 0|Nats-Pending-Bytes: " + (1000 - size)),
            f.statuses("in"));
    }
}

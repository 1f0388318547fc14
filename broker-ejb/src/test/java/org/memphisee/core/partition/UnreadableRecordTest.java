package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.partition.log.MessageRead;

/** Who asks for what cannot be read, or is dropped meanwhile, is told so, once; and nothing is lost by it. */
class UnreadableRecordTest {

    private PartitionFixture f;

    /** Six messages in batches of their own, none of them in memory. */
    @BeforeEach
    void begin() {
        f = new PartitionFixture(config(c -> c));
        for (int i = 1; i <= 6; i++) {
            f.publish("s.a", "m" + i);
            f.settle();
        }
        f.crash();
    }

    private List<MessageRead> ask(long sequence) {
        List<MessageRead> answers = new ArrayList<>();
        f.partition.run(p -> p.message(sequence, answers::add));
        f.shard.turn();
        return answers;
    }

    private static void assertUnreadable(MessageRead read, long sequence) {
        assertInstanceOf(MessageRead.Unreadable.class, read);
        assertTrue(read.problem().contains("messages " + sequence + " to " + sequence + " of stream S"), read.problem());
        assertTrue(read.problem().contains("Damaged data: batch " + sequence), read.problem());
    }

    @Test
    void shouldTellThatARecordCannotBeRead() {
        f.store.corruptBatch(1, 3);
        List<MessageRead> answers = new ArrayList<>();
        f.partition.run(p -> {
            p.message(3, answers::add);
            p.nextMessage(3, "s.*", answers::add);
            p.message(3, answers::add);
        });
        f.settle();
        assertEquals(3, answers.size());
        answers.forEach(a -> assertUnreadable(a, 3));
        assertUnreadable(f.read(3), 3);
        assertEquals("s.a", f.read(4).found().orElseThrow().subject(), "what can be read is given out");
        assertEquals(MessageRead.GONE, f.read(7));
    }

    @Test
    void shouldTellOnceThatWhatIsReadWasDroppedMeanwhile() {
        List<MessageRead> answers = ask(1);
        assertEquals(List.of(), answers);
        List<MessageRead> next = new ArrayList<>();
        f.partition.run(p -> {
            p.nextMessage(1, "", next::add);
            p.purge("", 4, 0, n -> { }, e -> { });
        });
        f.settle();
        assertEquals(List.of(MessageRead.GONE), answers);
        assertEquals(List.of(4L), next.stream().map(r -> r.found().orElseThrow().sequence()).toList());
    }

    @Test
    void shouldTellWhoeverWaitsThatTheStreamIsDeleted() {
        List<MessageRead> answers = ask(1);
        List<Boolean> deleted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(2, deleted::add, refused::add));
        f.shard.turn();
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.settle();
        assertEquals(List.of(MessageRead.GONE), answers);
        assertEquals(List.of(), deleted);
        assertEquals(List.of("stream S was deleted"), refused);
        assertEquals(MessageRead.GONE, f.read(2));
    }

    @Test
    void shouldTellWhoeverWaitsThatTheStreamWentOffline() {
        List<MessageRead> answers = ask(1);
        f.shard.execute(() -> f.partition.escaped(new IllegalStateException("half done")));
        f.settle();
        assertEquals(1, answers.size());
        assertInstanceOf(MessageRead.Offline.class, answers.get(0));
        assertTrue(answers.get(0).problem().contains("half done"), answers.get(0).problem());
        assertInstanceOf(MessageRead.Offline.class, f.read(2));
    }

    @Test
    void shouldNotDeliverPastARecordThatCannotBeRead() {
        f.consumer("c");
        f.store.corruptBatch(1, 3);
        assertEquals(List.of("m1", "m2"), f.pull("c", 5));
        assertEquals(List.of("NATS/1.0 409 Stored Message Unreadable"), f.statuses());
        assertEquals(List.of(), f.pull("c", 5));
        f.acknowledgeAll();
        f.advance(SECOND);
        assertTrue(f.state().frozen());
        f.store = f.store.mended();
        f.crash();
        assertEquals(List.of("m3", "m4", "m5", "m6"), f.pull("c", 5), "nothing was passed over");
    }

    @Test
    void shouldKeepADeliveryWhoseMessageCannotBeReadAgain() {
        f.consumer("c");
        assertEquals(List.of("m1", "m2"), f.pull("c", 2));
        f.advance(SECOND);
        f.crash();
        f.store.corruptBatch(1, 1);
        f.advance(31 * SECOND);
        assertEquals(List.of("m2", "m3"), f.pull("c", 2), "the other one comes again");
        List<Integer> pending = new ArrayList<>();
        f.partition.run(p -> pending.add((int) p.consumerInfo("c").orElseThrow().numAckPending()));
        f.settle();
        assertEquals(List.of(3), pending);
        f.advance(SECOND);
        f.store = f.store.mended();
        f.crash();
        f.advance(31 * SECOND);
        assertEquals(List.of("m1", "m2", "m3"), f.pull("c", 3));
    }

    @Test
    void shouldRefuseADeletionOfWhatCannotBeRead() {
        f.store.corruptBatch(1, 3);
        List<Boolean> deleted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        f.partition.run(p -> p.deleteMessage(3, deleted::add, refused::add));
        f.settle();
        assertEquals(List.of(), deleted);
        assertEquals(1, refused.size());
        assertTrue(refused.get(0).contains("Damaged data: batch 3"), refused.get(0));
    }

    @Test
    void shouldAskAgainWhenAReadWasRefusedForLackOfRoom() {
        f.readsRefused = 3;
        List<MessageRead> answers = ask(2);
        f.settle();
        assertEquals(List.of(), answers);
        f.advance(SECOND / 10);
        f.advance(SECOND / 10);
        assertEquals(List.of(), answers);
        f.advance(SECOND / 10);
        assertEquals(1, answers.size());
        assertEquals(2, answers.get(0).found().orElseThrow().sequence());
        assertFalse(f.state().frozen());
    }
}

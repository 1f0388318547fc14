package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.partition.log.MessageRead;
import org.memphisee.core.replication.ShardReplica;
import org.memphisee.store.memory.MemoryLogStore;

/** A partition that is decided about here, elsewhere, and here again. */
class GroupPartitionsTest {

    private LoneGroup g;

    @BeforeEach
    void start() throws StoreException {
        g = new LoneGroup(config(c -> c), new MemoryLogStore(MemoryLogStore.Disk.KEEPS));
    }

    @Test
    void shouldAcknowledgeWhatIsCommittedAndNothingBefore() {
        g.leader(true);
        PublishAnswer answer = g.publish("s.a", "m1");
        assertTrue(answer.waiting());
        g.commit();
        assertEquals(1, answer.sequence());
        assertEquals(List.of("m1"), g.payloads());
    }

    @Test
    void shouldTakeWhatCameWhileNobodyLedInItsOrder() {
        PublishAnswer one = g.publish("s.a", "m1");
        PublishAnswer two = g.publish("s.a", "m2");
        assertTrue(one.waiting());
        g.leader(true);
        g.commit();
        assertEquals(1, one.sequence());
        assertEquals(2, two.sequence());
    }

    @Test
    void shouldRefuseWhatWaitedForTooLong() {
        PublishAnswer answer = g.publish("s.a", "m1");
        g.advance(LoneGroup.PATIENCE - 1);
        assertTrue(answer.waiting());
        g.advance(1);
        assertTrue(answer.refusedWith(10008), answer.text());
        g.leader(true);
        g.commit();
        assertEquals(List.of(), g.payloads());
    }

    @Test
    void shouldRefuseWhereAnotherNodeLeads() {
        PublishAnswer waiting = g.publish("s.a", "m1");
        g.leader(false);
        assertTrue(waiting.refusedWith(10008), waiting.text());
        assertTrue(g.publish("s.a", "m2").refusedWith(10008));
        g.nobody();
        assertTrue(g.publish("s.a", "m3").waiting());
    }

    @Test
    void shouldGoOnBehindWhatWasCommittedWhenItLeadsAgain() {
        g.leader(true);
        g.publish("s.a", "m1");
        g.commit();
        PublishAnswer undecided = g.publish("s.a", "lost");
        g.proposed.clear(); // nobody got it
        g.leader(false);
        assertTrue(undecided.refusedWith(10008), undecided.text());
        assertEquals(List.of("m1"), g.payloads());
        g.nobody();
        g.leader(true);
        PublishAnswer next = g.publish("s.a", "m2");
        g.commit();
        assertEquals(2, next.sequence());
        assertEquals(List.of("m1", "m2"), g.payloads());
    }

    @Test
    void shouldAcknowledgeWhatTheNextLeaderHad() {
        g.leader(true);
        PublishAnswer undecided = g.publish("s.a", "m1");
        g.nobody();
        assertTrue(undecided.waiting());
        g.commit();
        assertEquals(1, undecided.sequence());
        assertEquals(List.of("m1"), g.payloads());
    }

    @Test
    void shouldSayThatNobodyKnowsWhatBecameOfIt() {
        g.leader(true);
        PublishAnswer undecided = g.publish("s.a", "m1");
        g.nobody();
        g.advance(LoneGroup.PATIENCE);
        assertTrue(undecided.text().contains("not known"), undecided.text());
        g.commit();
        assertEquals(List.of("m1"), g.payloads());
        assertTrue(undecided.text().contains("not known"), undecided.text());
    }

    @Test
    void shouldNotSayThatAStreamIsGoneOfWhichOnlyTheLeaderChanged() {
        g.leader(true);
        Partition before = g.partitions.partition(LoneGroup.PARTITION); // for somebody who has not heard yet
        for (Runnable change : List.<Runnable>of(g::nobody, () -> g.leader(false))) {
            change.run();
            PublishAnswer late = g.publish(before, "s.a", "m1");
            assertTrue(late.refusedWith(10008), late.text());
        }
        assertTrue(before.unknown() instanceof MessageRead.Offline, "nor that its messages are");
        g.leader(true);
        Partition last = g.partitions.partition(LoneGroup.PARTITION);
        g.partitions.remove(LoneGroup.PARTITION, () -> { });
        assertTrue(g.publish(last, "s.a", "m2").refusedWith(10059), "now it is");
    }

    @Test
    void shouldEndRequestsForMessagesWhenItCeases() {
        g.leader(true);
        g.pull();
        g.nobody();
        assertEquals(List.of("NATS/1.0 409 Leadership Change"), g.inboxes.statuses);
        g.leader(true);
        g.pull();
        g.publish("s.a", "m1");
        g.commit();
        assertEquals(List.of("m1"), g.inboxes.heard, "its consumer is here again");
    }

    @Test
    void shouldHandOnRequestsForMessagesWhenItCeases() {
        g.leader(true);
        g.inboxes.handedOn = new java.util.ArrayList<>();
        g.pull();
        g.inboxes.left = true;
        g.publish("s.a", "m1"); // nobody listens: it is put aside
        g.commit();
        Partition before = g.partitions.partition(LoneGroup.PARTITION);
        assertFalse(before.ceased());
        g.nobody();
        assertEquals(List.of(), g.inboxes.statuses);
        assertEquals(List.of("1 c 1 inbox"), g.inboxes.handedOn);
        assertTrue(before.ceased());
        assertFalse(g.partitions.partition(LoneGroup.PARTITION).ceased());
    }

    /** A leadership is handed over no sooner: nobody else would answer. */
    @Test
    void shouldNotBeIdleWhileAnAcknowledgementIsNotDurable() {
        g.leader(true);
        g.pull();
        g.publish("s.a", "m1");
        g.commit();
        assertTrue(g.partitions.idle());
        g.say(g.inboxes.replies.get(0), "+ACK", "answer");
        assertFalse(g.partitions.idle());
        g.commit();
        assertTrue(g.partitions.idle());
    }

    /** Its client waits for an answer that this leadership can give no more. */
    @Test
    void shouldHandOnAcknowledgementsThatNobodyHasAnsweredWhenItCeases() {
        g.leader(true);
        g.inboxes.handedOn = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            g.pull();
            g.publish("s.a", "m" + i);
            g.commit();
        }
        List<String> acks = List.copyOf(g.inboxes.replies);
        g.say(acks.get(0), "+ACK", "first");
        g.commit();
        assertEquals(List.of("first"), g.published);
        g.say(acks.get(1), "+ACK", "second"); // proposed, and decided by nobody yet
        g.say(acks.get(2), "+ACK", "third"); // behind it
        g.nobody();
        assertEquals(List.of("1 " + acks.get(1) + " +ACK second", "1 " + acks.get(2) + " +ACK third"), g.inboxes.handedOn);
        g.commit();
        assertEquals(List.of("first"), g.published, "the next leader answers, and nobody else");
        g.leader(true);
        g.say(acks.get(1), "+ACK", "second"); // this node leads again, and what was proposed was decided
        g.say(acks.get(2), "+ACK", "third");
        g.commit();
        assertEquals(List.of("first", "second", "third"), g.published);
    }

    @Test
    void shouldTellWhoDeletesThatNothingIsDecidedHere() {
        g.leader(true);
        g.publish("s.a", "m1");
        g.commit();
        g.leader(false);
        List<String> refused = new java.util.ArrayList<>();
        g.partitions.partition(LoneGroup.PARTITION).run(p -> {
            p.deleteMessage(1, there -> { }, refused::add);
            p.purge("", 0, 0, n -> { }, refused::add);
        });
        g.settle();
        assertEquals(2, refused.size());
        assertEquals(List.of("m1"), g.payloads());
    }

    /**
     * Found by seed 88 of the simulation: the leader died before it removed what a subject had too many, and so did this node.
     */
    @Test
    void shouldLetGoWhatASubjectHasTooManyWhenItLeadsAfterAStart() throws StoreException {
        g.leader(true);
        for (int i = 1; i <= 5; i++) {
            g.publish("s.a", "m" + i);
            g.commit();
        }
        g.store.crash();
        LoneGroup next = new LoneGroup(config(c -> {
            c.perSubject = 2;
            return c;
        }), g.store.reopen());
        assertEquals(5, next.payloads().size(), "who copies decides nothing");
        next.leader(true);
        next.advance(PartitionFixture.SECOND);
        next.commit();
        assertEquals(List.of("m4", "m5"), next.payloads());
    }

    /** Found by seed 200: this node knew from its start what had been replaced, and nobody else ever learned of it. */
    @Test
    void shouldHaveAllLearnWhatItKnowsToBeReplacedWhenItLeads() throws StoreException {
        g = new LoneGroup(config(c -> {
            c.perSubject = 1;
            return c;
        }), new MemoryLogStore(MemoryLogStore.Disk.KEEPS));
        g.leader(true);
        g.publishTogether("s.a", "s.b");
        g.commit();
        g.publish("s.a", "new");
        g.commit();
        assertEquals(List.of(), g.tombstones());
        g.store.crash();
        LoneGroup next = new LoneGroup(g.partitions.partition(LoneGroup.PARTITION).config(), g.store.reopen());
        next.leader(true);
        next.advance(PartitionFixture.SECOND);
        next.commit();
        assertEquals(List.of("s.b", "new"), next.payloads());
        assertEquals(List.of(1L), next.tombstones());
    }

    @Test
    void shouldRemoveAPartitionWithWhatIsOnItsWay() {
        g.leader(true);
        PublishAnswer answer = g.publish("s.a", "m1");
        g.partitions.remove(LoneGroup.PARTITION, () -> { });
        g.commit();
        assertEquals(ShardReplica.Role.LEADING, g.replica.role());
        assertEquals(List.of(), g.store.batches(LoneGroup.PARTITION));
        assertTrue(!answer.waiting());
    }
}

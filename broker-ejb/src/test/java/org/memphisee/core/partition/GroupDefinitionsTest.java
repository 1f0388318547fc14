package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.store.memory.MemoryLogStore;

/** What becomes of changed definitions of a partition that is decided about here, elsewhere, and here again. */
class GroupDefinitionsTest {

    private LoneGroup g;

    @BeforeEach
    void start() throws StoreException {
        g = new LoneGroup(config(c -> c), new MemoryLogStore(MemoryLogStore.Disk.KEEPS));
    }

    @Test
    void shouldApplyALoweredLimitAtOnceWhereItLeads() {
        g.leader(true);
        publish("m1", "m2", "m3");
        g.partitions.update(LoneGroup.PARTITION, config(c -> {
            c.maxMsgs = 1;
            return c;
        }));
        g.settle();
        g.commit();
        assertEquals(List.of("m3"), g.payloads());
    }

    @Test
    void shouldApplyALimitThatWasLoweredWhileItCopiedWhenItLeads() {
        g.leader(true);
        publish("m1", "m2", "m3");
        g.leader(false);
        g.partitions.update(LoneGroup.PARTITION, config(c -> {
            c.maxMsgs = 1;
            return c;
        }));
        g.settle();
        assertEquals(List.of("m1", "m2", "m3"), g.payloads(), "what goes is decided elsewhere");
        g.nobody();
        g.leader(true);
        g.commit();
        assertEquals(List.of("m3"), g.payloads());
        publish("m4");
        assertEquals(List.of("m4"), g.payloads());
    }

    @Test
    void shouldServeNoConsumerThatWasRemovedWhileItCopied() {
        g.leader(true);
        g.commit();
        g.leader(false);
        define(partition -> partition.removeConsumer("c"));
        g.nobody();
        g.leader(true);
        g.commit();
        assertEquals(List.of(), consumers());
    }

    @Test
    void shouldServeAConsumerAsItWasChangedWhileItCopied() {
        g.leader(true);
        g.commit();
        g.leader(false);
        define(partition -> partition.updateConsumer("c", LoneGroup.consumer("changed")));
        g.nobody();
        g.leader(true);
        g.commit();
        assertEquals(List.of("changed"), consumers());
    }

    @Test
    void shouldAddAConsumerAtOnceWhereItLeads() {
        g.leader(true);
        boolean[] done = new boolean[1];
        define(partition -> {
            partition.removeConsumer("c");
            partition.addConsumer(101, LoneGroup.consumer("new"), 1, 1, () -> done[0] = true);
            assertTrue(partition.operations().isPresent());
        });
        assertTrue(done[0]);
        assertEquals(List.of("new"), consumers());
    }

    @Test
    void shouldKeepWhatAConsumerGivesUpThroughLeaderships() {
        define(partition -> partition.deadLetters("c", true));
        g.leader(true);
        giveUp("m1");
        assertEquals(1, letters());
        g.leader(false);
        g.nobody();
        g.leader(true);
        g.commit();
        assertEquals(1, letters());
        giveUp("m2");
        assertEquals(2, letters());
        define(partition -> partition.deadLetters("c", false));
        giveUp("m3");
        assertEquals(2, letters());
    }

    private void giveUp(String payload) {
        publish(payload);
        g.pull();
        g.say(g.inboxes.replies.get(g.inboxes.replies.size() - 1), "+TERM");
        g.advance(PartitionFixture.SECOND);
        g.commit();
    }

    private long letters() {
        return g.partitions.partition(LoneGroup.PARTITION).deadLetters().unacked();
    }

    @Test
    void shouldSayOfAPartitionThatIsRemovedWhileItCopiesThatItIsGone() {
        g.leader(true);
        publish("m1");
        g.leader(false);
        g.partitions.remove(LoneGroup.PARTITION, () -> { });
        g.settle();
        assertTrue(g.partitions.all().isEmpty());
        assertTrue(g.publish("s.a", "m2").text().length() > 0);
    }

    @Test
    void shouldKnowIdsOfAStationWithSeveralPartitionsThroughLeaderships() throws StoreException {
        GroupedPartition one = g.partitions.handle(11, 10, 1, config(c -> c));
        GroupedPartition two = g.partitions.handle(12, 10, 1, config(c -> c));
        g.partitions.create(one);
        g.partitions.create(two);
        g.leader(true);
        assertEquals(1, committed(11, "m1", "id-1").sequence());
        assertTrue(committed(12, "again", "id-1").duplicate());
        g.nobody();
        g.leader(true);
        assertTrue(committed(12, "again", "id-1").duplicate());
        assertTrue(committed(11, "again", "id-1").duplicate());
        assertEquals(1, committed(12, "m2", "id-2").sequence());
    }

    private PublishAnswer committed(long partition, String payload, String id) {
        PublishAnswer answer = g.publish(partition, "s.a", payload, id);
        g.settle();
        g.commit();
        return answer;
    }

    private void publish(String... payloads) {
        for (String payload : payloads) {
            g.publish("s.a", payload);
        }
        g.commit();
    }

    private void define(java.util.function.Consumer<PartitionDefining> how) {
        g.partitions.defining(LoneGroup.PARTITION).define(how);
        g.settle();
    }

    private List<String> consumers() {
        return g.partitions.partition(LoneGroup.PARTITION).operations().consumerInfos().stream()
            .map(info -> info.config().description().isEmpty() ? info.config().name() : info.config().description()).toList();
    }
}

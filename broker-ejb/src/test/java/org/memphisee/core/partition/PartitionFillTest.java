package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.store.memory.MemoryLogStore;

/** What was imported becomes a partition of a group that is led here, or does not. */
class PartitionFillTest {

    private static final long IMPORTED = 77;
    private static final int SIZE = 500 << 10;
    private final StreamConfig serving = config(c -> c);
    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final List<Optional<StoreException>> ended = new ArrayList<>();
    private LoneGroup g;

    @BeforeEach
    void start() throws StoreException {
        g = new LoneGroup(serving.asFilling(), store);
    }

    /** Messages 1 to count, which are durable on this node and known to nobody. */
    private void imported(int count) {
        PartitionImport all = new PartitionImport(IMPORTED, g.alone);
        for (int i = 1; i <= count; i++) {
            byte[] body = new byte[SIZE];
            byte[] text = ("m" + i + " ").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(text, 0, body, 0, text.length);
            all.add("s.a", i, i, 0, body);
        }
        List<Optional<StoreException>> durable = new ArrayList<>();
        all.finish(1, count, count, Map.of(), durable::add);
        g.settle();
        assertEquals(List.of(Optional.empty()), durable);
    }

    private void fill() {
        new PartitionFill(IMPORTED, LoneGroup.PARTITION, store, g.partitions.resources(), Runnable::run, ended::add).begin();
        g.settle();
    }

    private List<String> found() {
        return g.payloads().stream().map(payload -> payload.substring(0, payload.indexOf(' '))).toList();
    }

    @Test
    void shouldServeWhatWasImportedWhenAllOfItIsCommitted() {
        imported(3);
        g.leader(true);
        fill();
        assertEquals(List.of(), ended, "nothing is committed yet");
        PublishAnswer early = g.publish("s.a", "new");
        assertTrue(early.refusedWith(10008), early.text());
        g.commit();
        assertEquals(List.of(Optional.empty()), ended);
        g.partitions.update(LoneGroup.PARTITION, serving);
        g.settle();
        assertEquals(List.of("m1", "m2", "m3"), found());
        PublishAnswer next = g.publish("s.a", "new ");
        g.commit();
        assertEquals(4, next.sequence());
    }

    @Test
    void shouldHaveNoMoreThanALimitUndecided() {
        imported(60);
        g.leader(true);
        fill();
        long proposed = g.partitions.partition(LoneGroup.PARTITION).state().lastSeq();
        assertEquals(0, proposed, "it is in no memory before it is stored");
        int bytes = g.proposed.stream().mapToInt(entry -> entry.length).sum();
        assertTrue(bytes > 1 << 20 && bytes < 10 << 20, () -> bytes + " bytes of 30 million");
        g.commit();
        assertEquals(List.of(Optional.empty()), ended);
    }

    @Test
    void shouldEndWhenAnotherNodeComesToLead() {
        imported(40);
        g.leader(true);
        fill();
        g.proposed.clear(); // nobody got it
        g.leader(false);
        assertEquals(1, ended.size());
        assertTrue(ended.get(0).orElseThrow().getMessage().contains("leader"), ended::toString);
        g.leader(true);
        g.commit();
        assertEquals(1, ended.size());
        assertTrue(g.proposed.isEmpty(), "nothing more is proposed, also when this node leads again");
    }

    @Test
    void shouldEndWhereAnotherNodeLeads() {
        imported(2);
        g.leader(false);
        fill();
        assertFalse(ended.get(0).isEmpty());
    }

    @Test
    void shouldServeFilledPartitionAtANodeThatComesToLeadLater() {
        imported(3);
        g.leader(true);
        fill();
        g.commit();
        g.leader(false);
        g.partitions.update(LoneGroup.PARTITION, serving);
        g.settle();
        g.leader(true);
        assertEquals(List.of("m1", "m2", "m3"), found());
    }
}

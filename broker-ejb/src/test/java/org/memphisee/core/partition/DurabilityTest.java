package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.memphisee.core.partition.PartitionFixture.SECOND;
import static org.memphisee.core.partition.PartitionFixture.config;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.time.Loop;
import org.memphisee.core.time.World;

/** What an acknowledgement promises in each durability of a station. */
class DurabilityTest {

    private final PartitionFixture f = new PartitionFixture(config(c -> c));

    private void durability(Durability durability) {
        f.update(c -> {
            c.durability = durability;
            return c;
        });
        f.settle();
    }

    private long publish() {
        PublishAnswer answer = f.publish("s.a", "x");
        f.settle();
        return answer.sequence();
    }

    @Test
    void shouldKeepWhatItAcknowledgedOverACrashOfTheMachine() {
        long before = f.store.syncs();
        assertEquals(1, publish());
        assertEquals(before + 1, f.store.syncs());
        f.crash();
        assertEquals(1, f.state().lastSeq());
    }

    @Test
    void shouldAcknowledgeBeforeTheSyncWhenTheStationAsksForLess() {
        durability(Durability.INTERVAL);
        long before = f.store.syncs();
        assertEquals(1, publish());
        assertEquals(before, f.store.syncs());
        f.crash();
        assertEquals(0, f.state().lastSeq());
    }

    @Test
    void shouldSyncAfterTheIntervalAtTheLatest() {
        AtomicReference<Loop> loop = new AtomicReference<>();
        f.writer.start((World) Proxy.newProxyInstance(World.class.getClassLoader(), new Class<?>[] {World.class},
            (proxy, method, arguments) -> {
                loop.set((Loop) arguments[1]);
                return null;
            }));
        durability(Durability.INTERVAL);
        publish();
        publish();
        loop.get().turn();
        long before = f.store.syncs();
        f.clock.now += SECOND;
        loop.get().turn();
        assertEquals(before + 1, f.store.syncs());
        f.crash();
        assertEquals(2, f.state().lastSeq());
    }

    @Test
    void shouldPromiseMoreFromTheMomentOfTheChangeOn() {
        durability(Durability.INTERVAL);
        assertEquals(1, publish());
        durability(Durability.ALWAYS);
        assertEquals(2, publish());
        f.crash();
        assertEquals(2, f.state().lastSeq());
    }
}

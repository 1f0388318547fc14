package org.memphisee.cluster.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.memphisee.core.append.Shard;
import org.memphisee.core.time.BrokerClock;

/** An event is in effect when it was handed to the shards and has passed through all of them. */
class ReachedHereTest {

    private final List<Shard> shards = IntStream.range(0, 2).mapToObj(i -> new Shard(i, new Clock(), () -> { }, (shard, e) -> {
        throw new AssertionError(e);
    }, 1 << 20)).toList();
    private final List<String> told = new ArrayList<>();
    private final ReachedHere reached = new ReachedHere();

    private static final class Clock implements BrokerClock {
        @Override
        public long wallNanos() {
            return 0;
        }

        @Override
        public long nowNanos() {
            return 0;
        }
    }

    private void when(long event) {
        reached.when(event, () -> shards, () -> told.add("event " + event));
    }

    @Test
    void shouldWaitForTheEventAndForEachShard() {
        when(3);
        when(4);
        reached.handed(2, () -> shards);
        shards.forEach(Shard::turn);
        assertEquals(List.of(), told);

        reached.handed(3, () -> shards);
        shards.get(0).turn();
        assertEquals(List.of(), told, "one shard has yet to do what it was given");
        shards.get(1).turn();
        assertEquals(List.of("event 3"), told);
        reached.handed(9, () -> shards);
        shards.forEach(Shard::turn);
        assertEquals(List.of("event 3", "event 4"), told);
    }

    @Test
    void shouldWaitForTheShardsAlsoWhenTheEventWasHandedToThem() {
        reached.handed(3, () -> shards);
        when(3);
        shards.get(1).turn();
        assertEquals(List.of(), told);
        shards.get(0).turn();
        assertEquals(List.of("event 3"), told);
    }

    @Test
    void shouldNotRememberMoreThanSoMany() {
        for (int i = 0; i < 16_384; i++) {
            when(3);
        }
        when(4);
        shards.forEach(Shard::turn);
        assertEquals(List.of("event 4"), told);
    }
}

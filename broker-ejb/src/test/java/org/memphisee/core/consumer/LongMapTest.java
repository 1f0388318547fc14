package org.memphisee.core.consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

class LongMapTest {

    @Test
    void shouldBehaveLikeAMap() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            LongMap map = new LongMap();
            Map<Long, Integer> model = new TreeMap<>();
            int range = 1 + random.nextInt(5000);
            for (int i = 0; i < 20_000; i++) {
                long key = 1 + random.nextInt(range);
                if (random.nextInt(3) > 0 == i < 10_000) {
                    int value = random.nextInt(1000);
                    map.put(key, value);
                    model.put(key, value);
                } else {
                    Integer expected = model.remove(key);
                    assertEquals(expected == null ? LongMap.ABSENT : expected, map.remove(key), "seed " + seed);
                }
                assertEquals(model.size(), map.size());
            }
            model.forEach((key, value) -> assertEquals(value, map.get(key)));
            assertArrayEquals(model.keySet().stream().mapToLong(Long::longValue).toArray(), map.sortedKeys());
        }
    }
}

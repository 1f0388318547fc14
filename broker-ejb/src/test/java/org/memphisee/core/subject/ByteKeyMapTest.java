package org.memphisee.core.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import org.memphisee.stress.Races;

class ByteKeyMapTest {

    @Test
    void shouldNotSlowDownUnderKeysThatCollideInAnUnkeyedHash() {
        // all combinations of "Aa" and "BB" have the same 31·h hash: each would walk past all before it
        int bits = 17;
        ByteKeyMap<Integer> map = new ByteKeyMap<>();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int n = 0; n < 1 << bits; n++) {
                map.put(key(n, bits), n);
            }
        });
        assertEquals(1 << bits, map.size());
        assertEquals(77, map.get(key(77, bits)));
    }

    private static byte[] key(int n, int bits) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bits; bit++) {
            text.append((n >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A value that was not filled yet would be seen as unequal halves. */
    private static final class Pair {
        private int left;
        private int right;

        private Pair(int n) {
            left = n;
            right = n;
        }
    }

    /** One thread changes the map, one reads it. */
    private static final class Round implements Races.Round {
        private static final byte[] CHANGING = "changing".getBytes(StandardCharsets.UTF_8);
        private static final byte[] STAYING = "staying".getBytes(StandardCharsets.UTF_8);
        private static final int PASSES = 16;

        private final ByteKeyMap<Pair> map = new ByteKeyMap<>();
        private final List<Pair> changing = new ArrayList<>();
        private final List<Pair> staying = new ArrayList<>();

        private Round() {
            map.put(STAYING, new Pair(0));
            map.put(CHANGING, new Pair(0));
        }

        @Override
        public List<Runnable> actors() {
            return List.of(() -> {
                for (int i = 1; i <= PASSES; i++) {
                    map.put(CHANGING, new Pair(i));
                    map.put(new byte[] {(byte) i}, new Pair(i)); // it grows
                    if (i % 2 == 0) {
                        map.remove(new byte[] {(byte) (i / 2)}); // a chain is built anew
                    }
                }
            }, () -> {
                for (int i = 0; i < 2 * PASSES; i++) {
                    changing.add(map.get(CHANGING));
                    staying.add(map.get(STAYING));
                }
            });
        }

        @Override
        public String outcome() {
            Set<Integer> seen = new TreeSet<>();
            int before = 0;
            for (int i = 0; i < changing.size(); i++) {
                Pair pair = changing.get(i);
                if (pair == null || staying.get(i) == null) {
                    return "absent";
                }
                if (pair.left != pair.right) {
                    return "half";
                }
                if (pair.left < before) {
                    return "older";
                }
                before = pair.left;
                seen.add(before);
            }
            return seen.size() == 1 ? "not met" : "met";
        }
    }

    /**
     * A reader follows final fields from a bucket that was read with acquire and written with release, or from a table that
     * is volatile and was filled before: so it sees whole entries, and their values as they were when they were put. Each
     * change is one such write, also the one that replaces a value, and the old chain, or table, is left as it was: a key
     * that is there before and after is there meanwhile, with the value before or after. Later reads of one thread see what
     * is at least as new.
     */
    @Test
    void shouldShowReadersWholeEntriesOnlyWhileOneThreadChangesIt() throws InterruptedException {
        Map<String, Long> outcomes = Races.count(Round::new);
        assertTrue(Set.of("met", "not met").containsAll(outcomes.keySet()), outcomes.toString());
    }
}

package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.tier.Retirement.Due;
import org.memphisee.core.tier.Retirement.Held;
import org.memphisee.core.tier.Retirement.Lost;
import org.memphisee.core.tier.TieredMessage;

/** Limits remove nothing that is not in the second tier, and everything that is. */
class TieredPartitionTest {

    private static final long SECOND = PartitionFixture.SECOND;

    private PartitionFixture f;

    private void open(UnaryOperator<StreamBuilder> change) {
        f = new PartitionFixture(PartitionFixture.config(change));
        hold(true);
    }

    private void hold(boolean holds) {
        f.tier.set(f.id, holds);
        f.partition.run(p -> p.retirement().hold(holds));
        f.settle();
    }

    private void publish(String... payloads) {
        for (String payload : payloads) {
            f.publish("s.x", payload, "h", "v" + payload);
            f.settle(); // a batch for each
        }
    }

    private Due due(int messages, long bytes) {
        List<Due> due = new ArrayList<>();
        f.partition.run(p -> p.retirement().due(messages, bytes, due::add));
        f.settle();
        assertEquals(1, due.size());
        return due.get(0);
    }

    private static List<Long> sequences(Due due) {
        return due.messages().stream().map(TieredMessage::sequence).toList();
    }

    private void done(long upTo) {
        f.partition.run(p -> p.retirement().done(upTo));
        f.settle();
    }

    private Held held() {
        List<Held> held = new ArrayList<>();
        f.partition.run(p -> held.add(p.retirement().held()));
        f.settle();
        return held.get(0);
    }

    private Lost giveUp(long bytes) {
        List<Lost> lost = new ArrayList<>();
        f.partition.run(p -> lost.add(p.retirement().giveUp(bytes)));
        f.settle();
        return lost.get(0);
    }

    @Test
    void shouldKeepWhatIsOverTheCountUntilItIsInTheSecondTier() {
        open(c -> {
            c.maxMsgs = 2;
            return c;
        });
        publish("1", "2", "3", "4", "5");
        assertEquals(5, f.state().messages());
        Due due = due(100, 1 << 20);
        assertEquals(List.of(1L, 2L, 3L), sequences(due));
        assertFalse(due.more());
        TieredMessage first = due.messages().get(0);
        assertEquals("s.x", first.subject());
        assertEquals("NATS/1.0\r\nh: v1\r\n\r\n", new String(first.header(), StandardCharsets.UTF_8));
        assertArrayEquals(new byte[] {'1'}, first.payload());
        done(2);
        assertEquals(List.of("3", "4", "5"), f.payloads());
        assertEquals(List.of(3L), sequences(due(100, 1 << 20)));
        done(3);
        assertEquals(List.of("4", "5"), f.payloads());
        assertEquals(List.of(), sequences(due(100, 1 << 20)));
    }

    @Test
    void shouldTakeNoMoreThanAskedFor() {
        open(c -> {
            c.maxMsgs = 1;
            return c;
        });
        publish("1", "22", "3", "4");
        Due two = due(2, 1 << 20);
        assertEquals(List.of(1L, 2L), sequences(two));
        assertTrue(two.more());
        Due byBytes = due(100, 1);
        assertEquals(List.of(1L), sequences(byBytes));
        assertTrue(byBytes.more());
        assertFalse(due(3, 1 << 20).more());
    }

    @Test
    void shouldHoldWhatIsTooOldAndTooLarge() {
        open(c -> {
            c.maxAge = 10 * SECOND;
            c.maxBytes = 300;
            return c;
        });
        publish("1", "2");
        f.advance(11 * SECOND);
        publish("3");
        f.advance(SECOND);
        assertEquals(List.of(1L, 2L), sequences(due(100, 1 << 20)));
        publish("4", "5", "6", "7", "8");
        long each = f.state().bytes() / 8;
        List<Long> due = sequences(due(100, 1 << 20));
        assertEquals(8 - 300 / each, due.size());
        done(due.get(due.size() - 1));
        assertEquals(300 / each, f.state().messages());
    }

    @Test
    void shouldNotAskForWhatPeopleRemoved() {
        open(c -> {
            c.maxMsgs = 1;
            return c;
        });
        publish("1", "2", "3", "4");
        f.partition.run(p -> p.deleteMessage(2, there -> { }, why -> { }));
        f.settle();
        assertEquals(List.of(1L, 3L), sequences(due(100, 1 << 20)));
        f.partition.run(p -> p.purge("", 0, 0, n -> { }, why -> { }));
        f.settle();
        assertEquals(0, f.state().messages());
        assertEquals(List.of(), sequences(due(100, 1 << 20)));
    }

    @Test
    void shouldRemoveAtOnceWhenThereIsNoSecondTierAnyMore() {
        open(c -> {
            c.maxMsgs = 1;
            return c;
        });
        publish("1", "2", "3");
        hold(false);
        assertEquals(List.of("3"), f.payloads());
        publish("4");
        assertEquals(List.of("4"), f.payloads());
        assertEquals(Due.NOTHING, due(100, 1 << 20));
    }

    @Test
    void shouldGiveUpTheOldestOnly() {
        open(c -> {
            c.maxMsgs = 1;
            return c;
        });
        publish("1", "2", "3", "4");
        long each = f.state().bytes() / 4;
        assertEquals(new Held(3 * each, false), held());
        assertEquals(new Lost(2, 2 * each), giveUp(each + 1));
        assertEquals(List.of("3", "4"), f.payloads());
        assertEquals(new Held(each, false), held());
        f.guard.full(true);
        assertEquals(new Held(each, true), held());
        assertEquals(new Lost(1, each), giveUp(Long.MAX_VALUE));
        assertEquals(new Lost(0, 0), giveUp(Long.MAX_VALUE));
        assertEquals(new Held(0, false), held());
    }

    @Test
    void shouldHoldFromTheFirstMomentOfAStart() {
        open(c -> {
            c.maxMsgs = 1;
            return c;
        });
        publish("1", "2", "3");
        f.crash();
        f.settle();
        assertEquals(List.of("1", "2", "3"), f.payloads());
        assertEquals(List.of(1L, 2L), sequences(due(100, 1 << 20)));
    }

    /** Uploads, removals, merges and crashes in any order: whatever left is in the second tier, unless people removed it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldLoseNothingWhereverItCrashes(long seed) {
        Random random = new Random(seed);
        open(c -> {
            c.maxMsgs = 3;
            c.maxAge = 20 * SECOND;
            return c;
        });
        f.cacheBytes = 200;
        TreeMap<Long, String> tier = new TreeMap<>();
        int published = 0;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        f.publish("s." + random.nextInt(3), Integer.toString(++published));
                    }
                    f.settle();
                }
                case 2 -> f.advance(random.nextInt(10) * SECOND);
                case 3, 4 -> {
                    Due due = due(1 + random.nextInt(5), 1 + random.nextInt(20));
                    due.messages().forEach(m -> {
                        String payload = new String(m.payload(), StandardCharsets.UTF_8);
                        String before = tier.put(m.sequence(), payload);
                        assertTrue(before == null || before.equals(payload), "another message of this number");
                    });
                    if (!due.messages().isEmpty() && random.nextInt(4) > 0) { // else the process dies before it is told
                        long last = due.messages().get(due.messages().size() - 1).sequence();
                        f.partition.run(p -> p.retirement().done(last));
                    }
                }
                case 5 -> f.crowdTheCache();
                default -> {
                    f.crash();
                    f.settle();
                }
            }
        }
        f.settle();
        for (int n = 1; n <= published; n++) {
            String payload = Integer.toString(n);
            assertTrue(f.payloads().contains(payload) || tier.containsValue(payload), payload + " is nowhere");
        }
        while (!due(100, 1 << 20).messages().isEmpty()) {
            Due due = due(100, 1 << 20);
            done(due.messages().get(due.messages().size() - 1).sequence());
        }
        assertTrue(f.state().messages() <= 3, "limits count in the end");
    }
}

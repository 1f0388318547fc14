package org.memphisee.core.cluster.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a group has in memory follows budgets, not what was written. */
class JournalMemoryTest {

    private static JournalEntry entry(long index, int bytes) {
        return new JournalEntry(index, 1, new byte[bytes]);
    }

    @Test
    void shouldKeepRecentEntriesToTheirBudget() {
        RecentEntries recent = new RecentEntries(10_000);
        for (int i = 1; i <= 10_000; i++) {
            recent.add(entry(i, i % 100), i);
            recent.trim(i);
            assertTrue(recent.bytes() <= 10_000);
        }
        assertNotNull(recent.get(10_000));
        assertNull(recent.get(9_000));
        RecentEntries empty = new RecentEntries(0);
        empty.add(entry(1, 0), 1);
        empty.trim(1);
        assertEquals(0, empty.bytes());
    }

    @Test
    void shouldKeepWhatIsNowhereElseWhateverTheBudgetIs() {
        RecentEntries recent = new RecentEntries(1_000);
        for (int i = 1; i <= 50; i++) {
            recent.add(entry(i, 100), i);
            recent.trim(10);
        }
        assertNull(recent.get(10));
        for (int i = 11; i <= 50; i++) {
            assertEquals(i, recent.get(i).index());
        }
        recent.trim(50);
        assertTrue(recent.bytes() <= 1_000);
    }

    @Test
    void shouldForgetRecentEntriesThatWereCutOrReplaced() {
        RecentEntries recent = new RecentEntries(100_000);
        for (int i = 1; i <= 40; i++) {
            recent.add(entry(i, 10), i);
        }
        recent.cut(21);
        assertNull(recent.get(21));
        recent.add(entry(21, 77), 41);
        assertEquals(77, recent.get(21).length());
        assertNull(recent.get(22));
        recent.add(entry(100, 1), 42);
        assertNull(recent.get(21), "not without a gap");
        recent.cut(50);
        assertEquals(0, recent.bytes());
    }

    @Test
    void shouldIndexByBytesAndNotByEntries() {
        EntryIndex index = new EntryIndex();
        int bytes = 256 << 20;
        int size = 64;
        long entries = 0;
        for (int at = 0; at < bytes; at += size) {
            index.add(++entries, Position.of(3, at));
        }
        assertEquals(bytes >> 16, index.size());
        assertEquals(Position.of(3, 0), index.before(1_000));
        assertEquals(Position.of(3, 1 << 16), index.before(1_025));
        assertEquals(Position.of(3, 1 << 16), index.at(1_025));
        assertEquals(Position.NONE, index.at(1_026));
    }

    @Test
    void shouldFindWhatFollowsACutByItself() {
        EntryIndex index = new EntryIndex();
        for (int i = 0; i < 10; i++) {
            index.add(i + 1, Position.of(1, i * 100));
        }
        index.cut(6);
        index.add(6, Position.of(1, 1_100));
        index.add(7, Position.of(1, 1_200));
        assertEquals(Position.of(1, 0), index.before(5));
        assertEquals(Position.of(1, 1_100), index.at(6));
        assertEquals(Position.of(1, 1_100), index.before(7));
        index.gap();
        index.add(8, Position.of(1, 1_300));
        assertEquals(Position.of(1, 1_300), index.at(8));
        assertEquals(6, index.firstFrom(Position.of(1, 1_000)));
        assertEquals(Long.MAX_VALUE, index.firstFrom(Position.of(2, 0)));
        index.forget(Position.of(1, 1_200));
        assertEquals(1, index.size());
        assertEquals(Position.NONE, index.before(6));
    }
}

package org.memphisee.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalException.Reason;
import org.memphisee.core.cluster.journal.JournalFiles;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalHold;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.time.BrokerClock;

/** What the journal does on whatever disk. */
public abstract class RaftJournalContract {

    protected static final int SEGMENT = 16 << 10;
    protected static final JournalSettings SMALL =
        new JournalSettings(SEGMENT, 512, 4 << 10, 48 << 10, 2 << 10, 6 * SEGMENT, 0, 4);

    protected RaftJournal journal;

    /** The directory; what was in it stays. */
    protected abstract JournalFiles files() throws Exception;

    @BeforeEach
    void open() throws Exception {
        journal = reopened(SMALL);
    }

    @AfterEach
    void close() throws Exception {
        journal.close();
    }

    protected final RaftJournal reopened(JournalSettings settings) throws Exception {
        return RaftJournal.open(files(), settings, BrokerClock.SYSTEM, new Random());
    }

    protected final void restart() throws Exception {
        journal.close();
        journal = reopened(SMALL);
        assertEquals(List.of(), journal.report().damages());
        assertTrue(journal.report().cut().isEmpty());
    }

    /** A new group of term 1. */
    protected final JournalGroup begun(long id) throws JournalException {
        JournalGroup group = journal.group(id);
        group.begin(0, 0, 1, "");
        write();
        return group;
    }

    protected final void write() {
        while (journal.turn()) {
            // until nothing waits
        }
    }

    protected static JournalEntry entry(long index, long term, int bytes) {
        byte[] body = new byte[bytes];
        new Random(index * 31 + term).nextBytes(body);
        return new JournalEntry(index, term, body);
    }

    protected static void assertEntries(JournalGroup group, long first, long last, long term, int bytes) throws JournalException {
        List<JournalEntry> read = new ArrayList<>();
        while (read.size() < last - first + 1) {
            read.addAll(group.entries(first + read.size(), 3 << 10));
        }
        for (JournalEntry entry : read.subList(0, (int) (last - first + 1))) {
            assertEquals(first++, entry.index());
            assertEquals(term, entry.term());
            assertArrayEquals(entry(entry.index(), term, bytes).bytes(), body(entry));
        }
    }

    protected static byte[] body(JournalEntry entry) {
        return Arrays.copyOfRange(entry.bytes(), entry.offset(), entry.offset() + entry.length());
    }

    @Test
    void shouldKeepEntriesTermsAndVotesOfAllGroupsAfterARestart() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        one.vote(7, "memphis-2");
        one.append(List.of(entry(1, 5, 100), entry(2, 7, 0)));
        two.vote(3, "");
        two.append(List.of(entry(1, 3, 300)));
        write();

        restart();

        one = journal.group(1);
        assertEquals(Set.of(1L, 2L), journal.groups());
        assertEquals(Standing.COMPLETE, one.standing());
        assertEquals("7 memphis-2 0..2", one.term() + " " + one.vote() + " " + one.baseIndex() + ".." + one.lastIndex());
        assertEquals(5, one.termAt(1));
        assertEquals(7, one.termAt(2));
        assertEntries(one, 1, 1, 5, 100);
        assertEntries(one, 2, 2, 7, 0);
        two = journal.group(2);
        assertEquals("3  0..1", two.term() + " " + two.vote() + " " + two.baseIndex() + ".." + two.lastIndex());
        assertEntries(two, 1, 1, 3, 300);
        assertEquals(Standing.ABSENT, journal.group(3).standing());
    }

    @Test
    void shouldTellEachGroupOnceOfAllThatOneSyncMadeDurable() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        JournalProbe first = new JournalProbe();
        JournalProbe second = new JournalProbe();
        one.attach(first);
        two.attach(second);
        one.append(List.of(entry(1, 1, 10), entry(2, 1, 10)));
        long vote = one.vote(2, "a");
        long entry = two.append(List.of(entry(1, 1, 10)));
        assertEquals(0, one.durableIndex());
        assertEquals(2, one.lastIndex());
        assertEquals(0, first.times());

        assertTrue(journal.turn());

        assertEquals(2, one.durableIndex());
        assertEquals(vote, first.durable());
        assertEquals(entry, second.durable());
        assertEquals("1 1", first.times() + " " + second.times());
        assertFalse(journal.turn());
    }

    @Test
    void shouldReadWhatIsNoLongerInMemory() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        for (int i = 1; i <= 200; i++) {
            one.append(List.of(entry(i, 1, 150)));
            two.append(List.of(entry(i, 1, i % 40)));
            if (i % 7 == 0) {
                write();
            }
        }
        write();
        assertEntries(one, 1, 200, 1, 150);
        assertEntries(one, 120, 200, 1, 150);
        restart();
        assertEntries(journal.group(1), 1, 200, 1, 150);
        for (int i = 200; i > 0; i -= 13) {
            assertArrayEquals(entry(i, 1, i % 40).bytes(), body(journal.group(2).entries(i, 1).get(0)));
        }
        assertEquals(List.of(), journal.group(1).entries(201, 100));
    }

    @Test
    void shouldNeverShowWhatWasCut() throws Exception {
        JournalGroup group = begun(1);
        group.vote(9, "");
        for (long term = 1; term <= 9; term++) {
            long from = 1 + 5 * (term - 1);
            if (term > 1) {
                group.cut(from);
            }
            for (long i = from; i < from + 30; i++) {
                group.append(List.of(entry(i, term, 90)));
            }
            write();
        }
        for (int round = 0; round < 2; round++) {
            for (long term = 1; term < 9; term++) {
                assertEntries(group, 1 + 5 * (term - 1), 5 * term, term, 90);
            }
            assertEntries(group, 41, 70, 9, 90);
            assertEquals(70, group.lastIndex());
            assertEquals(8, group.termAt(40));
            restart();
            group = journal.group(1);
        }
    }

    @Test
    void shouldNotTakeEntriesForDurableThatReplaceCutOnesBeforeTheyAre() throws Exception {
        JournalGroup group = begun(1);
        group.vote(2, "");
        for (int i = 1; i <= 5; i++) {
            group.append(List.of(entry(i, 1, 50)));
        }
        write();
        assertEquals(5, group.durableIndex());
        group.cut(3);
        assertEquals(2, group.durableIndex(), "as far as is there and stays");
        group.append(List.of(entry(3, 2, 50), entry(4, 2, 50)));
        assertEquals(2, group.durableIndex());
        write();
        assertEquals(4, group.durableIndex());
    }

    @Test
    void shouldDropWhatIsAppliedAndUseItsFilesAgain() throws Exception {
        JournalGroup busy = begun(1);
        JournalGroup quiet = begun(2);
        quiet.vote(4, "memphis-1");
        quiet.append(List.of(entry(1, 2, 20), entry(2, 4, 20)));
        for (int i = 1; i <= 2_000; i++) {
            busy.append(List.of(entry(i, 1, 100)));
            if (i % 20 == 0) {
                write();
                busy.applied(i - 5);
                quiet.applied(1);
                if (i > 200) {
                    quiet.applied(2);
                }
                journal.reclaim();
            }
        }
        write();
        long base = busy.baseIndex();
        assertTrue(base > 1_500, "from " + base);
        assertEquals(2, quiet.baseIndex());
        int count;
        try (JournalFiles none = listed()) {
            count = none.list().size();
        }
        assertTrue(count <= 9, count + " files");
        journal = reopened(SMALL);
        assertEquals(base, journal.group(1).baseIndex());
        assertEquals(1, journal.group(1).termAt(base));
        assertEntries(journal.group(1), base + 1, 2_000, 1, 100);
        assertEquals("4 memphis-1 2..2", journal.group(2).term() + " " + journal.group(2).vote() + " "
            + journal.group(2).baseIndex() + ".." + journal.group(2).lastIndex());
        assertEquals(4, journal.group(2).termAt(2));
        JournalException gone = assertThrows(JournalException.class, () -> journal.group(1).entries(base, 1));
        assertEquals(Reason.GONE, gone.reason());
        journal.group(2).append(List.of(entry(3, 4, 20)));
        write();
        restart();
        assertEntries(journal.group(2), 3, 3, 4, 20);
    }

    private JournalFiles listed() throws Exception {
        journal.close();
        return files();
    }

    @Test
    void shouldKeepWhatIsHeldUntilTheLimit() throws Exception {
        JournalGroup group = begun(1);
        JournalHold hold = group.hold(10);
        int i = 0;
        while (i < 120) {
            group.append(List.of(entry(++i, 1, 200)));
            write();
            group.applied(i);
            journal.reclaim();
        }
        assertFalse(hold.broken());
        assertTrue(group.baseIndex() < 10);
        assertEntries(group, 10, i, 1, 200);
        hold.move(70);
        journal.reclaim();
        write();
        assertTrue(group.baseIndex() > 10 && group.baseIndex() < 70, "base " + group.baseIndex());
        while (!hold.broken()) {
            group.append(List.of(entry(++i, 1, 200)));
            write();
            group.applied(i);
            journal.reclaim();
            assertTrue(i < 1_000, "no limit");
        }
        assertTrue(group.baseIndex() >= 70);
        assertTrue(group.hold(10).broken());
        hold.close();
    }

    @Test
    void shouldRefuseEntriesWhileTheStoreHasNotAppliedEnoughAndThenTakeThem() throws Exception {
        JournalGroup group = begun(1);
        JournalGroup other = begun(2);
        JournalProbe probe = new JournalProbe();
        group.attach(probe);
        long last = 0;
        while (probe.refused() == 0) {
            group.append(List.of(entry(++last, 1, 1_000), entry(++last, 1, 1_000)));
            write();
            assertTrue(last < 1_000, "no limit");
        }
        assertEquals(Reason.FULL, probe.why().reason());
        assertTrue(probe.why().full());
        assertTrue(probe.why().getMessage().contains("has not applied"), probe.why().getMessage());
        long next = last;
        assertEquals(Reason.FULL,
            assertThrows(JournalException.class, () -> group.append(List.of(entry(next + 1, 1, 1)))).reason());
        last = group.takeBack();
        probe.again();
        assertEquals(group.durableIndex(), last);
        assertTrue(last < next);
        long vote = group.vote(5, "memphis-0");
        other.vote(6, "memphis-1");
        write();
        assertEquals(vote, probe.durable(), "votes need no room of their own");
        group.applied(last - 5);
        other.applied(0);
        group.append(List.of(entry(last + 1, 5, 1_000)));
        write();
        assertEquals(last + 1, group.durableIndex());
        restart();
        assertEquals("5 memphis-0", journal.group(1).term() + " " + journal.group(1).vote());
        assertEquals("6 memphis-1", journal.group(2).term() + " " + journal.group(2).vote());
        assertEntries(journal.group(1), last + 1, last + 1, 5, 1_000);
        assertEntries(journal.group(1), last - 4, last, 1, 1_000);
    }

    @Test
    void shouldRefuseMoreThanMayWait() throws Exception {
        JournalGroup group = begun(1);
        long taken = 0;
        JournalException busy = null;
        while (busy == null) {
            try {
                group.append(List.of(entry(taken + 1, 1, 1_000)));
                taken++;
            } catch (JournalException e) {
                busy = e;
            }
        }
        assertEquals(Reason.BUSY, busy.reason());
        assertEquals((48 << 10) / (1_000 + 64), taken);
        assertEquals(taken, group.lastIndex());
        long small = taken;
        assertEquals(Reason.BUSY, assertThrows(JournalException.class,
            () -> group.append(List.of(entry(small + 1, 1, 100), entry(small + 2, 1, 1_000)))).reason(), "all or none");
        assertEquals(taken, group.lastIndex());
        int term = 2;
        busy = null;
        while (busy == null) {
            try {
                group.vote(term, "memphis-0");
                term++;
            } catch (JournalException e) {
                busy = e;
            }
        }
        assertEquals(Reason.BUSY, busy.reason());
        assertTrue(term > 100, "votes wait beyond it, up to term " + term);
        group.applied(taken); // all of it is more than the journal may have
        write();
        group.append(List.of(entry(taken + 1, 2, 1_000)));
        write();
        assertEquals(taken + 1, group.durableIndex());
    }

    @Test
    void shouldTakeEntriesAsLargeAsASegmentAndRefuseLargerOnes() throws Exception {
        for (long id = 2; id <= 4; id++) {
            begun(id).vote(7, "x".repeat(255)); // each segment says this first
        }
        JournalGroup group = begun(1);
        int most = SMALL.maxEntryBytes();
        group.append(List.of(entry(1, 1, most)));
        group.append(List.of(entry(2, 1, 5_000)));
        write();
        assertEquals(2, group.durableIndex());
        JournalException large = assertThrows(JournalException.class, () -> group.append(List.of(entry(3, 1, most + 1))));
        assertEquals(Reason.TOO_LARGE, large.reason());
        assertEquals(2, group.lastIndex());
        restart();
        assertEntries(journal.group(1), 1, 1, 1, most);
        assertEntries(journal.group(1), 2, 2, 1, 5_000);
    }

    @Test
    void shouldRefuseWhatDoesNotContinueTheLog() throws Exception {
        JournalGroup group = begun(1);
        group.vote(3, "memphis-0");
        group.append(List.of(entry(1, 2, 1), entry(2, 3, 1)));
        group.applied(1);
        assertThrows(IllegalArgumentException.class, () -> group.append(List.of(entry(4, 3, 1))));
        assertThrows(IllegalArgumentException.class, () -> group.append(List.of(entry(3, 2, 1))));
        assertThrows(IllegalArgumentException.class, () -> group.append(List.of(entry(3, 4, 1))));
        assertThrows(IllegalArgumentException.class, () -> group.append(List.of(entry(3, 3, 1), entry(5, 3, 1))));
        assertThrows(IllegalArgumentException.class, () -> group.vote(2, ""));
        assertThrows(IllegalArgumentException.class, () -> group.vote(3, "memphis-1"), "a second vote in a term");
        assertThrows(IllegalArgumentException.class, () -> group.vote(4, "x".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> group.cut(1), "applied");
        assertThrows(IllegalArgumentException.class, () -> group.begin(1, 1, 3, "memphis-0"), "below the end of a complete log");
        assertThrows(IllegalArgumentException.class, () -> group.begin(9, 4, 3, "memphis-0"));
        assertThrows(IllegalArgumentException.class, () -> journal.group(0));
        assertEquals(2, group.lastIndex());
        assertThrows(IndexOutOfBoundsException.class, () -> group.termAt(3));
        JournalException absent =
            assertThrows(JournalException.class, () -> journal.group(2).append(List.of(entry(1, 0, 1))));
        assertEquals(Reason.INCOMPLETE, absent.reason());
        assertEquals(Reason.INCOMPLETE, assertThrows(JournalException.class, () -> journal.group(2).vote(1, "")).reason());
        journal.group(3);
        journal.group(4);
        assertEquals(Reason.FULL, assertThrows(JournalException.class, () -> journal.group(5)).reason());
    }

    @Test
    void shouldBeginWhereARebuildEnded() throws Exception {
        JournalGroup group = begun(1);
        group.append(List.of(entry(1, 1, 50), entry(2, 1, 50)));
        write();
        group.begin(100, 6, 8, "memphis-2");
        group.append(List.of(entry(101, 8, 50)));
        write();
        for (int round = 0; round < 2; round++) {
            assertEquals("100..101 8 memphis-2", group.baseIndex() + ".." + group.lastIndex() + " " + group.term() + " "
                + group.vote());
            assertEquals(6, group.termAt(100));
            assertEntries(group, 101, 101, 8, 50);
            JournalGroup now = group;
            assertEquals(Reason.GONE, assertThrows(JournalException.class, () -> now.entries(2, 1)).reason());
            restart();
            group = journal.group(1);
        }
    }

    @Test
    void shouldTakeNothingWhenItIsClosed() throws Exception {
        JournalGroup group = begun(1);
        group.append(List.of(entry(1, 1, 5)));
        journal.close();
        assertEquals(1, group.durableIndex(), "what was submitted was written");
        assertEquals(Reason.CLOSED, assertThrows(JournalException.class, () -> group.vote(2, "")).reason());
        journal = reopened(SMALL);
        assertEntries(journal.group(1), 1, 1, 1, 5);
    }

    @Test
    void shouldGoOnWithOtherSizes() throws Exception {
        JournalGroup group = begun(1);
        for (int i = 1; i <= 100; i++) {
            group.append(List.of(entry(i, 1, 300)));
            write();
        }
        journal.close();
        JournalSettings other = new JournalSettings(3 * SEGMENT, 4096, 8 << 10, 48 << 10, 0, 64 * SEGMENT, 0, 4);
        journal = reopened(other);
        assertEntries(journal.group(1), 1, 100, 1, 300);
        for (int i = 101; i <= 200; i++) {
            journal.group(1).append(List.of(entry(i, 1, 300)));
            write();
        }
        assertEntries(journal.group(1), 1, 200, 1, 300);
        journal.close();
        journal = reopened(SMALL);
        assertEquals(List.of(), journal.report().damages());
        assertEntries(journal.group(1), 1, 200, 1, 300);
    }

}

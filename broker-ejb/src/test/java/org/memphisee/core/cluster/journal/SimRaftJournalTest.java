package org.memphisee.core.cluster.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.memphisee.contract.JournalProbe;
import org.memphisee.contract.RaftJournalContract;
import org.memphisee.core.cluster.journal.JournalException.Reason;
import org.memphisee.simulation.SimJournalFiles;

/** On a simulated disk, which also fails. */
final class SimRaftJournalTest extends RaftJournalContract {

    private final SimJournalFiles disk = new SimJournalFiles(1);

    @Override
    protected JournalFiles files() {
        return disk;
    }

    private List<String> segments() {
        return disk.list().stream().filter(name -> name.endsWith(".raft")).toList();
    }

    private void recover() throws Exception {
        journal = reopened(SMALL);
    }

    /** A log of one group, an entry to a sync group. */
    private JournalGroup filled(long id, int entries) throws JournalException {
        JournalGroup group = begun(id);
        for (int i = 1; i <= entries; i++) {
            group.append(List.of(entry(i, 1, 200)));
            write();
        }
        return group;
    }

    @Test
    void shouldSyncOnceForAllGroups() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        long before = disk.forces();
        for (int i = 1; i <= 10; i++) {
            one.append(List.of(entry(i, 1, 50)));
            two.append(List.of(entry(i, 1, 50)));
        }
        write();
        assertEquals(before + 1, disk.forces());
        assertEquals("10 10", one.durableIndex() + " " + two.durableIndex());
    }

    @Test
    void shouldFreezeAfterAFailedSyncAndBelieveNothing() throws Exception {
        JournalGroup group = filled(1, 3);
        JournalProbe probe = new JournalProbe();
        JournalProbe other = new JournalProbe();
        group.attach(probe);
        journal.group(2).attach(other);
        disk.failForceIn(1);
        group.append(List.of(entry(4, 1, 200)));
        write();

        assertEquals(Reason.FAILED, probe.why().reason());
        assertEquals(Reason.FAILED, other.why().reason(), "of all groups");
        assertEquals(3, group.durableIndex());
        assertTrue(journal.fault().isPresent());
        long forces = disk.forces();
        assertEquals(Reason.FAILED, assertThrows(JournalException.class, () -> group.vote(2, "")).reason());
        write();
        assertEquals(forces, disk.forces(), "nothing is tried again");
        assertEntries(group, 1, 3, 1, 200);

        disk.kill(); // the system shows what the disk has not got
        recover();
        assertEquals(3, journal.group(1).lastIndex());
        disk.powerCut();
        recover();
        assertEquals(3, journal.group(1).lastIndex());
        assertEntries(journal.group(1), 1, 3, 1, 200);
    }

    @Test
    void shouldFreezeAfterAFailedWrite() throws Exception {
        JournalGroup group = filled(1, 3);
        disk.failWriteIn(1);
        group.append(List.of(entry(4, 1, 200)));
        write();
        assertEquals(Reason.FAILED, assertThrows(JournalException.class, () -> group.cut(4)).reason());
        disk.kill();
        recover();
        assertEquals(3, journal.group(1).lastIndex());
        assertEquals(Standing.COMPLETE, journal.group(1).standing());
    }

    @Test
    void shouldLetGoBeforeALogThatWasBegunAlsoAfterARestart() throws Exception {
        journal.group(1).begin(100, 1, 1, "");
        write();
        recover();
        JournalGroup other = begun(2);
        JournalProbe probe = new JournalProbe();
        other.attach(probe);
        for (long i = 1; i < 2_000; i++) {
            other.append(List.of(entry(i, 1, 500)));
            write();
            other.applied(i);
        }
        assertEquals(0, probe.refused());
        assertTrue(other.baseIndex() > 0);
    }

    @Test
    void shouldNotCountWhatWasRefusedAmongWhatWillBeDurable() throws Exception {
        JournalGroup group = begun(1);
        JournalProbe probe = new JournalProbe();
        group.attach(probe);
        disk.capacity(SEGMENT * 2 + 2_000);
        long last = 0;
        for (int i = 0; i < 2; i++) { // the second time everything is refused
            while (probe.refused() == 0) {
                group.append(List.of(entry(++last, 1, 500)));
                write();
            }
            last = group.takeBack();
            assertEquals(group.durableTicket(), group.pendingTicket());
            assertTrue(group.lastTicket() > group.pendingTicket());
            probe = new JournalProbe();
            group.attach(probe);
        }
    }

    @Test
    void shouldRefuseEntriesOnAFullDiskAndTakeThemWhenThereIsRoom() throws Exception {
        JournalGroup group = begun(1);
        JournalProbe probe = new JournalProbe();
        group.attach(probe);
        disk.capacity(SEGMENT * 2 + 2_000);
        long last = 0;
        while (probe.refused() == 0) {
            group.append(List.of(entry(++last, 1, 500)));
            group.append(List.of(entry(++last, 1, 500)));
            write();
        }
        assertEquals(Reason.FULL, probe.why().reason());
        assertTrue(probe.why().getMessage().startsWith("Disk full: journal simulated"), probe.why().getMessage());
        assertFalse(journal.fault().isPresent(), "full is not broken");
        last = group.takeBack();
        probe.again();
        assertTrue(last > 20, "two segments");
        for (int term = 2; term < 4; term++) {
            group.vote(term, "memphis-1");
            write();
            assertEquals(0, probe.refused(), "votes pass at term " + term);
        }
        int term = 4;
        while (probe.refused() == 0) {
            group.vote(term++, "memphis-1");
            write();
            assertTrue(term < 100, "no end of room");
        }
        group.takeBack();
        probe.again();
        assertEquals(term - 2, group.term(), "a vote that was not written is not given");
        disk.kill();
        recover();
        group = journal.group(1);
        assertEquals(last, group.lastIndex());
        assertEquals(term - 2, group.term());
        disk.capacity(Long.MAX_VALUE);
        group.append(List.of(entry(last + 1, 2, 500)));
        write();
        assertEquals(last + 1, group.durableIndex());
    }

    /** What a group hands over between the writer's look and its refusal is withdrawn while it waits behind others. */
    @Test
    void shouldWriteNothingThatWasWithdrawnBehindWhatIsRefused() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        JournalGroup three = begun(3);
        JournalProbe probe = new JournalProbe();
        one.attach(probe);
        disk.capacity(SEGMENT * 2 + 2_000);
        long last = 0;
        while (probe.refused() == 0) {
            one.append(List.of(entry(++last, 1, 500)));
            write();
        }
        last = one.takeBack();
        one.attach(new JournalProbe() {
            @Override
            public void refused(long ticket, JournalException why) {
                super.refused(ticket, why);
                try {
                    three.append(List.of(entry(1, 1, 500)));
                    two.append(List.of(entry(2, 1, 500)));
                } catch (JournalException e) {
                    throw new AssertionError(e);
                }
            }
        });
        one.append(List.of(entry(last + 1, 1, 500)));
        two.append(List.of(entry(1, 1, 500)));
        write();
        two.takeBack();
        write();
        assertFalse(journal.fault().isPresent(), "full is not broken: " + journal.fault());
        assertEquals(0, two.durableIndex());
        assertEquals(0, three.durableIndex());
    }

    /** The oldest segment has an entry that nobody decided, and only the first entry of another term gets it decided. */
    @Test
    void shouldTakeWhatBeginsATermWhenItIsFullOfWhatNobodyDecided() throws Exception {
        JournalGroup left = filled(1, 1);
        JournalGroup busy = begun(2);
        JournalProbe probe = new JournalProbe();
        busy.attach(probe);
        long last = fill(busy, probe, 0);
        int most = segments().size();
        for (int term = 2; term < 20; term++) { // the reserve of a segment is not enough for so many
            left.vote(term, "memphis-1");
            left.append(List.of(entry(term, term, 100)));
            write();
            assertEquals(term, left.durableIndex());
        }
        assertEquals(last, fill(busy, probe, last), "it is full for others");
        assertTrue(segments().size() <= most + 1, "one more at most");
        left.applied(19);
        busy.applied(last);
        busy.append(List.of(entry(last + 1, 1, 1_000)));
        write();
        assertEquals(last + 1, busy.durableIndex());
        assertTrue(segments().size() <= most, "it has no more than it may again");
        disk.kill();
        recover();
        assertEquals(19, journal.group(1).lastIndex());
    }

    /** Votes of elections have used up what a segment keeps for letting others go, to the last byte or nearly. */
    @ParameterizedTest
    @MethodSource("votes")
    void shouldTakeEntriesAgainWhateverVotesUsedOfTheReserve(int votes) throws Exception {
        JournalGroup left = filled(1, 1);
        JournalGroup busy = begun(2);
        JournalProbe probe = new JournalProbe();
        busy.attach(probe);
        long last = fill(busy, probe, 0);
        int most = segments().size();
        JournalProbe voter = new JournalProbe();
        left.attach(voter);
        for (int term = 2; term < 2 + votes && voter.refused() == 0; term++) {
            left.vote(term, "memphis-1");
            write();
        }
        left.takeBack(); // one more segment is not enough for any number
        long known = left.term();
        left.applied(1);
        busy.applied(last);
        busy.append(List.of(entry(last + 1, 1, 1_000)));
        write();
        assertEquals(last + 1, busy.durableIndex(), () -> "refused: " + probe.refused());
        int now = segments().size();
        assertTrue(now <= most + 1, () -> "one more at most: " + now);
        disk.kill();
        recover();
        assertEquals(last + 1, journal.group(2).lastIndex());
        assertEquals(known, journal.group(1).term());
    }

    static IntStream votes() {
        return IntStream.range(0, 40);
    }

    /** Until it takes no more; the last entry that it has. */
    private long fill(JournalGroup group, JournalProbe probe, long last) throws JournalException {
        long next = last;
        while (probe.refused() == 0) {
            group.append(List.of(entry(++next, 1, 1_000)));
            write();
            assertTrue(next < 1_000, "no limit");
        }
        assertEquals(Reason.FULL, probe.why().reason());
        probe.again();
        return group.takeBack();
    }

    @Test
    void shouldLetSegmentsGoOnAFullDisk() throws Exception {
        disk.capacity(SEGMENT * 3 + 2_000);
        JournalGroup group = begun(1);
        for (int i = 1; i <= 1_000; i++) {
            group.append(List.of(entry(i, 1, 200)));
            write();
            assertEquals(i, group.durableIndex());
            group.applied(i);
            if (i % 10 == 0) {
                journal.reclaim();
            }
        }
    }

    @Test
    void shouldCutATornSyncGroupWholeAndKeepWhatWasThere() throws Exception {
        JournalGroup group = filled(1, 3);
        byte[] before = disk.content(segments().get(0));
        group.append(List.of(entry(4, 1, 400), entry(5, 1, 400), entry(6, 1, 400)));
        write();
        byte[] after = disk.content(segments().get(0));
        disk.kill();
        int changed = 0;
        while (before[changed] == after[changed]) {
            changed++;
        }
        int start = changed & -512;
        clear(start + 512, 512); // its second sector never arrived
        disk.lose(DurableMark.FILE);
        recover();
        assertTrue(journal.report().cut().isPresent());
        assertEquals(List.of(), journal.report().damages());
        assertEquals(3, journal.group(1).lastIndex());
        assertEquals(1, disk.list().stream().filter(name -> name.endsWith(".torn")).count());
        // what is left of the old records lies right behind a shorter one that is written now
        journal.group(1).append(List.of(entry(4, 1, 0)));
        write();
        disk.kill();
        recover();
        assertEquals(4, journal.group(1).lastIndex());
        assertEquals(List.of(), journal.report().damages());
    }

    @Test
    void shouldNotTakeWhatATornSyncGroupLeftForWhatWasWrittenLater() throws Exception {
        JournalGroup one = begun(1);
        JournalGroup two = begun(2);
        one.append(List.of(entry(1, 1, 600)));
        two.append(List.of(entry(1, 1, 100)));
        write();
        disk.kill();
        int start = 1024; // two sync groups of a block come before it
        clear(start, 512); // its first sector never arrived, the entry of group 2 is behind it
        disk.lose(DurableMark.FILE);
        recover();
        assertEquals(0, journal.group(2).lastIndex());
        two = journal.group(2);
        two.append(List.of(entry(1, 1, 50)));
        write();
        journal.close();
        clear(start, 512); // and what was written over it is damaged
        recover();
        assertEquals(Standing.REBUILD, journal.group(2).standing());
    }

    /** Bytes of the first segment become zeros. */
    private void clear(int from, int length) {
        byte[] content = disk.content(segments().get(0));
        for (int at = from; at < from + length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                if ((content[at] >> bit & 1) != 0) {
                    disk.flip(segments().get(0), at, bit);
                }
            }
        }
    }

    @Test
    void shouldNotTakeDamageOfTheLastSyncGroupForTornWhenItWasKnownToBeDurable() throws Exception {
        filled(1, 3);
        journal.close(); // says that it is durable
        flipBody(3);
        recover();
        assertFalse(journal.report().damages().isEmpty());
        assertEquals(Standing.REBUILD, journal.group(1).standing());
        assertEquals("entry 3 is damaged", journal.report().rebuild().get(1L));
    }

    /** Flips a bit in the body of an entry. */
    private void flipBody(long index) {
        byte[] body = entry(index, 1, 200).bytes();
        for (String segment : segments()) {
            byte[] content = disk.content(segment);
            for (int at = 0; at < content.length - body.length; at += 8) {
                if (java.util.Arrays.equals(content, at, at + body.length, body, 0, body.length)) {
                    disk.flip(segment, at + 17, 3);
                    return;
                }
            }
        }
        throw new AssertionError("no entry " + index);
    }

    @Test
    void shouldRebuildOnlyTheGroupWhoseEntryIsDamaged() throws Exception {
        filled(1, 3);
        filled(2, 100);
        JournalGroup third = begun(3);
        third.append(List.of(entry(1, 1, 30)));
        write();
        journal.close();
        flipBody(50);
        recover();
        assertEquals(Set(2), journal.report().rebuild().keySet());
        assertEquals(Standing.COMPLETE, journal.group(1).standing());
        assertEntries(journal.group(1), 1, 3, 1, 200);
        assertEntries(journal.group(3), 1, 1, 1, 30);
        JournalGroup damaged = journal.group(2);
        assertEquals(Standing.REBUILD, damaged.standing());
        assertEquals(Reason.INCOMPLETE, assertThrows(JournalException.class, () -> damaged.vote(9, "memphis-0")).reason());
        assertEquals(Reason.GONE, assertThrows(JournalException.class, () -> damaged.entries(1, 10)).reason());

        disk.powerCut();
        recover();
        assertEquals(Standing.REBUILD, journal.group(2).standing(), "until it was rebuilt");
        assertTrue(journal.report().rebuild().isEmpty(), "known since before");
        journal.group(2).begin(120, 2, 3, "");
        write();
        disk.powerCut();
        recover();
        assertEquals(Standing.COMPLETE, journal.group(2).standing());
        assertEquals(120, journal.group(2).lastIndex());
    }

    private static java.util.Set<Long> Set(long id) {
        return java.util.Set.of(id);
    }

    @Test
    void shouldNotRemoveAFileWithDamage() throws Exception {
        JournalGroup group = filled(1, 100);
        journal.close();
        flipBody(2);
        recover();
        group = journal.group(1);
        group.begin(100, 1, 2, "");
        for (int i = 101; i < 400; i++) {
            group.append(List.of(entry(i, 2, 200)));
            write();
            group.applied(i);
            journal.reclaim();
        }
        List<String> kept = disk.list().stream().filter(name -> name.endsWith(".damaged")).toList();
        assertEquals(1, kept.size());
        assertEquals(SEGMENT, disk.content(kept.get(0)).length);
        disk.kill();
        recover();
        assertEquals(List.of(), journal.report().damages());
    }

    @Test
    void shouldFindThatSegmentsAreMissing() throws Exception {
        filled(1, 100);
        JournalGroup late = begun(2);
        late.append(List.of(entry(1, 1, 10)));
        write();
        journal.close();
        List<String> all = segments();
        assertTrue(all.size() > 3);
        disk.lose(all.get(1));
        recover();
        assertEquals(Set(1), journal.report().rebuild().keySet());
        assertEquals(Standing.COMPLETE, journal.group(2).standing(), "its first record lies behind what is missing");
        disk.powerCut();
        recover();
        assertEquals(Standing.REBUILD, journal.group(1).standing());
        assertEquals(Standing.COMPLETE, journal.group(2).standing());
    }

    @Test
    void shouldFindThatItsEndIsMissing() throws Exception {
        filled(1, 100);
        filled(2, 3);
        journal.close();
        List<String> all = new ArrayList<>(segments());
        disk.lose(all.remove(all.size() - 1));
        recover();
        assertFalse(journal.report().damages().isEmpty());
        assertEquals(Standing.REBUILD, journal.group(1).standing());
        for (int round = 0; round < 3; round++) {
            disk.powerCut();
            if (round == 1) {
                disk.lose(DurableMark.FILE);
            }
            recover();
            assertEquals(Standing.REBUILD, journal.group(1).standing());
        }
        journal.close();
        segments().forEach(disk::lose);
        recover();
        assertTrue(journal.report().damages().get(0).contains("all of its segments are gone"));
        assertEquals(Standing.ABSENT, journal.group(1).standing());
    }

    @Test
    void shouldStopBeforeANewerRelease() throws Exception {
        filled(1, 1);
        journal.close();
        String name = segments().get(0);
        java.nio.ByteBuffer content = java.nio.ByteBuffer.wrap(disk.content(name));
        byte[] header = new byte[64];
        content.get(header);
        header[2] = 2;
        byte[] crc = java.nio.ByteBuffer.allocate(4).putInt(RecordHeader.checksum(header, 0, 60)).array();
        disk.flip(name, 2, 0);
        disk.flip(name, 2, 1);
        for (int i = 0; i < 4; i++) {
            for (int bit = 0; bit < 8; bit++) {
                if (((crc[i] ^ header[60 + i]) >> bit & 1) != 0) {
                    disk.flip(name, 60 + i, bit);
                }
            }
        }
        JournalException newer = assertThrows(JournalException.class, this::recover);
        assertEquals(Reason.NEWER, newer.reason());
        disk.flip(name, 2, 0);
        disk.flip(name, 2, 1);
        for (int i = 0; i < 4; i++) {
            for (int bit = 0; bit < 8; bit++) {
                if (((crc[i] ^ header[60 + i]) >> bit & 1) != 0) {
                    disk.flip(name, 60 + i, bit);
                }
            }
        }
        recover();
        assertEquals(1, journal.group(1).lastIndex());
    }
}

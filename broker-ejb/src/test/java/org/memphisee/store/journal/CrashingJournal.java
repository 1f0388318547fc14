package org.memphisee.store.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.memphisee.contract.NeverFails;
import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.journal.RaftJournal;
import org.memphisee.core.cluster.journal.Standing;
import org.memphisee.core.time.BrokerClock;

/** Writes entries until it is killed, and prints each index when it is durable. Runs in a JVM of its own. */
final class CrashingJournal {

    static final long GROUP = 3;
    /** Small, so that kills meet new segments too. */
    static final JournalSettings SETTINGS =
        new JournalSettings(1 << 20, 4096, 256 << 10, 2 << 20, 64 << 10, 8 << 20, 0, 4);

    private CrashingJournal() { }

    public static void main(String[] arguments) throws IOException {
        try (RaftJournal journal = open(Path.of(arguments[0]))) {
            JournalGroup group = journal.group(GROUP);
            if (group.standing() == Standing.ABSENT) {
                group.begin(0, 0, 1, "");
            }
            group.attach(new Printing(journal, group));
            while (true) {
                group.append(List.of(entry(group.lastIndex() + 1)));
                if (group.lastIndex() % 5 == 0) {
                    group.vote(group.lastIndex(), "memphis-" + group.lastIndex());
                }
                if (group.lastIndex() % 3 == 0) {
                    journal.turn();
                }
            }
        }
    }

    static RaftJournal open(Path directory) throws IOException {
        return RaftJournal.open(DiskJournalFiles.of(directory), SETTINGS, BrokerClock.SYSTEM, new Random());
    }

    /** Mostly small ones, and some that are larger than a page, and larger than a sync group. */
    static JournalEntry entry(long index) {
        byte[] body = new byte[index % 97 == 0 ? 600_000 : index % 7 == 0 ? 60_000 : 300];
        new Random(index).nextBytes(body);
        return new JournalEntry(index, 1, body);
    }

    private record Printing(RaftJournal journal, JournalGroup group) implements NeverFails {

        @Override
        public void durable(long ticket) {
            System.out.println(group.durableIndex());
            if (group.durableIndex() % 40 == 0) {
                group.applied(group.durableIndex() - 20);
                journal.reclaim();
            }
        }
    }
}

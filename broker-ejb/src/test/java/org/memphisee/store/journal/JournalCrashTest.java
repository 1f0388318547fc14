package org.memphisee.store.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.core.cluster.journal.JournalEntry;
import org.memphisee.core.cluster.journal.JournalGroup;
import org.memphisee.core.cluster.journal.RaftJournal;

/** What a process that was killed leaves on a real disk. */
final class JournalCrashTest {

    private static final int KILLS = 5;

    @TempDir
    Path directory;

    @Test
    void shouldKeepEverythingReportedDurableWhenKilled() throws Exception {
        Random random = new Random(20_261_130);
        long before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            before = check(Math.max(before, writeAndKill(before + 60 + random.nextInt(90))));
        }
    }

    /** The last index that was reported as durable. */
    private long writeAndKill(long until) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process writer = new ProcessBuilder(java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), CrashingJournal.class.getName(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        long last = 0;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                last = Long.parseLong(line);
                if (last >= until) {
                    // Not Process.destroyForcibly: it closes the stream that holds the last reports.
                    writer.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } catch (NumberFormatException e) {
            // a line that the kill cut
            return last;
        } finally {
            writer.destroyForcibly();
            assertTrue(writer.waitFor(20, TimeUnit.SECONDS));
        }
        assertTrue(last >= until, "writer ended early at " + last);
        return last;
    }

    private long check(long reported) throws IOException {
        try (RaftJournal journal = CrashingJournal.open(directory)) {
            assertEquals(List.of(), journal.report().damages());
            JournalGroup group = journal.group(CrashingJournal.GROUP);
            long last = group.lastIndex();
            assertTrue(last >= reported && group.baseIndex() < reported, "reported " + reported + ", found " + group);
            assertTrue(group.term() >= reported - 10, "reported " + reported + ", found " + group);
            assertEquals("memphis-" + group.term(), group.vote());
            for (long index = group.baseIndex() + 1; index <= last; index++) {
                JournalEntry entry = group.entries(index, 1).get(0);
                assertArrayEquals(CrashingJournal.entry(index).bytes(),
                    Arrays.copyOfRange(entry.bytes(), entry.offset(), entry.offset() + entry.length()), "entry " + index);
            }
            return last;
        }
    }
}

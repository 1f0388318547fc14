package org.memphisee.store.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.contract.Batches.put;
import static org.memphisee.contract.Batches.record;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.store.backup.OnlineBackup;
import org.memphisee.store.je.JeLogStore;
import org.memphisee.store.je.JeStoreSettings;

/** The tool's commands for backups, as the guide writes them. */
class BackupCommandsTest {

    @TempDir
    private Path root;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int tool(String... args) {
        out.reset();
        err.reset();
        return new StoreTool(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)).run(args, null);
    }

    private Path backup() throws Exception {
        Path data = root.resolve("source");
        Files.createDirectories(data.resolve("log"));
        try (JeLogStore store = JeLogStore.open(new JeStoreSettings(data.resolve("log"), 16L << 20, 0,
                task -> new Thread(task, "drop")))) {
            store.write(List.of(put(1, 1, 3, record(1, 1, 80))), true);
            return new OnlineBackup(data, store::link, "1.0.0").run(root.resolve("backups"),
                Instant.parse("2026-11-30T12:00:00Z"));
        }
    }

    /** Each command of the guide that calls the tool, with the test's directories in place of those of the text. */
    @Test
    void shouldDoWhatTheGuideWrites() throws Exception {
        String backup = backup().toString();
        String guide = Files.readString(Path.of("../docs/guide/backup.md"));
        Matcher lines = Pattern.compile("^sh \\$tool (.*?)( *#.*)?$", Pattern.MULTILINE).matcher(guide);
        int run = 0;
        while (lines.find()) {
            String[] words = lines.group(1).replace("backups/20261130T120000Z", backup)
                .replace("--data data", "--data " + root.resolve("data")).split(" +");
            assertEquals(0, tool(words), lines.group(1) + ": " + err);
            run++;
        }
        assertEquals(3, run, "commands of the guide");
        assertTrue(Files.isDirectory(root.resolve("data/log.before-restore")));
    }

    @Test
    void shouldSayWhatIsDamagedAndRefuseWhatMakesNoSense() throws Exception {
        Path backup = backup();
        Path data = root.resolve("data");
        assertEquals(2, tool("restore", backup.toString()));
        assertEquals(2, tool("restore", "--data", data.toString()));
        assertEquals(2, tool("verify-backup"));
        assertEquals(2, tool("verify-backup", backup.toString(), "--replace"));
        assertEquals(2, tool("verify-backup", root.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("is no backup"));
        assertEquals(0, tool("restore", backup.toString(), "--data", data.toString(), "--same"));
        assertEquals(2, tool("restore", backup.toString(), "--data", data.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("holds a log already"));
        Path log = backup.resolve("log/00000000.jdb");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 1] ^= 1;
        Files.write(log, bytes);
        assertEquals(1, tool("verify-backup", backup.toString()));
        assertEquals("damaged: log/00000000.jdb has another checksum\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRemoveOldBackupsWhenToldTo() throws Exception {
        Path newest = backup();
        Path into = newest.getParent();
        Path old = into.resolve("20261101T120000Z");
        Path log = Files.createDirectories(old.resolve("log"));
        Files.copy(newest.resolve("log/00000000.jdb"), log.resolve("00000000.jdb"));
        assertEquals(2, tool("prune-backups", into.toString()), "no rule");
        assertEquals(2, tool("prune-backups", into.toString(), "--keep", "0"));
        assertEquals(2, tool("prune-backups", into.toString(), "--before", "yesterday"));
        assertEquals(2, tool("prune-backups", root.resolve("none").toString(), "--keep", "1"));
        assertEquals(0, tool("prune-backups", into.toString(), "--keep", "1", "--dry-run"));
        assertTrue(out.toString(StandardCharsets.UTF_8).matches("stays, good: 20261130T120000Z, \\d+ bytes\\n"
            + "would be removed: 20261101T120000Z, \\d+ bytes\\n"), out::toString);
        assertEquals(0, tool("prune-backups", into.toString(), "--before", "2026-11-01T12:00:00Z"));
        assertTrue(Files.exists(old), "it was begun at that time, not before");
        assertEquals(1, tool("prune-backups", into.toString(), "--keep", "2"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("stays, damaged: 20261101T120000Z"), err::toString);
        assertEquals(0, tool("prune-backups", into.toString(), "--before", "2026-11-30T13:00:00Z"));
        assertTrue(Files.notExists(old));
        assertTrue(Files.exists(newest), "the last good one");
    }
}

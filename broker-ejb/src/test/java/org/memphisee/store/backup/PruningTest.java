package org.memphisee.store.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.store.backup.Pruning.Fate;

/** Which backups go: never the last good one, and nothing for the sake of one that is damaged. */
class PruningTest {

    @TempDir
    private Path root;

    /** A backup of a day in November. */
    private Path backup(int day) throws IOException {
        Path backup = Files.createDirectories(root.resolve(String.format("202611%02dT120000Z", day)));
        Path log = Files.createDirectories(backup.resolve("log")).resolve("00000000.jdb");
        byte[] content = ("day " + day).getBytes(StandardCharsets.UTF_8);
        Files.write(log, content);
        Files.writeString(backup.resolve(Manifest.FILE), new Manifest("1.0.0", "none", "t", 1,
            List.of(new Manifest.Entry("log/00000000.jdb", content.length, Hashing.of(content)))).text());
        return backup;
    }

    private void damage(int day) throws IOException {
        Files.writeString(backup(day).resolve("log/00000000.jdb"), "DAY " + day);
    }

    private static Instant day(int day) {
        return Instant.parse(String.format("2026-11-%02dT12:00:00Z", day));
    }

    private List<Fate> judge(int keep, Instant before) throws IOException {
        return Pruning.judge(root, keep, before).stream().map(Pruning.Judged::fate).toList();
    }

    @Test
    void shouldKeepSoManyGoodOnesAndJudgeTheNewestFirst() throws IOException {
        for (int day = 1; day <= 5; day++) {
            backup(day);
        }
        Files.createDirectories(root.resolve("20261106T120000Z.partial"));
        Files.createDirectories(root.resolve("lost+found"));
        assertEquals(List.of(Fate.GOOD, Fate.GOOD, Fate.GOES, Fate.GOES, Fate.GOES), judge(2, Instant.MAX));
        assertEquals(root.resolve("20261105T120000Z"), Pruning.judge(root, 2, Instant.MAX).get(0).backup());
    }

    @Test
    void shouldLetGoOnlyWhatBothRulesLetGo() throws IOException {
        for (int day = 1; day <= 5; day++) {
            backup(day);
        }
        assertEquals(List.of(Fate.GOOD, Fate.STAYS, Fate.STAYS, Fate.GOES, Fate.GOES), judge(1, day(3)));
        assertEquals(List.of(Fate.GOOD, Fate.GOOD, Fate.GOOD, Fate.GOOD, Fate.GOES), judge(4, day(3)));
        assertEquals(List.of(Fate.GOOD, Fate.GOES, Fate.GOES, Fate.GOES, Fate.GOES), judge(1, day(6)), "all are too old, and one stays");
    }

    @Test
    void shouldNotCountWhatIsDamaged() throws IOException {
        for (int day = 1; day <= 4; day++) {
            backup(day);
        }
        damage(4);
        Files.delete(root.resolve("20261103T120000Z").resolve(Manifest.FILE));
        assertEquals(List.of(Fate.DAMAGED, Fate.DAMAGED, Fate.GOOD, Fate.GOES), judge(1, Instant.MAX));
        assertEquals(List.of("log/00000000.jdb has another checksum"), Pruning.judge(root, 1, Instant.MAX).get(0).wrong());
        damage(2);
        assertEquals(List.of(Fate.DAMAGED, Fate.DAMAGED, Fate.DAMAGED, Fate.GOOD), judge(1, Instant.MAX), "the last good one is the oldest");
        damage(1);
        assertFalse(judge(1, Instant.MAX).contains(Fate.GOES), "nothing goes where nothing is good");
    }

    @Test
    void shouldRemoveOneAlsoWhereAnInterruptionLeftSomething() throws IOException {
        Path old = backup(1);
        Files.createDirectories(root.resolve("20261101T120000Z.partial/log"));
        Pruning.remove(old);
        try (var left = Files.list(root)) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(Pruning.judge(root.resolve("none"), 1, Instant.MAX).isEmpty());
    }
}

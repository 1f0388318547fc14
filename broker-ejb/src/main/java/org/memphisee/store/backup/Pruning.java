package org.memphisee.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which backups of a directory are not needed any more. From the newest on, backups are read until as many good ones are found as are to
 * stay; only what is older than these goes. So a good one always stays, and one that is damaged counts for nothing.
 */
public final class Pruning {

    /** What becomes of a backup. */
    public enum Fate { /** It was read and is good. */ GOOD, /** It stays, and was not read. */ STAYS, DAMAGED, GOES }

    /**
     * One of the directory.
     *
     * @param bytes of its files
     * @param wrong what is damaged, a line each
     */
    public record Judged(Path backup, long bytes, Fate fate, List<String> wrong) { }

    private Pruning() { }

    /**
     * Judges all backups of a directory, the newest first; changes nothing.
     *
     * @param keep so many good ones stay, at least one
     * @param before only what was begun before may go
     */
    public static List<Judged> judge(Path into, int keep, Instant before) throws IOException {
        List<Path> all = OnlineBackup.list(into);
        List<Judged> judged = new ArrayList<>();
        int good = 0;
        for (int i = all.size() - 1; i >= 0; i--) {
            Path backup = all.get(i);
            boolean old = OnlineBackup.begun(backup).isBefore(before);
            if (good >= keep) {
                judged.add(new Judged(backup, Trees.bytes(backup), old ? Fate.GOES : Fate.STAYS, List.of()));
                continue;
            }
            List<String> wrong = wrong(backup);
            good += wrong.isEmpty() ? 1 : 0;
            judged.add(new Judged(backup, Trees.bytes(backup), wrong.isEmpty() ? Fate.GOOD : Fate.DAMAGED, wrong));
        }
        return judged;
    }

    private static List<String> wrong(Path backup) throws IOException {
        try {
            return BackupRestore.verify(backup);
        } catch (BackupException e) {
            return List.of(e.getMessage());
        }
    }

    /** Removes one. It is no backup any more from the first moment, so that what is left of an interruption is taken for none. */
    public static void remove(Path backup) throws IOException {
        OnlineBackup.remove(backup);
    }
}

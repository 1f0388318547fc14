package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.config.BrokerSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.backup.OnlineBackup;

class BackupScheduleTest {

    @TempDir
    private Path root;
    private Path into;
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private boolean full;
    private int made;

    @BeforeEach
    void directories() throws IOException {
        into = root.resolve("backups");
        Files.createDirectories(root.resolve("data/log"));
    }

    private BackupSchedule schedule() {
        BrokerSettings.Storage storage = BackupsTest.storage(root.resolve("data"), Optional.of(into), 2);
        Backups backups = new Backups(new OnlineBackup(root.resolve("data"), stage -> {
            if (full) {
                throw new StoreException("no room", null, true);
            }
            made++;
            return 0;
        }, "1"), storage, () -> now, Thread::new, Optional::empty);
        return new BackupSchedule(backups, storage.backup(), () -> now);
    }

    private List<String> names() throws IOException {
        return OnlineBackup.list(into).stream().map(path -> path.getFileName().toString()).toList();
    }

    @Test
    void shouldMakeOneWhenItIsDueAlsoAfterARestartAndKeepTheNewest() throws Exception {
        BackupSchedule schedule = schedule();
        schedule.look();
        schedule.look();
        assertEquals(1, made);
        now = now.plusSeconds(3_599);
        schedule().look();
        assertEquals(1, made);
        now = now.plusSeconds(1);
        schedule().look();
        now = now.plusSeconds(3_600);
        schedule.look();
        assertEquals(3, made);
        assertEquals(List.of("20261130T130000Z", "20261130T140000Z"), names());
    }

    @Test
    void shouldTryAgainLaterWhenOneFailedAndLeaveTheOthers() throws Exception {
        BackupSchedule schedule = schedule();
        schedule.look();
        now = now.plusSeconds(3_600);
        full = true;
        schedule.look();
        assertEquals(List.of("20261130T120000Z"), names());
        full = false;
        schedule.look();
        assertEquals(1, made);
        now = now.plusSeconds(301);
        schedule.look();
        assertEquals(2, made);
        assertEquals(2, names().size());
    }
}

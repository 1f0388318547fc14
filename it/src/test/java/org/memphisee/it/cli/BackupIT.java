package org.memphisee.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.cli.Shell.Result;
import org.memphisee.it.support.BrokerProcess;

/** A backup that an administrator asks a running broker for, and what a broker finds that starts from it. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class BackupIT {

    @TempDir
    Path home;
    private final BrokerProcess broker = BrokerProcess.prepared();

    @AfterEach
    void remove() {
        broker.close();
    }

    private Result ends(int code, String... args) {
        Result result = new Shell(broker, home).run(args);
        assertEquals(code, result.code(), () -> String.join(" ", args) + "\n" + result.out() + result.err());
        return result;
    }

    @Test
    void shouldSaveWhenAskedWhatABrokerThenStartsFrom() throws Exception {
        Path backups = home.resolve("backups");
        broker.launch(Map.of("MEMPHISEE_BACKUP_DIR", backups.toString(), "MEMPHISEE_BACKUP_INTERVAL", "720h"));
        broker.awaitReady();
        ends(0, "station", "create", "saved");
        ends(0, "station", "produce", "saved", "before the backup");

        String name = ends(0, "backup", "create", "--wait", "--columns", "name", "--no-headers").out().strip();

        assertTrue(ends(0, "backup", "ls", "--columns", "name", "--no-headers").out().lines().anyMatch(name::equals));
        String series = broker.http(broker.ports().metrics(), "/metrics").body();
        assertTrue(series.contains("memphis_broker_backup_interval_seconds") && series.lines().anyMatch(line ->
            line.startsWith("memphis_broker_backup_last_success_timestamp_seconds") && !line.endsWith(" 0") && !line.endsWith(" 0.0")));
        assertTrue(ends(0, "task", "ls").out().contains("Backup"));
        assertTrue(ends(0, "audit", "ls").out().contains("task_started"), () -> ends(0, "audit", "ls").out());
        ends(0, "station", "produce", "saved", "after the backup");
        Path backup = backups.resolve(name);
        ends(0, "backup", "verify", backup.toString());
        ends(0, "backup", "prune", backups.toString(), "--keep", "1", "--older-than", "1s", "--yes");
        assertTrue(Files.isDirectory(backup), "the last good one stays");
        broker.stop();

        ends(0, "backup", "restore", backup.toString(), "--data", broker.dataDirectory().toString(), "--replace", "--yes");
        broker.launch(Map.of());
        broker.awaitReady();
        assertEquals("before the backup", ends(0, "station", "message", "get", "saved", "1", "--raw").out());
        ends(66, "station", "message", "get", "saved", "2");
        assertTrue(ends(1, "backup", "create").err().contains("MEMPHISEE_BACKUP_DIR"));
        assertTrue(Files.isDirectory(broker.dataDirectory().resolve("log.before-restore")));
    }
}

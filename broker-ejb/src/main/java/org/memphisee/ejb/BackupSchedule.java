package org.memphisee.ejb;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.time.Repeater;
import org.memphisee.message.OperatorMessage;
import org.memphisee.store.backup.OnlineBackup;

/**
 * Makes backups when they are due: the newest one in the directory is older than the interval, or there is none. Restarts of
 * the broker do not matter to that. On a thread of its own.
 */
final class BackupSchedule implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BackupSchedule.class.getName());
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** After one that failed. */
    private static final long AGAIN_SECONDS = 300;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

    private final OnlineBackup backup;
    private final Path into;
    private final BrokerSettings.Backup settings;
    private final Supplier<Instant> clock;
    private Instant notBefore = Instant.MIN;
    private Repeater thread;

    BackupSchedule(OnlineBackup backup, Path into, BrokerSettings.Backup settings, Supplier<Instant> clock) {
        this.backup = backup;
        this.into = into;
        this.settings = settings;
        this.clock = clock;
    }

    /** Starts it, if there is a directory for backups. */
    static Optional<BackupSchedule> start(BrokerSettings.Storage storage, OnlineBackup.Source source, ThreadFactory threads) {
        return storage.backup().directory().map(into -> {
            BackupSchedule schedule = new BackupSchedule(new OnlineBackup(storage.dataDir(), source, ProductVersion.current()), into,
                storage.backup(), Instant::now);
            schedule.thread = new Repeater("memphisee-backup", LOOK_NANOS, schedule::look, threads);
            return schedule;
        });
    }

    /** Makes one if it is due. */
    void look() {
        Instant now = clock.get();
        try {
            if (now.isBefore(notBefore) || now.isBefore(newest().plusMillis(settings.intervalMillis()))) {
                return;
            }
            long began = System.nanoTime();
            Path made = backup.run(into, now);
            OnlineBackup.prune(into, settings.keep());
            OperatorMessage.BACKUP_MADE.log(LOG, made, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
        } catch (IOException e) {
            notBefore = now.plusSeconds(AGAIN_SECONDS);
            OperatorMessage.BACKUP_FAILED.log(LOG, e);
        }
    }

    /** When the newest backup was made, long ago when there is none. */
    private Instant newest() throws IOException {
        List<Path> all = OnlineBackup.list(into);
        if (all.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return LocalDateTime.parse(all.get(all.size() - 1).getFileName().toString(), NAME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return Instant.EPOCH; // looks like one of ours and is none
        }
    }

    /** A backup that is being made is finished. */
    @Override
    public void close() {
        thread.close();
    }
}

package org.memphisee.ejb;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.time.Repeater;
import org.memphisee.message.OperatorMessage;

/**
 * Makes backups when they are due: the newest one in the directory is older than the interval, or there is none. Restarts of
 * the broker do not matter to that. On a thread of its own.
 */
final class BackupSchedule implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BackupSchedule.class.getName());
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** After one that failed. */
    private static final long AGAIN_SECONDS = 300;

    private final Backups backups;
    private final BrokerSettings.Backup settings;
    private final Supplier<Instant> clock;
    private Instant notBefore = Instant.MIN;
    private Repeater thread;

    BackupSchedule(Backups backups, BrokerSettings.Backup settings, Supplier<Instant> clock) {
        this.backups = backups;
        this.settings = settings;
        this.clock = clock;
    }

    /** Starts it, if there is a directory for backups. */
    static Optional<BackupSchedule> start(BrokerSettings.Storage storage, Backups backups, ThreadFactory threads) {
        return storage.backup().directory().map(into -> {
            BackupSchedule schedule = new BackupSchedule(backups, storage.backup(), Instant::now);
            schedule.thread = new Repeater("memphisee-backup", LOOK_NANOS, schedule::look, threads);
            return schedule;
        });
    }

    /** Makes one if it is due, unless somebody asked for one that is being made. */
    void look() {
        Instant now = clock.get();
        try {
            if (!now.isBefore(notBefore) && !now.isBefore(backups.newest().plusMillis(settings.intervalMillis()))) {
                backups.makeNow(now);
            }
        } catch (IOException e) {
            notBefore = now.plusSeconds(AGAIN_SECONDS);
            OperatorMessage.BACKUP_FAILED.log(LOG, e);
        }
    }

    /** A backup that is being made is finished. */
    @Override
    public void close() {
        thread.close();
    }
}

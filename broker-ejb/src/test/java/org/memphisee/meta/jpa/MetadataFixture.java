package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.control.SampleEvents;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stream.StreamConfig;

/** A log, and the service that writes what it says into a database: {@code begin} starts it, also once more. */
abstract class MetadataFixture {

    static final long CREATED = 1_700_000_000_123_456_000L;

    final LogInMemory log = new LogInMemory("log-" + System.nanoTime());
    MetadataService service;

    @AfterEach
    final void stop() throws InterruptedException {
        service.close();
    }

    /** How the database is reached. */
    abstract BrokerSettings.Database settings() throws Exception;

    /** Where a server of the service's own is. */
    abstract Path directory();

    /** Rows of its tables: values separated by blanks, rows by bars. */
    abstract String rows(String sql) throws Exception;

    final void begin(MetadataFeed feed) throws Exception {
        service = started(settings(), feed);
    }

    final MetadataService started(BrokerSettings.Database settings, MetadataFeed feed) {
        MetadataService made = new MetadataService(settings, directory(), feed, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        made.start();
        return made;
    }

    final void awaitAll() throws Exception {
        awaitIndex(log);
    }

    final void awaitIndex(LogInMemory feed) throws Exception {
        await("tables at the end of the log", () -> service.available() && rows("select position from projection_cursor "
            + "where log_id = '" + feed.logId() + "'").equals(String.valueOf(feed.index())));
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (SQLException e) {
                assertFalse(System.nanoTime() - deadline > 0, what + ": " + e.getMessage());
            }
            assertFalse(System.nanoTime() - deadline > 0, what);
            LockSupport.parkNanos(10_000_000);
        }
    }

    static SystemEvent.StationCreated station(long id, String name, List<Long> partitions, String dlsStation) {
        return SampleEvents.station(id, name, SystemEvent.RetentionType.MESSAGES, 1000,
            StreamConfig.Storage.FILE, 1, 120_000, partitions, true, true, dlsStation, false, true, "root", CREATED, 2,
            List.of("red", "blue"), Map.of("red", "255, 0, 0"));
    }
}

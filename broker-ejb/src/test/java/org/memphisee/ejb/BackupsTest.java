package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.config.BrokerSettings;
import org.memphisee.core.backup.BackupMaker;
import org.memphisee.core.backup.BackupRefusal;
import org.memphisee.core.log.StoreException;
import org.memphisee.store.backup.OnlineBackup;
import org.memphisee.support.Await;

/** Backups that somebody asks for: made on a thread of their own, told how far, refused with what helps. */
class BackupsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path root;
    private Path data;
    private Path into;
    private final CountDownLatch mayLink = new CountDownLatch(1);
    private volatile long minFree;
    private volatile boolean broken;
    private volatile String lacks;

    @BeforeEach
    void directories() throws IOException {
        into = root.resolve("backups");
        data = Files.createDirectories(root.resolve("data"));
        Files.createDirectories(data.resolve("log"));
        Files.writeString(data.resolve("log/00000000.jdb"), "x".repeat(1_000));
    }

    static BrokerSettings.Storage storage(Path data, Optional<Path> into, int keep) {
        return storage(data, into, keep, 0);
    }

    private static BrokerSettings.Storage storage(Path data, Optional<Path> into, int keep, long minFree) {
        return new BrokerSettings.Storage(data, BrokerSettings.Durability.ALWAYS, 100, 0, minFree, 24,
            new BrokerSettings.Backup(into, 3_600_000, keep), Optional.empty(), null, 0);
    }

    private Backups backups(Optional<Path> directory) {
        return new Backups(new OnlineBackup(data, stage -> {
            if (broken) {
                throw new StoreException("a disk is broken", null, false);
            }
            try {
                assertTrue(mayLink.await(30, TimeUnit.SECONDS));
                Files.createLink(stage.resolve("00000000.jdb"), data.resolve("log/00000000.jdb"));
                return 0;
            } catch (IOException | InterruptedException e) {
                throw new StoreException(e.toString(), e, false);
            }
        }, "1"), storage(data, directory, 2, minFree), () -> NOW, Thread::new, () -> Optional.ofNullable(lacks));
    }

    private static String name(BackupMaker.Run run) throws Exception {
        return run.name().get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldMakeOneWhileOthersAreRefused() throws Exception {
        try (Backups backups = backups(Optional.of(into))) {
            assertEquals(Instant.EPOCH, backups.last());
            backups.check();
            BackupMaker.Run run = backups.begin();
            assertTrue(assertThrows(BackupRefusal.class, backups::check).getMessage().contains("wait until it is complete"));
            assertThrows(BackupRefusal.class, backups::begin);
            assertFalse(backups.makeNow(NOW), "nor does the schedule make another beside it");
            assertTrue(backups.made().running());
            assertEquals(List.of(), backups.made().backups());

            mayLink.countDown();

            assertEquals("20261130T120000Z", name(run));
            assertEquals(1_000, run.copied());
            assertEquals(1_000, run.total());
            BackupMaker.Made made = backups.made();
            assertEquals(List.of("20261130T120000Z"), made.backups().stream().map(BackupMaker.Backup::name).toList());
            assertEquals(NOW, made.backups().get(0).at());
            assertEquals(NOW, backups.last());
            assertEquals(NOW, backups(Optional.of(into)).last(), "also after a restart");
            assertTrue(made.backups().get(0).bytes() > 1_000, "the manifest is part of it");
        }
    }

    @Test
    void shouldLeaveNothingOfOneThatIsStopped() throws Exception {
        try (Backups backups = backups(Optional.of(into))) {
            BackupMaker.Run run = backups.begin();
            run.stop();
            mayLink.countDown();
            ExecutionException failed = assertThrows(ExecutionException.class, () -> name(run));
            assertEquals("the backup was stopped", failed.getCause().getMessage());
        }
        try (var left = Files.list(into)) {
            assertEquals(0, left.count());
        }
        assertFalse(Files.exists(data.resolve("backup-stage")));
    }

    @Test
    void shouldGiveUpWhenTheBrokerStops() throws Exception {
        Backups backups = backups(Optional.of(into));
        BackupMaker.Run run = backups.begin();
        Thread closing = new Thread(backups::close);
        closing.start();
        mayLink.countDown();
        closing.join(30_000);
        assertTrue(run.name().isDone());
        assertThrows(BackupRefusal.class, backups::begin);
    }

    @Test
    void shouldSayWhatIsWrongAndBeReadyForTheNext() throws Exception {
        mayLink.countDown();
        try (Backups backups = backups(Optional.of(into))) {
            broken = true;
            ExecutionException failed = assertThrows(ExecutionException.class, () -> name(backups.begin()));
            assertEquals("a disk is broken", failed.getCause().getMessage());
            broken = false;
            awaitIdle(backups);
            assertEquals("20261130T120000Z", name(backups.begin()));
        }
    }

    @Test
    void shouldNameTheSecondOfOneSecondLater() throws Exception {
        mayLink.countDown();
        try (Backups backups = backups(Optional.of(into))) {
            assertEquals("20261130T120000Z", name(backups.begin()));
            awaitIdle(backups);
            assertEquals("20261130T120001Z", name(backups.begin()));
            awaitIdle(backups);
            assertEquals("20261130T120002Z", name(backups.begin()));
        }
    }

    private static void awaitIdle(Backups backups) {
        Await.until("nothing is made", () -> !backups.made().running());
    }

    @Test
    void shouldRefuseWithWhatHelps() throws Exception {
        try (Backups none = backups(Optional.empty())) {
            assertTrue(assertThrows(BackupRefusal.class, none::check).getMessage().contains("MEMPHISEE_BACKUP_DIR"));
            assertThrows(BackupRefusal.class, none::begin);
            assertThrows(BackupRefusal.class, none::made);
        }
        Files.writeString(root.resolve("file"), "no directory");
        try (Backups file = backups(Optional.of(root.resolve("file")))) {
            assertTrue(assertThrows(BackupRefusal.class, file::check).getMessage().contains("cannot be written"));
        }
        minFree = 1L << 60;
        try (Backups full = backups(Optional.of(into))) {
            String text = assertThrows(BackupRefusal.class, full::check).getMessage();
            assertTrue(text.matches("There is no room .* takes about 1 MiB, .*have to stay free for the log.*keep.*"), text);
            assertThrows(IOException.class, () -> full.makeNow(NOW), "nor does the schedule fill the disk of the log");
        }
    }

    @Test
    void shouldMakeNoneOfANodeThatHasNotAllThatItShould() throws Exception {
        mayLink.countDown();
        lacks = "is not current with the meta leader";
        try (Backups backups = backups(Optional.of(into))) {
            String why = "This node is not current with the meta leader, so its backup would lack what others have";
            assertTrue(assertThrows(BackupRefusal.class, backups::check).getMessage().startsWith(why));
            assertTrue(assertThrows(IOException.class, () -> backups.makeNow(NOW)).getMessage().startsWith(why), "nor does the schedule");
            lacks = null;
            backups.check();
            assertTrue(backups.makeNow(NOW));
        }
    }
}

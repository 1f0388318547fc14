package org.memphisee.core.jetstream.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Reply;
import org.memphisee.core.archive.ArchiveEntry;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;

/** How long a restore is kept of which nothing comes, and who ends it. */
class IdleRestoreTest {

    private static final long IDLE = 1_000;

    private final AtomicLong now = new AtomicLong();
    private final CompletableFuture<Long> abandoned = new CompletableFuture<>();

    private final class Nowhere implements IncomingRestore.Destination {
        @Override
        public void entry(ArchiveEntry entry) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public long unwritten() {
            return 0;
        }

        @Override
        public String problem() {
            return "";
        }

        @Override
        public void finish(long bytes, Reply reply) {
            throw new AssertionError("nothing is finished");
        }

        @Override
        public void refuse(long bytes, String why, Reply reply) {
            throw new AssertionError("nothing is refused");
        }

        @Override
        public void abandon(long bytes) {
            abandoned.complete(bytes);
        }
    }

    private IncomingRestore restore() {
        return new IncomingRestore("r", new Nowhere(), 1 << 20, new BrokerClock() {
            @Override
            public long wallNanos() {
                return now.get();
            }

            @Override
            public long nowNanos() {
                return now.get();
            }
        }, IDLE);
    }

    private static Transfers transfers() {
        return new Transfers(World.of(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
    }

    @Test
    void shouldBeGivenUpAfterItsTimeAndNotBefore() throws Exception {
        try (Transfers transfers = transfers()) {
            transfers.begin(restore());
            now.set(IDLE);
            CompletableFuture<Void> looked = new CompletableFuture<>();
            transfers.find("r").orElseThrow().wake();
            transfers.between(() -> looked.complete(null));
            looked.get(10, TimeUnit.SECONDS);
            assertFalse(abandoned.isDone());
            now.set(IDLE + 1);
            assertEquals(0, abandoned.get(10, TimeUnit.SECONDS));
            assertEquals(0, transfers.size());
        }
    }

    @Test
    void shouldLeaveItsDestinationOnceToOneThatGoesOn() throws Exception {
        try (Transfers transfers = transfers()) {
            IncomingRestore restore = restore();
            transfers.begin(restore);
            CompletableFuture<Boolean> left = new CompletableFuture<>();
            transfers.between(() -> {
                boolean first = restore.leave();
                restore.cancel(); // has ended
                left.complete(first && !restore.leave());
            });
            assertTrue(left.get(10, TimeUnit.SECONDS));
            assertFalse(abandoned.isDone());
            assertEquals(0, transfers.size());
            IncomingRestore other = restore();
            transfers.begin(other);
            transfers.between(other::cancel);
            assertEquals(0, abandoned.get(10, TimeUnit.SECONDS));
        }
    }
}

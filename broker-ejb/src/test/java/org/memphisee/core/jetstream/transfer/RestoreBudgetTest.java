package org.memphisee.core.jetstream.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Reply;
import org.memphisee.core.archive.ArchiveEntry;
import org.memphisee.core.time.World;

/** What a client may send without waiting for answers, and what is taken of it while the disk is behind. */
class RestoreBudgetTest {

    private static final String TOO_MUCH = "more than 16777216 bytes were sent without waiting for answers";

    private final World world = World.of(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final Transfers transfers = new Transfers(world);
    private final AtomicLong unwritten = new AtomicLong();
    private final CompletableFuture<String> refused = new CompletableFuture<>();
    private final List<String> answers = Collections.synchronizedList(new ArrayList<>());
    private final IncomingRestore restore = new IncomingRestore("r", new IncomingRestore.Destination() {
        @Override
        public void entry(ArchiveEntry entry) {
            throw new AssertionError("nothing is an archive");
        }

        @Override
        public long unwritten() {
            return unwritten.get();
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
            refused.complete(why);
        }

        @Override
        public void abandon(long bytes) {
            throw new AssertionError("it is told of");
        }
    }, 1 << 20, world.clock(), Long.MAX_VALUE / 2);

    @AfterEach
    void close() {
        transfers.close();
    }

    private Reply reply(String name) {
        return new Reply() {
            @Override
            public boolean wanted() {
                return true;
            }

            @Override
            public void send(byte[] payload) {
                answers.add(name);
            }

            @Override
            public void send(byte[] headerBlock, byte[] payload) {
                answers.add(name);
            }

            @Override
            public void nobody() {
                answers.add(name);
            }
        };
    }

    /** All that was handed over before has been looked at. */
    private void looked() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        transfers.between(() -> done.complete(null));
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldTakeNothingWhileTheDiskIsBehindAndRefuseWhatIsOverTheBudget() throws Exception {
        unwritten.set((8 << 20) + 1);
        transfers.begin(restore);
        for (int i = 0; i < 4; i++) {
            restore.chunk(new byte[4 << 20], reply("chunk " + i));
        }
        looked();
        assertEquals(List.of(), answers);
        assertFalse(refused.isDone(), "exactly the budget waits");
        restore.chunk(new byte[1], reply("over"));
        looked();
        assertFalse(refused.isDone(), "the disk is behind");
        unwritten.set(8 << 20);
        restore.wake();
        assertEquals(TOO_MUCH, refused.get(10, TimeUnit.SECONDS));
        assertEquals(List.of(), answers);
        assertEquals(0, transfers.size());
    }

    @Test
    void shouldRefuseAChunkThatIsLargerThanTheBudgetAlthoughNothingElseWaits() throws Exception {
        transfers.begin(restore);
        looked();
        restore.chunk(new byte[(16 << 20) + 1], reply("large"));
        assertEquals(TOO_MUCH, refused.get(10, TimeUnit.SECONDS));
        looked();
        assertEquals(0, transfers.size());
    }
}

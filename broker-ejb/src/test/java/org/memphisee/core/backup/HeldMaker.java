package org.memphisee.core.backup;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Begins a backup when it is asked, and makes it when the test says so: 3 of 10 bytes until then. There is one of before. Any thread.
 */
public final class HeldMaker implements BackupMaker, BackupMaker.Run {

    private final CompletableFuture<String> name = new CompletableFuture<>();
    private volatile String refusal = "";
    private volatile boolean begun;
    private volatile boolean stopped;

    /** From now on it begins none, and says why. */
    public void refuse(String why) {
        refusal = why;
    }

    /** It was asked for one. */
    public boolean begun() {
        return begun;
    }

    /** Somebody wanted it no more. */
    public boolean stopped() {
        return stopped;
    }

    @Override
    public void check() {
        if (!refusal.isEmpty()) {
            throw new BackupRefusal(refusal);
        }
    }

    @Override
    public Run begin() {
        begun = true;
        return this;
    }

    @Override
    public Made made() {
        return new Made("/b", 7, begun, List.of(new Backup("20261130T120000Z", Instant.EPOCH, 5)));
    }

    @Override
    public long copied() {
        return 3;
    }

    @Override
    public long total() {
        return 10;
    }

    /** What the backup is called; to be completed by the test. */
    @Override
    public CompletableFuture<String> name() {
        return name;
    }

    @Override
    public void stop() {
        stopped = true;
    }
}

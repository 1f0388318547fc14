package org.memphisee.store.je;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;

import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseException;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.Transaction;
import com.sleepycat.je.TransactionConfig;

import org.memphisee.core.time.ThreadEnd;

/**
 * Finishes removals of large partitions on a thread of its own, in small transactions that leave the log to the writer
 * in between. The mark in {@code drops} is removed last, so that a restart goes on where a crash ended it.
 */
final class JePartitionDropper {
    private static final int SLICE = 256;
    /** Between two slices; a hundred thousand batches take about a second and a half of pauses. */
    private static final long PAUSE_MILLIS = 2;
    /** After a failure that left the store usable, such as a full disk. */
    private static final long RETRY_MILLIS = 1_000;
    private static final TransactionConfig NO_SYNC =
        new TransactionConfig().setDurability(Durability.COMMIT_WRITE_NO_SYNC);

    private final Environment environment;
    private final JeDatabases databases;
    private final JeFailures failures;
    private final ThreadFactory threads;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private Thread thread;
    private boolean closed;

    JePartitionDropper(Environment environment, JeDatabases databases, JeFailures failures, ThreadFactory threads) {
        this.environment = environment;
        this.databases = databases;
        this.failures = failures;
        this.threads = threads;
    }

    /** Takes partitions whose marks are stored. */
    synchronized void add(Collection<Long> partitions) {
        if (closed || partitions.isEmpty()) {
            return;
        }
        waiting.addAll(partitions);
        if (thread == null) {
            thread = threads.newThread(this::run);
            thread.start();
        }
        notifyAll();
    }

    /** Partitions that are not finished. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Ends after the current slice. Without an interrupt, which would invalidate the environment. */
    void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = thread;
        }
        if (running != null) {
            ThreadEnd.await(running);
        }
    }

    private void run() {
        try {
            long partition = next();
            while (partition >= 0) {
                long pause = PAUSE_MILLIS;
                try {
                    if (slice(partition)) {
                        finished(partition);
                    }
                } catch (DatabaseException | IllegalStateException e) {
                    failures.of("remove partition " + partition, e);
                    pause = RETRY_MILLIS;
                }
                pause(pause);
                partition = next();
            }
        } catch (InterruptedException e) {
            // The container ends its threads; the marks are stored, the next start goes on.
            Thread.currentThread().interrupt();
        }
    }

    /** Removes some; true when nothing is left. */
    private boolean slice(long partition) {
        Transaction transaction = environment.beginTransaction(null, NO_SYNC);
        boolean committed = false;
        try {
            int left = SLICE;
            for (Database database : databases.ofPartitions()) {
                left -= KeyScan.remove(database, transaction, partition, left);
                if (left == 0) {
                    break;
                }
            }
            if (left > 0) {
                databases.drops.delete(transaction, Keys.of(partition));
            }
            transaction.commit();
            committed = true;
            return left > 0;
        } finally {
            if (!committed && environment.isValid()) {
                transaction.abort();
            }
        }
    }

    /** The next partition, -1 when there will be none. */
    private synchronized long next() throws InterruptedException {
        while (!closed && waiting.isEmpty()) {
            wait();
        }
        return closed || failures.failed() ? -1 : waiting.peekFirst();
    }

    private synchronized void finished(long partition) {
        waiting.remove(partition);
    }

    private synchronized void pause(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while (!closed && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        }
    }
}

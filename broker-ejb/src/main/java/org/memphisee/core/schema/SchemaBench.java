package org.memphisee.core.schema;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where schemas are read, one after the other, on a thread that nobody waits for: what one of them costs holds up other
 * schemas only. Any thread; results complete on the bench's thread.
 */
public final class SchemaBench {

    /** How many requests may wait; work for what is defined already may always. */
    static final int MAX_WAITING = 1_000;
    /** How many characters their texts may have together. */
    static final long MAX_SIZE = 16 << 20;
    private static final String BUSY = "the broker is busy with other schemas, try again";

    private final SchemaLanguages languages;
    private final Executor executor;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong size = new AtomicLong();
    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private interface Work<T> {
        T run() throws SchemaException;
    }

    /**
     * A bench.
     *
     * @param executor gets one thing at a time
     */
    public SchemaBench(SchemaLanguages languages, Executor executor) {
        this.languages = languages;
        this.executor = executor;
    }

    /** Reads a text; fails with a {@link SchemaException}, or a {@link RejectedExecutionException} when too many wait. */
    public CompletableFuture<SchemaText> read(SchemaType type, String file, String content, String messageName) {
        return bounded(content.length(), () -> languages.read(type, file, content, messageName));
    }

    /** What breaks; fails as {@link #read} does. */
    public CompletableFuture<List<String>> breaks(SchemaType type, SchemaText reader, SchemaText writer) {
        return bounded(0, () -> languages.breaks(type, reader, writer)); // of versions that are in memory already
    }

    /** Makes a defined version ready. One that cannot be read any more lets nothing through; never fails. */
    public CompletableFuture<MessageCheck> check(String schema, int version, SchemaType type, SchemaText text) {
        CompletableFuture<MessageCheck> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(languages.check(type, text));
            } catch (SchemaException | RuntimeException | Error e) {
                result.complete(MessageCheck.refusing("version " + version + " of the schema " + schema + " cannot be read: "
                    + e.getMessage()));
            }
        });
        return result;
    }

    private void execute(Runnable work) {
        queue.add(work);
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        do {
            Runnable work;
            while ((work = queue.poll()) != null) {
                work.run();
            }
            scheduled.set(false);
        } while (!queue.isEmpty() && scheduled.compareAndSet(false, true));
    }

    private <T> CompletableFuture<T> bounded(int characters, Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (waiting.incrementAndGet() > MAX_WAITING | size.addAndGet(characters) > MAX_SIZE) {
            end(characters);
            result.completeExceptionally(new RejectedExecutionException(BUSY));
            return result;
        }
        execute(() -> {
            try {
                result.complete(work.run());
            } catch (SchemaException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            } finally {
                end(characters);
            }
        });
        return result;
    }

    private void end(int characters) {
        waiting.decrementAndGet();
        size.addAndGet(-characters);
    }
}

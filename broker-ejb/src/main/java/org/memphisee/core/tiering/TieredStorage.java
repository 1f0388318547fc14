package org.memphisee.core.tiering;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.tier.Retirement;
import org.memphisee.core.tier.TierReader;
import org.memphisee.core.tier.TieredMessage;
import org.memphisee.core.tiering.ObjectStore.Answer;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.ObjectStore.Outcome;
import org.memphisee.core.time.TimedLoop;

/**
 * Brings what the limits of tiered stations no longer allow into a bucket, and only then lets it go. One object is on its way at
 * a time, so that its memory is bounded. What does not get there waits where it is, up to a number of bytes; then the oldest is
 * removed and counted, because producers come first. Any thread for what is public; the work is on the loop.
 */
public final class TieredStorage {

    /** Messages of one object. */
    static final int MAX_MESSAGES = 10_000;
    /** Headers and payloads of one object, bytes; a larger single message makes a larger object. */
    static final long MAX_BYTES = 4L << 20;
    /** The largest object that is read back, bytes: two digits for a byte of the largest message that a broker takes. */
    static final int MAX_OBJECT = 256 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = SECOND;
    private static final int LOOKS_PER_MEASURE = 5;
    private static final long LONGEST_PAUSE_NANOS = 60 * SECOND;

    private final ControlEngine engine;
    private final TimedLoop loop;
    private final TieredPartitions partitions;
    private final ObjectStore store;
    private final Supplier<Optional<Bucket>> bucket;
    private final IntSupplier seconds;
    private final long maxWaiting;
    private final BiConsumer<Bucket, Answer> told;
    private final TierReads reads;
    private final LongAdder uploads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile long waitingBytes;
    private volatile long lastUpload;
    private volatile String problem = "";
    // loop
    private long flushAt;
    private long pause;
    private boolean flushing;
    private boolean measuring;
    private int looks;

    /**
     * One that does not work yet.
     *
     * @param loop for background work, the caller's
     * @param partitions which there are
     * @param store the network
     * @param bucket where to, empty when nobody said or it cannot be known
     * @param seconds time between two uploads
     * @param maxWaiting accounted bytes that may wait in all partitions
     * @param told hears of each answer of the store, on the loop
     */
    public TieredStorage(ControlEngine engine, TimedLoop loop, TieredPartitions partitions, ObjectStore store,
                         Supplier<Optional<Bucket>> bucket, IntSupplier seconds, long maxWaiting,
                         BiConsumer<Bucket, Answer> told) {
        this.engine = engine;
        this.loop = loop;
        this.partitions = partitions;
        this.store = store;
        this.bucket = bucket;
        this.seconds = seconds;
        this.maxWaiting = maxWaiting;
        this.told = told;
        this.reads = new TierReads(store, bucket, MAX_OBJECT, partitions::has);
    }

    /** Begins to work. Once. */
    public void start() {
        loop.execute(() -> {
            flushAt = now() + interval();
            loop.after(LOOK_NANOS, this::look);
        });
    }

    /** Reads back what is there. */
    public TierReader reader() {
        return reads;
    }

    /** What was done so far. */
    public TierFigures figures() {
        return new TierFigures(uploads.sum(), failures.sum(), stored.sum(), waitingBytes, lost.sum(), lastUpload, problem);
    }

    /** Looks at once, also when it was to pause: credentials have changed. */
    public void again() {
        loop.execute(() -> {
            pause = 0;
            flushAt = now();
        });
    }

    // ---- loop

    private long now() {
        return engine.clock().nowNanos();
    }

    private long interval() {
        return seconds.getAsInt() * SECOND;
    }

    private void look() {
        loop.after(LOOK_NANOS, this::look);
        if (partitions.none()) {
            problem = "";
            waitingBytes = 0;
            return;
        }
        if (!flushing && now() - flushAt >= 0) {
            flush();
        }
        if (!measuring && looks++ % LOOKS_PER_MEASURE == 0) {
            measure();
        }
    }

    private List<PartitionHandle> handles() {
        return partitions.streams().stream().flatMap(name -> engine.registry().byName(name).stream())
            .filter(handle -> handle.state().messages() > 0).toList();
    }

    private void flush() {
        flushing = true;
        next(new ArrayDeque<>(handles()));
    }

    /** One object of the next partition; a partition that has more comes again behind the others. */
    private void next(Deque<PartitionHandle> left) {
        PartitionHandle handle = left.poll();
        if (handle == null) {
            flushing = false;
            flushAt = now() + interval();
            return;
        }
        handle.run(p -> p.retirement().due(MAX_MESSAGES, MAX_BYTES, due -> loop.execute(() -> upload(handle, due, left))));
    }

    private void upload(PartitionHandle handle, Retirement.Due due, Deque<PartitionHandle> left) {
        if (due.messages().isEmpty()) {
            next(left);
            return;
        }
        Optional<Bucket> to = bucket.get();
        if (to.isEmpty()) {
            failed("the stored secret key cannot be read, enter it again");
            return;
        }
        List<TieredMessage> messages = due.messages();
        store.put(to.get(), TierObject.key(handle.name(), handle.createdNanos(), messages), TierObject.encode(messages))
            .whenComplete((answer, failure) -> loop.execute(() -> {
                Answer got = answer != null ? answer : new Answer(Outcome.FAILED, "an internal error: " + failure);
                told.accept(to.get(), got);
                if (got.outcome() == Outcome.DONE) {
                    uploaded(handle, messages);
                    if (due.more()) {
                        left.add(handle);
                    }
                    next(left);
                } else {
                    failed(got.reason());
                }
            }));
    }

    private void uploaded(PartitionHandle handle, List<TieredMessage> messages) {
        long last = messages.get(messages.size() - 1).sequence();
        handle.run(p -> p.retirement().done(last));
        uploads.increment();
        stored.add(messages.size());
        lastUpload = engine.clock().wallNanos();
        problem = "";
        pause = 0;
    }

    private void failed(String why) {
        failures.increment();
        problem = why;
        pause = Math.min(LONGEST_PAUSE_NANOS, Math.max(SECOND, 2 * pause));
        flushing = false;
        flushAt = now() + pause;
    }

    // ---- what waits

    /** How much one partition holds back. */
    private record Waiting(PartitionHandle handle, Retirement.Held held) { }

    private void measure() {
        List<PartitionHandle> all = handles();
        if (all.isEmpty()) {
            waitingBytes = 0;
            return;
        }
        measuring = true;
        List<Waiting> measured = new ArrayList<>();
        all.forEach(handle -> handle.run(p -> {
            Retirement.Held held = p.retirement().held();
            loop.execute(() -> {
                measured.add(new Waiting(handle, held));
                if (measured.size() == all.size()) {
                    measuring = false;
                    measured(measured);
                }
            });
        }));
    }

    private void measured(List<Waiting> all) {
        long sum = all.stream().mapToLong(w -> w.held().bytes()).sum();
        waitingBytes = sum;
        boolean noRoom = all.stream().anyMatch(w -> w.held().noRoom());
        if (problem.isEmpty() && (noRoom || sum > maxWaiting / 2)) {
            flushAt = now(); // before it is too much
        }
        if (!problem.isEmpty()) {
            all.stream().filter(w -> w.held().noRoom()).forEach(w -> giveUp(w.handle(), Long.MAX_VALUE));
        }
        long over = sum - maxWaiting;
        List<Waiting> largest = new ArrayList<>(all);
        largest.sort((a, b) -> Long.compare(b.held().bytes(), a.held().bytes()));
        for (int i = 0; i < largest.size() && over > 0; i++) {
            long less = Math.min(over, largest.get(i).held().bytes());
            giveUp(largest.get(i).handle(), less);
            over -= less;
        }
    }

    private void giveUp(PartitionHandle handle, long bytes) {
        handle.run(p -> lost.add(p.retirement().giveUp(bytes).messages()));
    }
}

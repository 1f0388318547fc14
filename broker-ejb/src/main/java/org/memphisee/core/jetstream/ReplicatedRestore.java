package org.memphisee.core.jetstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.World;

/**
 * Restores into replication groups (ADR 0244). What came is on this node, complete and unknown to all. Partitions are defined as
 * being filled, filled through their group, then get consumers, and at last serve. When something fails on the way, what was
 * defined is removed; when this node dies on the way, it removes it after its next start. Control loop, unless said otherwise.
 */
final class ReplicatedRestore {

    private static final long LOOK_NANOS = 100_000_000L;
    /** What is not removed is removed after so long. */
    private static final long AGAIN_NANOS = 1_000_000_000L;
    /** So long it waits until this node leads a group. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final ControlEngine engine;
    private final Executor worker;
    /** Partitions that this process fills. */
    private final Set<Long> filling = ConcurrentHashMap.newKeySet();
    /** What has to be removed and was not yet. */
    private final Set<SystemEvent> unwanted = ConcurrentHashMap.newKeySet();
    /** What waits until this node leads a group. */
    private final List<Waiting> waiting = new ArrayList<>();
    private long againNanos;
    private volatile World.Running watch;

    private record Waiting(int replicas, long untilNanos, LongConsumer led, Runnable never) { }

    /** What was imported under one number becomes another partition. */
    record Piece(long imported, long partition) { }

    /**
     * What a restore defines.
     *
     * @param filling makes its partitions, which are being filled
     * @param pieces what fills them
     * @param rest what follows when they are filled, in this order; the last have them serve
     * @param removal removes what the first made
     */
    record Steps(SystemEvent filling, List<Piece> pieces, List<SystemEvent> rest, SystemEvent removal) { }

    /** Nothing yet. {@code worker} reads what was imported. */
    ReplicatedRestore(ControlEngine engine, Executor worker) {
        this.engine = engine;
        this.worker = worker;
    }

    /** Refuses what cannot be restored now; else this node asks to lead a group of so many copies, unless it does. */
    void prepare(int replicas) {
        if (replicas > engine.view().live().size()) {
            throw ApiError.NO_SUITABLE_PEERS.refusal();
        }
        if (engine.placeLed(replicas).isEmpty()) {
            engine.askToLead(replicas);
        }
    }

    /**
     * Does it all in a group of so many copies, once this node leads one; told when all of it serves, or nothing of it is there.
     *
     * @param steps what is to be done, by the number of the group
     */
    void run(Author by, int replicas, LongFunction<Steps> steps, ChangeResult result) {
        Optional<Long> group = engine.placeLed(replicas);
        if (group.isPresent()) {
            run(by, steps.apply(group.get()), result);
            return;
        }
        engine.askToLead(replicas);
        waiting.add(new Waiting(replicas, engine.clock().nowNanos() + PATIENCE_NANOS, led -> run(by, steps.apply(led), result),
            () -> result.failed(new StoreException("this node does not come to lead a replication group of " + replicas
                + " copies: ask another node, or ask again", null, false))));
        watch();
    }

    private void watch() {
        if (watch == null) {
            watch = engine.world().repeat("memphisee-restore-watch", LOOK_NANOS, () -> engine.resume(this::look));
        }
    }

    private void look() {
        long now = engine.clock().nowNanos();
        for (Waiting each : List.copyOf(waiting)) {
            Optional<Long> group = engine.placeLed(each.replicas());
            if (group.isPresent() || now > each.untilNanos()) {
                waiting.remove(each);
                group.ifPresentOrElse(each.led()::accept, each.never());
            }
        }
        if (now > againNanos && !unwanted.isEmpty()) {
            againNanos = now + AGAIN_NANOS;
            List.copyOf(unwanted).forEach(removal -> engine.change(Author.BROKER, removal, then(() -> unwanted.remove(removal),
                cause -> { })));
        }
    }

    private void run(Author by, Steps steps, ChangeResult result) {
        steps.pieces().forEach(piece -> filling.add(piece.partition()));
        engine.change(by, steps.filling(), then(() -> fill(by, steps, 0, result), cause -> {
            if (cause instanceof UndecidedException) {
                giveUp(steps, cause, result);
            } else {
                ended(steps);
                result.failed(cause);
            }
        }));
    }

    private void fill(Author by, Steps steps, int next, ChangeResult result) {
        if (next == steps.pieces().size()) {
            define(by, steps, 0, result);
            return;
        }
        Piece piece = steps.pieces().get(next);
        engine.registry().fill(piece.imported(), piece.partition(), worker, failure -> engine.resume(() ->
            failure.ifPresentOrElse(cause -> giveUp(steps, cause, result), () -> fill(by, steps, next + 1, result))));
    }

    private void define(Author by, Steps steps, int next, ChangeResult result) {
        if (steps.pieces().stream().anyMatch(piece -> engine.definitions().streamById(piece.partition()).isEmpty())) {
            giveUp(steps, new StoreException("it was deleted while it was being restored", null, false), result);
        } else if (next == steps.rest().size()) {
            ended(steps);
            result.effective();
        } else {
            engine.change(by, steps.rest().get(next), then(() -> define(by, steps, next + 1, result),
                cause -> giveUp(steps, cause, result)));
        }
    }

    private ChangeResult then(Runnable next, Consumer<StoreException> otherwise) {
        return new ChangeResult() {
            @Override
            public void effective() {
                engine.resume(next);
            }

            @Override
            public void failed(StoreException cause) {
                otherwise.accept(cause);
            }
        };
    }

    // ---- what nobody wants

    private void giveUp(Steps steps, StoreException why, ChangeResult result) {
        remove(steps.removal(), () -> {
            ended(steps);
            result.failed(why);
        });
    }

    private void ended(Steps steps) {
        steps.pieces().forEach(piece -> filling.remove(piece.partition()));
    }

    /** Told when it was tried once; it is tried again until it is done. */
    private void remove(SystemEvent removal, Runnable tried) {
        unwanted.add(removal);
        engine.change(Author.BROKER, removal, then(() -> {
            unwanted.remove(removal);
            tried.run();
        }, cause -> {
            tried.run();
            watch();
        }));
    }

    /** Removes what this node was restoring when it died; once it knows all that is defined. Any thread. */
    void removeLeft() {
        engine.resume(() -> engine.definitions().streams().filter(stream -> stream.config().filling()
            && engine.own(stream.partitionId()) && !filling.contains(stream.partitionId())).map(this::removal).distinct().toList()
            .forEach(removal -> remove(removal, () -> { })));
    }

    private SystemEvent removal(StreamDefinition stream) {
        return stream.owned() ? new SystemEvent.StationDeleted(stream.stationId())
            : new SystemEvent.StreamDeleted(stream.partitionId());
    }

    /** Tries no more. No loop's thread. */
    void close() {
        World.Running looking = watch;
        if (looking != null) {
            looking.close();
        }
    }
}

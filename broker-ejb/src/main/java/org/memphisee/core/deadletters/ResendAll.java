package org.memphisee.core.deadletters;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ErrandUnavailable;
import org.memphisee.core.errand.MarkNextLetters;
import org.memphisee.core.stations.Target;
import org.memphisee.core.tasks.TaskState;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.core.tasks.TaskWork;

/**
 * Has all letters of a station sent again, some with each step. It remembers partition and letter it has come to; a step that is done
 * again after a restart marks what is marked already. Loop of tasks.
 */
final class ResendAll implements TaskWork {

    private static final int SLICE = 1_000;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final String PARTITION = "partition";
    private static final String LETTER = "letter";

    private final ControlEngine engine;

    ResendAll(ControlEngine engine) {
        this.engine = engine;
    }

    @Override
    public CompletableFuture<TaskStep> step(TaskState state) {
        CompletableFuture<TaskStep> result = new CompletableFuture<>();
        engine.resume(() -> {
            Optional<Target> target = Target.find(engine.definitions(), state.station());
            if (target.isEmpty()) {
                result.complete(TaskStep.fail("the station was removed", state.done(), state.total(), state.data()));
                return;
            }
            List<String> streams = engine.definitions().partitionsOf(target.get().id()).stream()
                .flatMap(id -> engine.definitions().streamById(id).map(StreamDefinition::name).stream()).toList();
            List<AnyPartition> partitions = engine.errands().partitions(streams);
            boolean first = state.total() == 0;
            (first ? engine.errands().refresh(partitions, 0) : CompletableFuture.<Void>completedFuture(null))
                .thenRun(() -> step(state, partitions, result));
        });
        return result;
    }

    private void step(TaskState state, List<AnyPartition> partitions, CompletableFuture<TaskStep> result) {
        int at = Integer.parseInt(state.data().getOrDefault(PARTITION, "0"));
        long after = Long.parseLong(state.data().getOrDefault(LETTER, "0"));
        long total = state.total() > 0 ? state.total()
            : partitions.stream().mapToLong(p -> p.figures().letters().unacked()).sum();
        if (at >= partitions.size()) {
            result.complete(TaskStep.complete(state.done(), Math.max(total, state.done()), Map.of()));
            return;
        }
        partitions.get(at).run(new MarkNextLetters(after, SLICE)).whenComplete((marked, failure) -> {
            if (failure == null) {
                result.complete(TaskStep.goOn(state.done() + marked.count(), total, marked.count() < SLICE
                    ? Map.of(PARTITION, Integer.toString(at + 1))
                    : Map.of(PARTITION, Integer.toString(at), LETTER, Long.toString(marked.last()))));
            } else if (ErrandUnavailable.in(failure).isPresent()) { // the same again, when somebody decides about the partition
                result.complete(TaskStep.goOnAfter(PAUSE_NANOS, state.done(), total, state.data()));
            } else {
                result.completeExceptionally(failure);
            }
        });
    }
}

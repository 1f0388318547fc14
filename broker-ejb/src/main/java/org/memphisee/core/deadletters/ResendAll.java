package org.memphisee.core.deadletters;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.stations.Target;
import org.memphisee.core.tasks.TaskState;
import org.memphisee.core.tasks.TaskStep;
import org.memphisee.core.tasks.TaskWork;

/**
 * Has all letters of a station sent again, some with each step. It remembers partition and letter it has come to; a step that is done
 * again after a restart marks what is marked already. Loop of tasks.
 */
final class ResendAll implements TaskWork {

    private static final int SLICE = 100;
    private static final String PARTITION = "partition";
    private static final String LETTER = "letter";

    private final ControlEngine engine;
    private final DeadLetters letters;

    ResendAll(ControlEngine engine, DeadLetters letters) {
        this.engine = engine;
        this.letters = letters;
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
            List<PartitionHandle> partitions = engine.definitions().partitionsOf(target.get().id()).stream()
                .flatMap(id -> engine.definitions().streamById(id).map(StreamDefinition::name).stream())
                .flatMap(name -> engine.registry().byName(name).stream()).toList();
            step(state, partitions, result);
        });
        return result;
    }

    private void step(TaskState state, List<PartitionHandle> partitions, CompletableFuture<TaskStep> result) {
        int at = Integer.parseInt(state.data().getOrDefault(PARTITION, "0"));
        long after = Long.parseLong(state.data().getOrDefault(LETTER, "0"));
        long total = state.total() > 0 ? state.total() : partitions.stream().mapToLong(p -> p.deadLetters().unacked()).sum();
        if (at >= partitions.size()) {
            result.complete(TaskStep.complete(state.done(), Math.max(total, state.done()), Map.of()));
            return;
        }
        partitions.get(at).run(p -> {
            List<Letter> some = p.letters().oldest(l -> l.id() > after && l.kind() == Letter.Kind.UNACKED && !l.groups().isEmpty(),
                SLICE);
            some.forEach(letter -> letters.mark(p, letter.id()));
            Map<String, String> next = some.size() < SLICE ? Map.of(PARTITION, Integer.toString(at + 1))
                : Map.of(PARTITION, Integer.toString(at), LETTER, Long.toString(some.get(SLICE - 1).id()));
            p.whenCursorsDurable(() -> result.complete(TaskStep.goOn(state.done() + some.size(), total, next)));
        });
    }
}

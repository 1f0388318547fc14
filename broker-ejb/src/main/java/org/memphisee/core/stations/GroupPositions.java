package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ConsumerFigures;
import org.memphisee.core.errand.FindStart;
import org.memphisee.core.stations.GroupReset.Part;
import org.memphisee.core.stations.GroupStatus.Position;

/** Where groups are on partitions, and where a reset would bring one. Asks who decides about the partitions; any thread. */
final class GroupPositions {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final ControlEngine engine;

    GroupPositions(ControlEngine engine) {
        this.engine = engine;
    }

    /** A consumer and where it is. */
    record Found(ConsumerFigures figures, Position position) { }

    /** All consumers of the streams. */
    CompletableFuture<List<Found>> of(List<StreamDefinition> streams) {
        StationConsumers read = new StationConsumers(true, true);
        List<CompletableFuture<List<Found>>> asked = new ArrayList<>();
        for (StreamDefinition stream : streams) {
            engine.errands().partition(stream.name()).ifPresent(partition -> asked.add(read.of(partition).thenApply(all ->
                all.stream().map(one -> new Found(one.figures(), position(stream.number(), one.figures()))).toList())));
        }
        return RequestRefusal.of(StationConsumers.joined(asked))
            .thenApply(lists -> lists.stream().flatMap(List::stream).toList());
    }

    private static Position position(int number, ConsumerFigures c) {
        return new Position(number, c.lastSequence(), c.delivered(), c.floor(), c.lag(), c.inProcess(), c.givenUp(),
            c.oldestNanos() / NANOS_PER_MILLI);
    }

    /** Where a reset brings the consumer of that name on each stream. */
    CompletableFuture<List<Part>> parts(List<StreamDefinition> streams, String consumer, GroupReset reset) {
        FindStart errand = new FindStart(consumer, where(reset.to()), reset.value());
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (StreamDefinition stream : streams) {
            AnyPartition partition = engine.errands().partition(stream.name()).orElseThrow(() ->
                new RequestRefusal(StationRemovals.noPartition(stream.number())));
            parts.add(partition.run(errand).thenApply(found ->
                new Part(stream.number(), found.lag(), found.sequence(), found.messages(), found.exact())));
        }
        return RequestRefusal.of(StationConsumers.joined(parts));
    }

    private static FindStart.Where where(GroupReset.To to) {
        return switch (to) {
            case START -> FindStart.Where.FIRST;
            case END -> FindStart.Where.NEXT;
            case SEQUENCE -> FindStart.Where.SEQUENCE;
            case TIME -> FindStart.Where.TIME;
        };
    }
}

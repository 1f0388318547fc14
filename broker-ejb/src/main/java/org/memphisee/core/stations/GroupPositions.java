package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.stations.GroupReset.Part;
import org.memphisee.core.stations.GroupStatus.Position;

/** Where groups are on partitions, and where a reset would bring one. Asks the shards; any thread. */
final class GroupPositions {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Missing sequences that are looked for to count exactly; some eight megabytes. */
    private static final int MOST_MISSING = 1_000_000;

    private final ControlEngine engine;

    GroupPositions(ControlEngine engine) {
        this.engine = engine;
    }

    /** A consumer and where it is. */
    record Found(ConsumerInfo info, Position position) { }

    /** All consumers of the streams. */
    CompletableFuture<List<Found>> of(List<StreamDefinition> streams) {
        List<CompletableFuture<List<Found>>> asked = new ArrayList<>();
        for (StreamDefinition stream : streams) {
            engine.registry().byName(stream.name()).ifPresent(handle -> asked.add(of(stream.number(), handle)));
        }
        return joined(asked).thenApply(lists -> lists.stream().flatMap(List::stream).toList());
    }

    private CompletableFuture<List<Found>> of(int number, PartitionHandle handle) {
        CompletableFuture<List<Found>> found = new CompletableFuture<>();
        handle.run(partition -> partition.whenCounted(() -> {
            List<CompletableFuture<Found>> each = new ArrayList<>();
            partition.consumerInfos().forEach(info -> each.add(found(number, partition, info)));
            joined(each).whenComplete((all, failure) -> complete(found, all, failure));
        }));
        return found;
    }

    /** The first message behind the floor is not acknowledged: its age is the lag in time. */
    private CompletableFuture<Found> found(int number, PartitionOperations partition, ConsumerInfo info) {
        CompletableFuture<Found> found = new CompletableFuture<>();
        long now = engine.clock().wallNanos();
        long last = partition.state().lastSeq();
        if (info.lag() == 0 || info.ackFloorStreamSeq() >= last) {
            found.complete(new Found(info, position(number, last, info, 0)));
            return found;
        }
        String filter = info.config().filterSubjects().size() == 1 ? info.config().filterSubjects().get(0) : "";
        partition.nextMessage(info.ackFloorStreamSeq() + 1, filter, read -> found.complete(new Found(info, position(number,
            last, info, read.found().map(message -> Math.max(0, now - message.timestampNanos())).orElse(0L)))));
        return found;
    }

    private static Position position(int number, long last, ConsumerInfo info, long ageNanos) {
        return new Position(number, last, info.deliveredStreamSeq(), info.ackFloorStreamSeq(), info.lag(),
            info.numAckPending(), info.givenUp(), ageNanos / NANOS_PER_MILLI);
    }

    /** Where a reset brings the consumer of that name on each stream. */
    CompletableFuture<List<Part>> parts(List<StreamDefinition> streams, String consumer, GroupReset reset) {
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (StreamDefinition stream : streams) {
            CompletableFuture<Part> part = new CompletableFuture<>();
            parts.add(part);
            decided(stream).run(partition -> partition.whenCounted(() ->
                start(partition, reset, new Answer<>() {
                    @Override
                    public void known(Long start) {
                        long lag = partition.consumerInfo(consumer).map(ConsumerInfo::lag).orElse(0L);
                        count(partition, stream.number(), lag, start, part);
                    }

                    @Override
                    public void unknown(String why) {
                        part.completeExceptionally(new RequestRefusal(why));
                    }
                })));
        }
        return joined(parts);
    }

    /** A partition that is decided about here: what its consumers have is not known elsewhere. */
    private PartitionHandle decided(StreamDefinition stream) {
        return engine.registry().byName(stream.name()).filter(handle -> engine.view().here(handle.id())).orElseThrow(() ->
            new RequestRefusal("Partition " + stream.number() + " is decided about at node "
                + engine.view().leader(stream.partitionId()) + ": ask there"));
    }

    private static void start(PartitionOperations partition, GroupReset reset, Answer<Long> answer) {
        StreamState state = partition.state();
        switch (reset.to()) {
            case START -> answer.known(Math.max(1, state.firstSeq()));
            case END -> answer.known(state.lastSeq() + 1);
            case SEQUENCE -> answer.known(Math.max(1, Math.min(reset.value(), state.lastSeq() + 1)));
            case TIME -> partition.resolveStart(atTime(reset.value()), answer);
            default -> throw new IllegalStateException(reset.to().toString());
        }
    }

    private static ConsumerConfig atTime(long nanos) {
        return StationLayout.consumers("reset", 1, 1, 1, -1).beginning(ConsumerConfig.DeliverPolicy.BY_START_TIME, nanos);
    }

    private static void count(PartitionOperations partition, int number, long lag, long start, CompletableFuture<Part> part) {
        StreamState state = partition.state();
        long from = Math.max(start, state.firstSeq());
        long span = Math.max(0, state.lastSeq() - from + 1);
        if (state.messages() == 0 || span == 0) {
            part.complete(new Part(number, lag, start, 0, true));
        } else if (from == state.firstSeq()) {
            part.complete(new Part(number, lag, start, state.messages(), true));
        } else if (state.numDeleted() == 0) {
            part.complete(new Part(number, lag, start, span, true));
        } else {
            partition.deletedSequences(MOST_MISSING, new Answer<>() {
                @Override
                public void known(long[] missing) {
                    long gone = Arrays.stream(missing).filter(s -> s >= from && s <= state.lastSeq()).count();
                    part.complete(new Part(number, lag, start, span - gone, missing.length < MOST_MISSING));
                }

                @Override
                public void unknown(String why) {
                    part.completeExceptionally(new RequestRefusal(why));
                }
            });
        }
    }

    private static <T> CompletableFuture<List<T>> joined(List<CompletableFuture<T>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    private static <T> void complete(CompletableFuture<T> future, T value, Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }
}

package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.Claims;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.SystemEvent.StationCreated;
import org.memphisee.core.control.SystemEvent.StationGrown;
import org.memphisee.core.jetstream.ApiError;

/**
 * Gives stations more partitions. They cannot be taken away again. Control loop only; answers are texts, empty for success.
 */
final class StationGrowth {

    /** What somebody has to know who wants it. */
    static final String WARNING = "Messages with a partition key go to other partitions than before, so that those of one key "
        + "are no longer in order across the change. Producers and consumers that are connected use the new partitions when "
        + "they are made anew";

    private final ControlEngine engine;

    StationGrowth(ControlEngine engine) {
        this.engine = engine;
    }

    /**
     * Grows a station to so many partitions. Throws a {@link RequestRefusal} for people.
     *
     * @param known whether who asks has agreed to the {@link #WARNING}
     */
    void grow(String name, Author by, long partitions, boolean known, Consumer<String> answer) {
        engine.lock(name, lock -> {
            Consumer<String> ending = Stations.ending(lock, answer);
            try {
                growLocked(name, by, partitions, known, ending);
            } catch (RequestRefusal refusal) {
                ending.accept(refusal.getMessage());
            }
        });
    }

    private void growLocked(String name, Author by, long partitions, boolean known, Consumer<String> answer) {
        Target target = Target.find(engine.definitions(), name).orElseThrow(() -> StationAdministration.unknown(name));
        StationCreated station = engine.definitions().stationById(target.id()).map(StationDefinition::created)
            .orElseThrow(() -> new RequestRefusal("Station " + target.name() + " is a stream of a plain client, which has no "
                + "partitions"));
        int before = station.partitionIds().size();
        int max = engine.settings().maxStationPartitions();
        if (partitions <= before) {
            throw new RequestRefusal("Station " + name + " has " + before + " partitions, and none can be taken away");
        }
        if (partitions > max) {
            throw new RequestRefusal("Station " + name + " can not have " + partitions + " partitions (max:" + max + ")");
        }
        if (!known) {
            throw new RequestRefusal(WARNING + ". Ask again with accept_key_change to go on");
        }
        int more = (int) partitions - before;
        List<String> streams = IntStream.rangeClosed(before + 1, before + more)
            .mapToObj(number -> station.stream(number).name()).toList();
        long each = Claims.reserves(station.config());
        if (!engine.claims().roomForStreams(more)) {
            answer.accept(Stations.text(ApiError.MAXIMUM_STREAMS));
        } else if (streams.stream().anyMatch(stream -> engine.definitions().stream(stream).isPresent())) {
            answer.accept(Stations.text(ApiError.STREAM_NAME_IN_USE));
        } else if (engine.claims().subjectsTaken(streams.stream().map(stream -> stream + ".>").toList(), 0)) {
            answer.accept(Stations.text(ApiError.SUBJECTS_OVERLAP));
        } else if (!engine.claims().roomForMemory(each > Long.MAX_VALUE / more ? Long.MAX_VALUE : each * more, 0)) {
            answer.accept(Stations.text(ApiError.INSUFFICIENT_MEMORY));
        } else {
            engine.change(by, event(station, more), Stations.answering(answer));
        }
    }

    private StationGrown event(StationCreated station, int more) {
        long first = engine.allocateIds(more);
        List<String> groups = new ArrayList<>(engine.definitions().groups(station.id()).keySet());
        long consumer = engine.allocateIds(groups.size() * more);
        return new StationGrown(station.id(), station.partitionIds().size() + 1,
            LongStream.range(first, first + more).boxed().toList(), Collections.nCopies(more, station.placement().get(0)), station.config(),
            groups, LongStream.range(consumer, consumer + (long) groups.size() * more).boxed().toList());
    }
}

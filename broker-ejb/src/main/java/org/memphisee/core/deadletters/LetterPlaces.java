package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.ControlLoop;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;

/** Finds the partitions that letters lie in. Any thread but where it says the control loop. */
final class LetterPlaces {

    /** So many places are remembered: letters that were just sent again are acknowledged soon. */
    private static final int REMEMBERED = 10_000;

    private final ControlEngine engine;
    private final Map<Long, String> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    LetterPlaces(ControlEngine engine) {
        this.engine = engine;
    }

    /** A letter lies in the stream. */
    void remember(long id, String stream) {
        synchronized (remembered) {
            remembered.put(id, stream);
        }
    }

    private Optional<String> remembered(long id) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(id));
        }
    }

    Optional<PartitionHandle> stream(String name) {
        return engine.registry().byName(name);
    }

    /** External name of the station that a stream belongs to. */
    static String station(StreamDefinition stream) {
        return StationLayout.externalName(stream.owned() ? StationLayout.stationPart(stream.name()) : stream.name());
    }

    /** Streams whose letters may have the number; control loop. */
    private List<PartitionHandle> candidates(long id) {
        Optional<PartitionHandle> known = remembered(id).flatMap(this::stream);
        if (known.isPresent()) {
            return List.of(known.get());
        }
        List<PartitionHandle> found = new ArrayList<>(1);
        engine.definitions().streams().forEach(s -> stream(s.name()).filter(h -> h.deadLetters().mayHave(id)).ifPresent(found::add));
        return found;
    }

    /** What a letter looks like and where it is. */
    record Place(PartitionHandle partition, String station, int number, Letter letter) { }

    /**
     * Looks for a letter.
     *
     * @param station external name of the only station to look in, empty for all
     * @param then asked on the shard when it was found there, at most once
     * @return what that says, or empty when there is no such letter
     */
    <T> CompletableFuture<Optional<T>> find(String station, long id, BiFunction<PartitionOperations, Place, CompletableFuture<T>> then) {
        CompletableFuture<Optional<T>> result = new CompletableFuture<>();
        try {
            engine.submit(() -> search(station, id, then, result));
        } catch (ControlLoop.LoopFullException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private <T> void search(String station, long id, BiFunction<PartitionOperations, Place, CompletableFuture<T>> then,
                            CompletableFuture<Optional<T>> result) {
        List<Found> found = new ArrayList<>();
        for (PartitionHandle handle : candidates(id)) {
            engine.definitions().stream(handle.name()).filter(s -> station.isEmpty() || station(s).equals(station))
                .ifPresent(s -> found.add(new Found(handle, station(s), s.number())));
        }
        next(found, 0, id, then, result);
    }

    private record Found(PartitionHandle handle, String station, int number) { }

    private <T> void next(List<Found> found, int i, long id, BiFunction<PartitionOperations, Place, CompletableFuture<T>> then,
                          CompletableFuture<Optional<T>> result) {
        if (i == found.size()) {
            result.complete(Optional.empty());
            return;
        }
        Found f = found.get(i);
        f.handle().run(p -> {
            Optional<Letter> letter = p.letters().get(id);
            if (letter.isEmpty()) {
                next(found, i + 1, id, then, result);
                return;
            }
            try {
                then.apply(p, new Place(f.handle(), f.station(), f.number(), letter.get())).whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(Optional.ofNullable(value));
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (AccessRefusal refusal) {
                result.completeExceptionally(refusal);
            }
        });
    }
}

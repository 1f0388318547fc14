package org.memphisee.core.deadletters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.errand.AnyPartition;
import org.memphisee.core.errand.ReadLetter;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterRules;
import org.memphisee.core.stations.RequestRefusal;

/** Finds the partitions that letters lie in. Any thread but where it says the control loop. */
final class LetterPlaces {

    /** So many places are remembered: letters that were just sent again are acknowledged soon, and no partition has more. */
    private static final int REMEMBERED = LetterRules.MOST_LETTERS;
    /** Figures of other nodes that are so new tell which partitions may have a letter, nanoseconds. */
    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final long NEWER_NANOS = 100_000_000L;

    private final ControlEngine engine;
    private final Map<Long, Known> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    LetterPlaces(ControlEngine engine) {
        this.engine = engine;
    }

    /**
     * Where letters lie that are sent again together.
     *
     * @param stream name of the stream
     * @param station external name of its station
     */
    record Known(String stream, String station) { }

    /** A letter lies there. */
    void remember(long id, Known place) {
        synchronized (remembered) {
            remembered.put(id, place);
        }
    }

    /** Where a letter lies that was sent again a moment ago; empty when that is not known any more. */
    Optional<Known> remembered(long id) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(id));
        }
    }

    /** Nobody is expected to ask for it again. */
    void forget(long id) {
        synchronized (remembered) {
            remembered.remove(id);
        }
    }

    Optional<AnyPartition> stream(String name) {
        return engine.errands().partition(name);
    }

    /** External name of the station that a stream belongs to. */
    static String station(StreamDefinition stream) {
        return StationLayout.externalName(stream.owned() ? StationLayout.stationPart(stream.name()) : stream.name());
    }

    /** Streams whose letters may have the number; control loop, with figures that were brought before. */
    private List<AnyPartition> candidates(long id) {
        Optional<AnyPartition> known = remembered(id).flatMap(place -> stream(place.stream()));
        if (known.isPresent()) {
            return List.of(known.get());
        }
        List<AnyPartition> found = new ArrayList<>(1);
        engine.definitions().streams().forEach(s -> stream(s.name()).filter(p -> p.figures().letters().mayHave(id)).ifPresent(found::add));
        return found;
    }

    /** What a letter looks like and where it is. */
    record Place(AnyPartition partition, String station, int number, ReadLetter.Found found) {
        Letter letter() {
            return found.letter();
        }
    }

    /**
     * Looks for a letter.
     *
     * @param station external name of the only station to look in, empty for all
     * @param whole whether its message is wanted too
     * @return where it is, or empty when there is no such letter
     */
    CompletableFuture<Optional<Place>> find(String station, long id, boolean whole) {
        return candidates(station, id).thenCompose(found -> RequestRefusal.of(next(found, 0, id, whole)));
    }

    /** Figures of other nodes tell which partitions may have it: those that are known, and when none of them has, newer ones. */
    private CompletableFuture<List<Candidate>> candidates(String station, long id) {
        if (!engine.clustered() || remembered(id).isPresent()) {
            return engine.ask(() -> search(station, id));
        }
        return candidates(station, id, FRESH_NANOS).thenCompose(found -> found.isEmpty() ? candidates(station, id, NEWER_NANOS)
            : CompletableFuture.completedFuture(found));
    }

    private CompletableFuture<List<Candidate>> candidates(String station, long id, long maxAgeNanos) {
        return engine.<List<AnyPartition>>ask(() -> partitions(station))
            .thenCompose(all -> engine.errands().refresh(all, maxAgeNanos))
            .thenCompose(fresh -> engine.ask(() -> search(station, id)));
    }

    private List<AnyPartition> partitions(String station) {
        return engine.definitions().streams().filter(s -> station.isEmpty() || station(s).equals(station))
            .flatMap(s -> stream(s.name()).stream()).toList();
    }

    private List<Candidate> search(String station, long id) {
        List<Candidate> found = new ArrayList<>();
        for (AnyPartition partition : candidates(id)) {
            engine.definitions().stream(partition.name()).filter(s -> station.isEmpty() || station(s).equals(station))
                .ifPresent(s -> found.add(new Candidate(partition, station(s), s.number())));
        }
        return found;
    }

    private record Candidate(AnyPartition partition, String station, int number) { }

    private CompletableFuture<Optional<Place>> next(List<Candidate> found, int i, long id, boolean whole) {
        if (i == found.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Candidate c = found.get(i);
        return c.partition().run(new ReadLetter(id, whole)).thenCompose(letter -> letter.isEmpty() ? next(found, i + 1, id, whole)
            : CompletableFuture.completedFuture(Optional.of(new Place(c.partition(), c.station(), c.number(), letter.get()))));
    }
}

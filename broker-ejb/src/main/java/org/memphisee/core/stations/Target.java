package org.memphisee.core.stations;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;

/**
 * A station as producers and consumers use it, native or not (wire-protocol.md 4.8), and the one place that knows which
 * station a name means.
 *
 * @param id its number, for a non-native one the partition's
 * @param name external name; a non-native one keeps its capitals
 * @param nativeStation whether it has numbered partitions
 * @param partitions partition numbers as SDKs are told them; empty for a non-native one
 * @param schemaverseToDls whether messages that fail their schema are dead-lettered
 */
public record Target(long id, String name, boolean nativeStation, List<Integer> partitions, boolean schemaverseToDls) {

    /**
     * The station that a name means to somebody who uses one: the one that is {@link #named}, else the only plain stream
     * whose name differs in case alone, since SDKs say every name in lower case. Control loop only.
     */
    public static Optional<Target> find(Definitions definitions, String name) {
        Optional<Target> named = named(definitions, name);
        return named.isPresent() ? named : definitions.plainStreamAlike(StationLayout.internalName(name))
            .flatMap(Target::nonNative);
    }

    /**
     * The station with this very name, which is what a removal needs: plain streams differ by case, native stations do
     * not. A plain stream written with these capitals comes before the native station of the folded name, and that
     * before a plain stream in lower case. Control loop only.
     */
    static Optional<Target> named(Definitions definitions, String name) {
        String internal = StationLayout.internalName(name);
        String folded = StationLayout.externalName(internal).toLowerCase(Locale.ROOT);
        Optional<Target> exact = definitions.plainStream(internal).flatMap(Target::nonNative);
        if (exact.isPresent() && !StationLayout.internalName(folded).equals(internal)) {
            return exact;
        }
        Optional<Target> station = definitions.station(folded).map(Target::ofStation);
        return station.isPresent() ? station : exact;
    }

    /** The station of that number, for a non-native one its partition's. Control loop only. */
    public static Optional<Target> byId(Definitions definitions, long id) {
        Optional<Target> station = definitions.stationById(id).map(Target::ofStation);
        return station.isPresent() ? station : definitions.streamById(id).filter(stream -> !stream.owned())
            .flatMap(Target::nonNative);
    }

    private static Target ofStation(StationDefinition station) {
        return new Target(station.id(), station.name(), true,
            IntStream.rangeClosed(1, station.created().partitionIds().size()).boxed().toList(),
            station.created().dlsSchemaverse());
    }

    private static Optional<Target> nonNative(StreamDefinition stream) {
        return StationLayout.internal(stream.name()) ? Optional.empty() : Optional.of(new Target(stream.partitionId(),
            StationLayout.externalName(stream.name()), false, List.of(), false));
    }
}

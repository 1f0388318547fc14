package org.memphisee.core.memphis;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;

/**
 * A station as producers and consumers use it, native or not (wire-protocol.md 4.8).
 *
 * @param id its number, for a non-native one the partition's
 * @param nativeStation whether it has numbered partitions
 * @param partitions partition numbers as SDKs are told them; empty for a non-native one
 * @param schemaverseToDls whether messages that fail their schema are dead-lettered
 */
record Target(long id, boolean nativeStation, List<Integer> partitions, boolean schemaverseToDls) {

    /** A station by external name. Control loop only. */
    static Optional<Target> find(Definitions definitions, String name) {
        Optional<Target> station = definitions.station(name).map(s -> new Target(s.id(), true,
            IntStream.rangeClosed(1, s.created().partitionIds().size()).boxed().toList(),
            s.created().dlsSchemaverse()));
        return station.isPresent() ? station : definitions.plainStream(StationLayout.internalName(name))
            .map(Target::nonNative);
    }

    private static Target nonNative(StreamDefinition stream) {
        return new Target(stream.partitionId(), false, List.of(), false);
    }
}

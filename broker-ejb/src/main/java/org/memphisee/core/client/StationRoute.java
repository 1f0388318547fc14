package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.memphisee.core.control.StationLayout;

/**
 * Where a station's messages go and lie. Immutable.
 *
 * @param station external name
 * @param partitions partition numbers, one 0 for a station without partitions
 */
record StationRoute(String station, List<Integer> partitions) {

    private static final List<Integer> WHOLE = List.of(0);

    static StationRoute of(String station, List<Integer> numbers) {
        return new StationRoute(station, numbers.isEmpty() ? WHOLE : numbers);
    }

    /** Name of the stream behind a partition, by index. */
    String stream(int index) {
        int number = partitions.get(index);
        return number == 0 ? StationLayout.internalName(station) : StationLayout.streamName(station, number);
    }

    /** Names of all streams. */
    List<String> streams() {
        return IntStream.range(0, partitions.size()).mapToObj(this::stream).toList();
    }

    /** Subjects that messages are published to, by index of the partition. */
    byte[][] subjects() {
        return streams().stream().map(stream -> (stream + ".final").getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    }
}

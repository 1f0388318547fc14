package org.memphisee.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clusters of processes to which things are done while clients go on. A build plays a few stories; {@code
 * memphisee.chaos.plots} says which plots ({@code all} for all), {@code memphisee.chaos.seed} and {@code memphisee.chaos.seeds}
 * which stories of each.
 */
class ChaosTest {

    private static final String PLOTS = System.getProperty("memphisee.chaos.plots", "KILLS,POWER,PARTITIONS");

    static Stream<Arguments> stories() {
        long first = Long.getLong("memphisee.chaos.seed", 1);
        List<Plot> plots = PLOTS.equals("all") ? List.of(Plot.values()) : Stream.of(PLOTS.split(",")).map(Plot::valueOf).toList();
        return LongStream.range(first, first + Long.getLong("memphisee.chaos.seeds", 1)).boxed()
            .flatMap(seed -> plots.stream().map(plot -> Arguments.of(plot, seed)));
    }

    @ParameterizedTest
    @MethodSource("stories")
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void shouldKeepItsPromises(Plot plot, long seed) throws Exception {
        assumeTrue(plot.anywhere() || Shell.mounts(), "it takes root to mount disks");
        plot.play(seed);
    }
}

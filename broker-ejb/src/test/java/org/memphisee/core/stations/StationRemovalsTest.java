package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.stations.StationRemovals.Place;

class StationRemovalsTest {

    private static final Author ROOT = Author.named("root");
    private final PlaneFixture plane = new PlaneFixture();

    @BeforeEach
    void fill() {
        FakeApi.await(administration().create(ROOT, new StationOrder("s", "", 0, "", 1, 3, 0, true, true, "", false,
            List.of())));
        for (int partition = 1; partition <= 3; partition++) {
            for (int i = 0; i < partition; i++) {
                plane.partitions.fake("s$" + partition).put("s$" + partition + ".final", "", "x");
            }
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private StationAdministration administration() {
        return plane.plane.memphis().administration();
    }

    private StationView station(String name) {
        return FakeApi.await(administration().queries().find(name)).orElseThrow();
    }

    private Set<Long> left(int partition) {
        return plane.partitions.fake("s$" + partition).messages.keySet();
    }

    private static String refusal(CompletableFuture<?> asked) {
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    @Test
    void shouldEmptyThePartitionsThatAreNamed() {
        assertEquals(4, FakeApi.await(administration().removals().purge(ROOT, station("s"), List.of(3, 1, 3))));
        assertEquals(List.of(Set.of(), Set.of(1L, 2L), Set.of()), List.of(left(1), left(2), left(3)));
    }

    @Test
    void shouldEmptyAllPartitionsWhenNoneIsNamed() {
        assertEquals(6, FakeApi.await(administration().removals().purge(ROOT, station("s"), List.of())));
        assertEquals(0, FakeApi.await(administration().removals().purge(ROOT, station("s"), List.of(-1))));
        assertEquals(Set.of(), left(2));
    }

    @Test
    void shouldRemoveTheMessagesThatAreNamedAndNoOthers() {
        assertEquals(2, FakeApi.await(administration().removals().remove(ROOT, station("s"), List.of(new Place(2, 1),
            new Place(3, 2), new Place(3, 9)))));
        assertEquals(List.of(Set.of(1L), Set.of(2L), Set.of(1L, 3L)), List.of(left(1), left(2), left(3)));
    }

    @Test
    void shouldRefuseAPartitionThatIsNotThereAndRemoveNothing() {
        assertEquals("Partition number 4 does not exist",
            refusal(administration().removals().purge(ROOT, station("s"), List.of(1, 4))));
        assertEquals(Set.of(1L), left(1));
    }

    @Test
    void shouldRefuseWhatTheStreamDoesNotAllow() {
        plane.js("STREAM.CREATE.PLAIN", "{'name':'PLAIN','subjects':['p'],'deny_delete':true,'deny_purge':true}");
        plane.partitions.fake("PLAIN").put("p", "", "x");
        String text = "Messages of station PLAIN can not be removed: its stream does not allow it";
        assertEquals(text, refusal(administration().removals().purge(ROOT, station("PLAIN"), List.of())));
        assertEquals(text, refusal(administration().removals().remove(ROOT, station("PLAIN"), List.of(new Place(-1, 1)))));
        assertEquals(1, plane.partitions.fake("PLAIN").messages.size());
    }
}

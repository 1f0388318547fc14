package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;

class TagAdministrationTest {

    private static final Author ROOT = Author.named("root");
    private static final Tag RED = new Tag("red", "255, 0, 0");

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private TagAdministration tags() {
        return plane.plane.memphis().administration().tags();
    }

    private StationView create(String name, Tag... tags) {
        return FakeApi.await(plane.plane.memphis().administration().create(ROOT, new StationOrder(name, "", 0, "", 1, 1, 0,
            true, true, "", false, List.of(tags))));
    }

    private List<Tag> change(String station, List<Tag> add, String... remove) {
        return FakeApi.await(tags().change(ROOT, station, add, List.of(remove)));
    }

    private static String refusal(CompletableFuture<?> asked) {
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    @Test
    void shouldDefineATagOnceWithANumber() {
        assertEquals(RED, FakeApi.await(tags().create(ROOT, RED)).tag());
        assertEquals("Tag with the name red already exists", refusal(tags().create(ROOT, new Tag("red", "1, 1, 1"))));
        create("s", new Tag("blue", "0, 0, 255"));
        assertEquals("Tag with the name blue already exists", refusal(tags().create(ROOT, new Tag("blue", "1, 1, 1"))));
        assertEquals(List.of(new Tag("blue", "0, 0, 255"), RED), FakeApi.await(tags().all()));
        assertEquals(List.of(new Tag("blue", "0, 0, 255")), FakeApi.await(tags().used()));
    }

    @Test
    void shouldPutTagsOnAStationAndTakeOthersOff() {
        FakeApi.await(tags().create(ROOT, RED));
        create("s", Tag.DEFAULT);
        Tag blue = new Tag("blue", "0, 0, 255");
        assertEquals(List.of(RED, blue), change("S", List.of(new Tag("red", "9, 9, 9"), blue), "default", "nowhere"));
        assertEquals(List.of(blue), change("s", List.of(), "RED"));
        assertEquals(List.of(), change("nowhere", List.of(RED)));
        FakeSystemLog log = plane.log;
        for (int restarts = 0; restarts < 2; restarts++) {
            plane.close();
            plane = new PlaneFixture(log, ControlFixture.settings().withSnapshots(1, 1));
            assertEquals(List.of(blue, RED), FakeApi.await(tags().all()));
            assertEquals(List.of(blue), FakeApi.await(plane.plane.memphis().administration().queries().find("s")).orElseThrow()
                .tags());
            create("t" + restarts);
        }
    }

    @Test
    void shouldGiveANewStationTheColourThatATagHas() {
        FakeApi.await(tags().create(ROOT, RED));
        assertEquals(List.of(RED), create("s", new Tag("red", "1, 2, 3")).tags());
    }

    @Test
    void shouldWriteNothingWhenNothingIsOtherwise() {
        create("s", RED);
        int before = plane.log.size();
        change("s", List.of(RED), "other");
        assertEquals(before, plane.log.size());
    }

    @Test
    void shouldBoundTheTagsOfAStation() {
        create("s");
        List<Tag> many = IntStream.range(0, 101).mapToObj(i -> new Tag("t" + i, "1, 1, 1")).toList();
        assertEquals("A station or schema has at most 100 tags", refusal(tags().change(ROOT, "s", many, List.of())));
        assertEquals(100, change("s", many.subList(0, 100)).size());
    }

    @Test
    void shouldNotLetPeopleTagStationsOfOthers() {
        create("s");
        FakeApi.await(plane.plane.users().start());
        assertEquals("user nobody is not allowed to access station s", refusal(tags().change(Author.named("nobody"), "s", List.of(RED),
            List.of())));
    }
}

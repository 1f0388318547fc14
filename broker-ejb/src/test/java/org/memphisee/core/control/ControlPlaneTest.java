package org.memphisee.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.World;

class ControlPlaneTest {

    private static void populate(PlaneFixture plane) {
        plane.ask("$memphis_station_creations", "{'name':'a.b','partitions_number':3}");
        plane.ask("$memphis_station_creations", "{'name':'gone','partitions_number':1}");
        plane.ask("$memphis_station_destructions", "{'station_name':'gone'}");
        plane.ask("$memphis_consumer_creations", "{'name':'c','station_name':'a.b','consumer_type':'application',"
            + "'consumers_group':'g','start_consume_from_sequence':1,'last_messages':0,'req_version':4}");
        plane.js("STREAM.CREATE.KV_x", "{'name':'KV_x','subjects':['$KV.x.>'],'max_msgs_per_subject':5}");
        plane.js("STREAM.UPDATE.KV_x", "{'name':'KV_x','subjects':['$KV.x.>'],'max_msgs_per_subject':9}");
        plane.js("CONSUMER.CREATE.KV_x.d", "{'config':{'durable_name':'d','ack_policy':'explicit'}}");
        plane.js("CONSUMER.CREATE.KV_x.d", "{'config':{'durable_name':'d','ack_policy':'explicit','ack_wait':5000000000}}");
        plane.js("CONSUMER.CREATE.KV_x.m", "{'config':{'mem_storage':true}}");
        plane.js("CONSUMER.DELETE.a#b$2.g", "");
        FakeApi.await(plane.plane.users().createUser("app", "application", "Secret-1x", java.util.Map.of()));
    }

    /** From events alone, with snapshots in between, and with the newest event in a snapshot. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 3, 1})
    void shouldBeTheSameAfterARestart(int snapshotEvery) {
        FakeSystemLog log = new FakeSystemLog();
        ControlSettings settings = ControlFixture.settings().withSnapshots(snapshotEvery, 2);
        DefinitionsSnapshot before;
        List<String> streams;
        try (PlaneFixture plane = new PlaneFixture(log, settings)) {
            populate(plane);
            before = plane.definitions();
            streams = plane.partitions.names();
        }
        assertEquals(snapshotEvery < 1_000, log.hasSnapshot());
        try (PlaneFixture plane = new PlaneFixture(log, settings)) {
            DefinitionsSnapshot after = plane.definitions();
            assertEquals(before.events(), after.events());
            assertEquals(before.index(), after.index());
            assertEquals(streams, plane.partitions.names());
            assertEquals(9, plane.partitions.fake("KV_x").config().maxMsgsPerSubject());
            assertEquals(List.of("d"), List.copyOf(plane.partitions.fake("KV_x").consumers.keySet()));
            assertTrue(plane.partitions.fake("a#b$1").consumers.containsKey("g"));
            assertFalse(plane.partitions.fake("a#b$2").consumers.containsKey("g"));
            assertEquals(5_000_000_000L, plane.partitions.fake("KV_x").consumers.get("d").config().ackWaitNanos());
            assertEquals("", plane.ask("$memphis_station_creations", "{'name':'next','partitions_number':1}"));
            long id = plane.partitions.fake("next$1").id();
            assertTrue(before.events().stream().noneMatch(e -> e.equals(new SystemEvent.StreamDeleted(id))));
            assertTrue(id > plane.partitions.fake("KV_x").id());
        }
    }

    @Test
    void shouldFollowFromACopyOnWithoutAGap() {
        try (PlaneFixture plane = new PlaneFixture()) {
            plane.js("STREAM.CREATE.A", "{'name':'A'}");
            List<Long> seen = new CopyOnWriteArrayList<>();
            DefinitionsSnapshot start = FakeApi.await(plane.plane.follow((index, event) -> seen.add(index)));
            plane.js("STREAM.CREATE.B", "{'name':'B'}");
            assertEquals(List.of(start.index() + 1), seen);
        }
    }

    @Test
    void shouldNotLoseATurnToAFailingAppend() {
        try (PlaneFixture plane = new PlaneFixture()) {
            plane.js("STREAM.CREATE.A", "{'name':'A'}");
            plane.log.failWith(new StoreException("full", null, true));
            assertTrue(plane.js("STREAM.DELETE.A", "").has("error"));
            assertTrue(plane.js("CONSUMER.CREATE.A.c", "{'config':{'durable_name':'c'}}").has("error"));
            plane.log.failWith(null);
            assertFalse(plane.js("CONSUMER.CREATE.A.c", "{'config':{'durable_name':'c'}}").has("error"));
            assertFalse(plane.js("STREAM.DELETE.A", "").has("error"));
            assertEquals(1, plane.definitions().events().size());
        }
    }

    @Test
    void shouldTellWhichPartitionsItKnows() {
        FakeSystemLog log = new FakeSystemLog();
        try (PlaneFixture plane = new PlaneFixture(log, ControlFixture.settings())) {
            plane.ask("$memphis_station_creations", "{'name':'a','partitions_number':2}");
        }
        ControlFixture control = new ControlFixture(log, ControlFixture.settings());
        log.recover(control.engine.recovery());
        assertEquals(2, control.engine.knownPartitions().size());
        control.partitions.close();
    }

    @Test
    void shouldRefuseALogItCannotReadInsteadOfStartingWithoutIt() {
        String newer = "; a newer release wrote it: start that release or a later one";
        String damaged = "; no release wrote it so, it is damaged or was changed by hand: verify the store with memphis-store";
        assertRefused("system event 7 is refused: its type \"from_the_future\" is unknown" + newer,
            recovery -> recovery.event(7, "{\"v\":1,\"event\":\"from_the_future\"}".getBytes()));
        assertRefused("system event 8 is refused: stream_deleted has format version 2, readable are 1 to 1" + newer,
            recovery -> recovery.event(8, "{\"v\":2,\"event\":\"stream_deleted\",\"partitionId\":7}".getBytes()));
        assertRefused("system event 9 is refused: stream_deleted does not read: member \"partitionId\" is missing" + damaged,
            recovery -> recovery.event(9, "{\"v\":1,\"event\":\"stream_deleted\"}".getBytes()));
        assertRefused("system event 10 is refused: it is not a JSON object" + damaged,
            recovery -> recovery.event(10, "[]".getBytes()));
        assertRefused("the system snapshot of index 11 is refused: its event 1: its type \"moon_landed\" is unknown" + newer,
            recovery -> recovery.snapshot(11,
                "{\"v\":1,\"nextId\":2,\"events\":[{\"v\":1,\"event\":\"moon_landed\"}]}".getBytes()));
    }

    private static void assertRefused(String why, Consumer<LogStore.SystemLogVisitor> recover) {
        ControlFixture control = new ControlFixture();
        String refusal = assertThrows(IllegalStateException.class, () -> recover.accept(control.engine.recovery())).getMessage();
        assertTrue(refusal.startsWith("the definitions cannot be recovered, " + why), refusal);
        assertEquals(Set.of(), control.engine.knownPartitions());
        control.partitions.close();
    }

    @Test
    void shouldCreatePartitionsInTheirGroupsAlsoAfterARestart() {
        FakeSystemLog log = new FakeSystemLog();
        try (ControlFixture control = new ControlFixture(log, ControlFixture.settings()).start()) {
            control.change(SampleEvents.station());
            control.change(new SystemEvent.StreamCreated(10, SampleEvents.stream("S", "s"), 0, "root", 9));
            assertEquals(Map.of(4L, 8L, 5L, 7L, 10L, 9L), control.partitions.groups);
        }
        try (ControlFixture control = new ControlFixture(log, ControlFixture.settings()).start()) {
            assertEquals(Map.of(4L, 8L, 5L, 7L, 10L, 9L), control.partitions.groups);
        }
    }

    @Test
    void shouldSayThatAnEventReachesPartitionsBeforeTheFirstAndAfterTheLastOne() {
        try (ControlFixture control = new ControlFixture()) {
            List<String> order = control.partitions.order;
            control.engine.whenHandedOver(event -> order.add("begins " + event), event -> order.add("ends " + event));
            control.start();
            order.clear();
            control.change(SampleEvents.station());
            control.definitions(); // the loop has gone on
            assertEquals("begins 1", order.get(0));
            assertEquals("ends 1", order.get(order.size() - 1));
            assertEquals(2 + SampleEvents.station().partitionIds().size(), order.size(), order::toString);
        }
    }

    @Test
    void shouldRefuseNewTasksAboveItsCapacityButNotContinuations() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ControlLoop loop = new ControlLoop(World.of(Thread::new), 2, failures::add);
        loop.start();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        loop.execute(() -> {
            running.countDown();
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        running.await();
        CountDownLatch ran = new CountDownLatch(3);
        loop.execute(ran::countDown);
        loop.execute(() -> {
            ran.countDown();
            throw new IllegalStateException("only this task");
        });
        assertThrows(ControlLoop.LoopFullException.class, () -> loop.execute(ran::countDown));
        loop.resume(ran::countDown);
        blocked.countDown();
        loop.close();
        assertEquals(0, ran.getCount());
        assertEquals(1, failures.size());
        assertThrows(ControlLoop.LoopFullException.class, () -> loop.execute(() -> { }));
    }
}

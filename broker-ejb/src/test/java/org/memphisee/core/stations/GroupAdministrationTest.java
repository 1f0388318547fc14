package org.memphisee.core.stations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.stations.GroupReset.To;

class GroupAdministrationTest {

    private static final Author ROOT = Author.named("root");
    private static final String CONSUMER = "{'name':'c','station_name':'s','connection_id':'uuid-1','consumer_type':'application',"
        + "'consumers_group':'g.1','max_ack_time_ms':30000,'max_msg_deliveries':3,'start_consume_from_sequence':1,"
        + "'last_messages':-1,'req_version':4,'username':'root','app_id':'a','sdk_lang':'go'}";

    private PlaneFixture plane = new PlaneFixture();

    @BeforeEach
    void makeAGroup() {
        FakeApi.await(administration().create(ROOT, new StationOrder("s", "", 0, "", 1, 2, 0, true, true, "", false,
            List.of())));
        for (int i = 0; i < 3; i++) {
            plane.partitions.fake("s$1").put("s$1.final", "", "x");
        }
        plane.partitions.fake("s$2").put("s$2.final", "", "x");
        plane.plane.connectionOpened("uuid-1");
        assertEquals("", FakeApi.await(plane.api.send(PlaneFixture.SDK, "$memphis_consumer_creations",
            CONSUMER.replace('\'', '"'))).json().path("error").asText());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private StationAdministration administration() {
        return plane.plane.memphis().administration();
    }

    private GroupAdministration groups() {
        return administration().groups();
    }

    private StationView station() {
        return FakeApi.await(administration().queries().find("s")).orElseThrow();
    }

    private CompletableFuture<GroupReset.Outcome> reset(To to, long value, boolean dryRun, boolean force) {
        return groups().reset(ROOT, station(), new GroupReset("s", "g.1", to, value, dryRun, force));
    }

    private static String refusal(CompletableFuture<?> asked) {
        return assertThrows(ExecutionException.class, () -> asked.get(20, TimeUnit.SECONDS)).getCause().getMessage();
    }

    private List<Long> starts() {
        return List.of(plane.partitions.fake("s$1").starts.get("g#1"), plane.partitions.fake("s$2").starts.get("g#1"));
    }

    private SystemEvent.GroupDefined defined() {
        return plane.definitions().events().stream().filter(SystemEvent.GroupDefined.class::isInstance)
            .map(SystemEvent.GroupDefined.class::cast).findFirst().orElseThrow();
    }

    @Test
    void shouldTellWhereAGroupIsAndWhoIsInIt() {
        plane.js("CONSUMER.DURABLE.CREATE.s$2.plain", "{'stream_name':'s$2','config':{'durable_name':'plain',"
            + "'ack_policy':'explicit'}}");
        List<GroupStatus> all = FakeApi.await(groups().list(station()));
        assertEquals(List.of("g.1", "plain"), all.stream().map(GroupStatus::name).toList());
        GroupStatus group = all.get(0);
        assertTrue(group.own() && group.active());
        assertEquals(4, group.lag());
        assertTrue(group.lagMillis() > 0, "the oldest message has an age");
        assertEquals(List.of(1, 2), group.positions().stream().map(GroupStatus.Position::partition).toList());
        assertEquals("c", group.members().get(0).member().name());
        assertFalse(all.get(1).own());
        assertEquals(List.of(), all.get(1).members());
    }

    @Test
    void shouldTellTheCountsOfAResetAndChangeNothingInADryRun() {
        int before = plane.log.size();
        SystemEvent.GroupDefined group = defined();
        GroupReset.Outcome outcome = FakeApi.await(reset(To.SEQUENCE, 3, true, false));
        assertEquals(1, outcome.messages());
        assertEquals(4, outcome.before());
        assertEquals(List.of(3L, 2L), outcome.parts().stream().map(GroupReset.Part::sequence).toList());
        assertEquals(0, FakeApi.await(reset(To.END, 0, true, false)).messages());
        assertEquals(4, FakeApi.await(reset(To.START, 0, true, false)).messages());
        assertEquals(before, plane.log.size());
        assertEquals(group, defined());
    }

    @Test
    void shouldMoveAGroupOnAllPartitionsAndOverARestart() {
        SystemEvent.GroupDefined before = defined();
        plane.plane.connectionClosed("uuid-1");
        FakeApi.await(reset(To.SEQUENCE, 3, false, false));
        assertEquals(List.of(3L, 2L), starts());
        SystemEvent.GroupDefined moved = defined();
        assertEquals(List.of(3L, 2L), moved.startSequences());
        assertTrue(moved.consumerIds().stream().noneMatch(before.consumerIds()::contains), "other consumers, other cursors");
        assertTrue(moved.createdNanos() > before.createdNanos(), "the adapter knows a group by its time of creation");
        assertEquals(before.maxDeliveries(), moved.maxDeliveries());
        assertEquals(before.startFromSequence(), moved.startFromSequence());
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, ControlFixture.settings());
        assertEquals(List.of(3L, 2L), starts());
        assertEquals(3, plane.partitions.fake("s$1").consumers.get("g#1").config().optStartSeq());
    }

    @Test
    void shouldMoveAGroupToItsEndAndBackToTheStart() {
        FakeApi.await(reset(To.END, 0, false, true));
        assertEquals(List.of(4L, 2L), starts());
        FakeApi.await(reset(To.START, 0, false, true));
        assertEquals(List.of(1L, 1L), starts());
    }

    @Test
    void shouldNotMoveOrRemoveAGroupThatIsUsedUnlessItIsForced() {
        assertEquals("Consumer group g.1 has connected consumers", refusal(reset(To.END, 0, false, false)));
        assertEquals("Consumer group g.1 has connected consumers", refusal(groups().remove(ROOT, station(), "g.1", false)));
        assertEquals(List.of(1L, 1L), starts());
        FakeApi.await(groups().remove(ROOT, station(), "g.1", true));
        assertEquals(List.of(), FakeApi.await(groups().list(station())));
        assertTrue(plane.definitions().events().stream().noneMatch(SystemEvent.MemberRegistered.class::isInstance));
    }

    @Test
    void shouldNotTouchWhatMayBeUsedAtANodeThatIsNotHeardOfUnlessItIsForced() {
        plane.plane.connectionClosed("uuid-1");
        plane.plane.memphis().unheard(Set.of("n2", "n1"));
        String why = "who is connected to n1, n2 is not known; try again when all nodes are back";
        assertEquals("Consumer group g.1 may have connected consumers: " + why, refusal(reset(To.END, 0, false, false)));
        assertEquals("Consumer group g.1 may have connected consumers: " + why,
            refusal(groups().remove(ROOT, station(), "g.1", false)));
        assertEquals("nobody is forgotten: " + why, refusal(groups().forgetAway(ROOT, station(), false)));
        assertEquals("c", FakeApi.await(groups().list(station())).get(0).members().get(0).member().name());
        FakeApi.await(groups().remove(ROOT, station(), "g.1", true));
        assertEquals(List.of(), FakeApi.await(groups().list(station())));
    }

    @Test
    void shouldRemoveDurablesOfPlainClients() {
        plane.js("CONSUMER.DURABLE.CREATE.s$2.plain", "{'stream_name':'s$2','config':{'durable_name':'plain',"
            + "'ack_policy':'explicit'}}");
        FakeApi.await(groups().remove(ROOT, station(), "plain", false));
        assertFalse(plane.partitions.fake("s$2").consumers.containsKey("plain"));
    }

    @Test
    void shouldLeaveAConsumerOfAPlainClientWithTheNameOfTheGroupWhereItIs() {
        plane.js("CONSUMER.DELETE.s$2.g#1", "");
        plane.js("CONSUMER.DURABLE.CREATE.s$2.g#1", "{'stream_name':'s$2','config':{'durable_name':'g#1',"
            + "'ack_policy':'explicit'}}");
        long start = plane.partitions.fake("s$2").starts.get("g#1");
        FakeApi.await(reset(To.END, 0, false, true));
        assertEquals(List.of(4L, start), starts());
        assertEquals(0, defined().consumerIds().get(1));
    }

    @Test
    void shouldRefuseGroupsThatAreNotThere() {
        assertEquals("Consumer group no does not exist", refusal(groups().remove(ROOT, station(), "no", false)));
        assertEquals("Consumer group no does not exist", refusal(groups().reset(ROOT, station(),
            new GroupReset("s", "no", To.END, 0, true, false))));
        StationView station = station();
        FakeApi.await(administration().remove(ROOT, List.of("s")));
        assertEquals("Station s does not exist", refusal(groups().remove(ROOT, station, "g.1", true)));
    }

    @Test
    void shouldForgetClientsThatAreAwayAndNoOthers() {
        plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'s','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'username':'root','app_id':'a','sdk_lang':'go'}");
        assertEquals(0, FakeApi.await(groups().forgetAway(ROOT, station(), true)));
        plane.plane.connectionClosed("uuid-1");
        assertEquals(1, FakeApi.await(groups().forgetAway(ROOT, station(), true)));
        assertEquals(1, FakeApi.await(groups().forgetAway(ROOT, station(), false)));
        assertEquals(0, FakeApi.await(groups().forgetAway(ROOT, station(), false)));
        assertTrue(plane.definitions().events().stream().noneMatch(SystemEvent.MemberRegistered.class::isInstance));
        assertEquals(List.of("g.1"), FakeApi.await(groups().list(station())).stream().map(GroupStatus::name).toList());
    }
}

package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.Authors;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.settings.RuntimeSetting;

/** Registrations of producers and consumers over restarts of the broker. */
class MembersRestartTest {

    private static final ClientIdentity SECOND = new ClientIdentity("root", "uuid-2", "go", "$memphis");

    private PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    private void restart(ControlSettings settings) {
        FakeSystemLog log = plane.log;
        plane.close();
        plane = new PlaneFixture(log, settings);
    }

    private void restart() {
        restart(ControlFixture.settings());
    }

    private void producer(String name) {
        assertTrue(plane.ask("$memphis_producer_creations", "{'name':'" + name + "','station_name':'s','connection_id':"
            + "'uuid-1','producer_type':'application','req_version':4,'app_id':'a','sdk_lang':'go'}").contains("\"error\":\"\""));
    }

    private void consumer(ClientIdentity client, String name, String group) {
        assertTrue(plane.ask(client, "$memphis_consumer_creations", "{'name':'" + name + "','station_name':'s',"
            + "'connection_id':'" + client.connectionId() + "','consumer_type':'application','consumers_group':'" + group
            + "','max_msg_deliveries':3,'start_consume_from_sequence':1,'last_messages':-1,'req_version':4}").payload()
            .contains("\"error\":\"\""));
    }

    private String destroy(ClientIdentity client, String kind, String name) {
        return plane.ask(client, "$memphis_" + kind + "_destructions", "{'name':'" + name + "','station_name':'s',"
            + "'connection_id':'" + client.connectionId() + "','req_version':1}").payload();
    }

    private List<String> members() {
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        plane.plane.engine().resume(() -> all.complete(plane.plane.memphis().members().all().entrySet().stream()
            .map(e -> e.getKey().name() + (e.getValue() ? "+" : "-")).sorted().toList()));
        return FakeApi.await(all);
    }

    private boolean group(String name) {
        return plane.partitions.fake("s$1").consumers.containsKey(name);
    }

    @Test
    void shouldListWhoWasThereAndTakeThemForAwayUntilTheyReturn() {
        producer("p");
        producer("p");
        consumer(PlaneFixture.SDK, "c", "g");
        restart();
        assertEquals(List.of("c-", "p-", "p-"), members());
        plane.plane.connectionOpened("uuid-1");
        assertEquals(List.of("c+", "p+", "p+"), members());
        plane.plane.connectionClosed("uuid-1");
        assertEquals(List.of("c-", "p-", "p-"), members());
    }

    @Test
    void shouldFindMembersToDestroyAfterARestart() {
        producer("p");
        consumer(PlaneFixture.SDK, "c", "g");
        restart();
        plane.plane.connectionOpened("uuid-1");
        assertEquals("", destroy(PlaneFixture.SDK, "producer", "p"));
        assertEquals("", destroy(PlaneFixture.SDK, "consumer", "c"));
        assertFalse(group("g"));
        assertEquals("Consumer c at station s does not exist", destroy(PlaneFixture.SDK, "consumer", "c"));
        restart();
        assertEquals(List.of(), members());
    }

    @Test
    void shouldKeepTheGroupOfAMemberThatHasNotReturnedYet() {
        consumer(PlaneFixture.SDK, "a", "g");
        consumer(SECOND, "b", "g");
        restart();
        plane.plane.connectionOpened("uuid-1");
        assertEquals("", destroy(PlaneFixture.SDK, "consumer", "a"));
        assertTrue(group("g"), "b may come back");
        plane.plane.connectionOpened("uuid-2");
        assertEquals("", destroy(SECOND, "consumer", "b"));
        assertFalse(group("g"));
    }

    @Test
    void shouldForgetWhoStaysAwayAndKeepTheGroup() {
        plane.plane.connectionOpened("uuid-2");
        producer("p");
        consumer(SECOND, "b", "g");
        restart(ControlFixture.settings().withMemberAway(1));
        plane.plane.connectionOpened("uuid-2");
        plane.plane.memphis().sweepMembers();
        assertEquals(List.of("b+"), members());
        plane.plane.connectionClosed("uuid-2");
        FakeApi.await(plane.plane.runtime().change(Authors.of("root"), Map.of(RuntimeSetting.MEMBER_HOURS, "1")));
        plane.plane.memphis().sweepMembers();
        assertEquals(List.of("b-"), members(), "an hour has not gone by");
        FakeApi.await(plane.plane.runtime().change(Authors.of("root"), Map.of(RuntimeSetting.MEMBER_HOURS, "")));
        plane.plane.memphis().sweepMembers();
        assertEquals(List.of(), members());
        assertTrue(group("g"));
        restart();
        assertEquals(List.of(), members());
    }

    @Test
    void shouldForgetMembersWithTheirStation() {
        producer("p");
        plane.js("STREAM.CREATE.plain", "{'name':'plain','subjects':['plain.>']}");
        plane.ask("$memphis_producer_creations", "{'name':'q','station_name':'plain','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4}");
        plane.ask("$memphis_station_destructions", "{'station_name':'s'}");
        plane.ask("$memphis_station_destructions", "{'station_name':'plain'}");
        assertEquals(0, plane.definitions().events().stream().filter(SystemEvent.MemberRegistered.class::isInstance).count());
        restart();
        assertEquals(List.of(), members());
    }

    @Test
    void shouldRegisterInMemoryWhenTheDiskIsFull() {
        plane.plane.connectionOpened("uuid-1");
        producer("p");
        consumer(PlaneFixture.SDK, "a", "g");
        plane.log.failWith(new StoreException("full", null, true));
        producer("q");
        consumer(PlaneFixture.SDK, "b", "g");
        assertEquals("", destroy(PlaneFixture.SDK, "producer", "q"));
        assertEquals("", destroy(PlaneFixture.SDK, "consumer", "a"));
        plane.log.failWith(null);
        assertTrue(group("g"));
        restart();
        assertEquals(List.of("a-", "p-"), members());
    }

    @Test
    void shouldKeepTheLogSmallWhenThousandsRegister() {
        restart(ControlFixture.settings().withSnapshots(100, 200));
        int wanted = 10_000;
        List<CompletableFuture<FakeApi.Answer>> answers = IntStream.range(0, wanted).mapToObj(i -> plane.api.send(
            PlaneFixture.SDK, "$memphis_producer_creations", ("{'name':'p" + i + "','station_name':'s','connection_id':"
                + "'uuid-1','producer_type':'application','req_version':4}").replace('\'', '"'))).toList();
        answers.forEach(FakeApi::await);
        assertTrue(plane.log.snapshots < 40, "snapshots: " + plane.log.snapshots);
        restart();
        assertEquals(wanted, members().size());
    }

    @Test
    void shouldNotStoreEndlessTextsOfClients() {
        plane.ask("$memphis_producer_creations", "{'name':'p','station_name':'s','connection_id':'uuid-1',"
            + "'producer_type':'application','req_version':4,'app_id':'" + "x".repeat(10_000) + "'}");
        assertEquals(1, members().size());
        restart();
        assertEquals(List.of(), members());
    }

    private void await(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        plane.plane.engine().resume(() -> {
            work.run();
            done.complete(null);
        });
        FakeApi.await(done);
    }

    private void inACluster() {
        CompletableFuture<Void> formed = new CompletableFuture<>();
        plane.plane.engine().resume(() -> plane.plane.engine().formGroups(List.of("n0", "n1", "n2"), "n0", 1, new ChangeResult() {
            @Override
            public void effective() {
                formed.complete(null);
            }

            @Override
            public void failed(StoreException cause) {
                formed.completeExceptionally(cause);
            }
        }));
        FakeApi.await(formed);
        assertTrue(plane.plane.engine().clustered());
    }

    @Test
    void shouldKeepTheGroupWhileItsMemberMayBeAtANodeThatIsNotHeardOf() {
        plane.plane.connectionOpened("uuid-1");
        plane.plane.connectionOpened("uuid-2");
        consumer(PlaneFixture.SDK, "a", "g");
        consumer(SECOND, "b", "g");
        plane.plane.connectionClosed("uuid-2");
        plane.plane.memphis().unheard(Set.of("n2"));
        assertEquals("", destroy(PlaneFixture.SDK, "consumer", "a"));
        assertTrue(group("g"), "b may be connected to n2");
        consumer(PlaneFixture.SDK, "a", "g");
        plane.plane.memphis().unheard(Set.of());
        assertEquals("", destroy(PlaneFixture.SDK, "consumer", "a"));
        assertFalse(group("g"));
    }

    @Test
    void shouldBringRegistrationsThatAClusterCouldNotDecideWhenItCan() {
        plane.plane.connectionOpened("uuid-1");
        consumer(PlaneFixture.SDK, "a", "g");
        inACluster();
        plane.log.failWith(new StoreException("nobody leads", null, true));
        consumer(PlaneFixture.SDK, "b", "g");
        consumer(PlaneFixture.SDK, "gone", "g");
        destroy(PlaneFixture.SDK, "consumer", "gone");
        plane.plane.memphis().rememberMembers(); // still nobody
        await(() -> { });
        plane.log.failWith(null);
        plane.plane.memphis().rememberMembers();
        plane.plane.memphis().rememberMembers();
        await(() -> { });
        restart();
        assertEquals(List.of("a-", "b-"), members());
    }
}

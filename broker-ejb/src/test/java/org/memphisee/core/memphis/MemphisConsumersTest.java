package org.memphisee.core.memphis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.core.memphis.SdkRequests.CONSUMERS;
import static org.memphisee.core.memphis.SdkRequests.STATIONS;
import static org.memphisee.core.memphis.SdkRequests.consumer;
import static org.memphisee.core.memphis.SdkRequests.station;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.PlaneFixture;
import org.memphisee.core.log.StoreException;

/** Consumers and their groups, as SDKs register and remove them. */
class MemphisConsumersTest {

    private final PlaneFixture plane = new PlaneFixture();

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void shouldGiveAConsumerADurableOnEveryPartition() {
        plane.ask(STATIONS, station("My.Station-1", ""));
        assertEquals("{\"schema_update\":{\"schema_name\":\"\",\"active_version\":{\"version_number\":0,\"descriptor\":\"\","
            + "\"schema_content\":\"\",\"message_struct_name\":\"\"},\"type\":\"\"},"
            + "\"partitions_update\":{\"partitions_list\":[1,2]},\"error\":\"\"}",
            plane.ask(CONSUMERS, consumer("cons-A", "Grp.A", "")));
        ConsumerConfig c = plane.partitions.fake("my#station-1$2").consumers.get("grp#a").config();
        assertEquals(List.of("my#station-1$2.final"), c.filterSubjects());
        assertEquals(30_000_000_000L, c.ackWaitNanos());
        assertEquals(3, c.maxDeliver());
        assertEquals(-1, c.maxAckPending());
        assertEquals(512, c.maxWaiting());
        assertTrue(c.durable() && !c.push());
        assertEquals(ConsumerConfig.DeliverPolicy.ALL, c.deliverPolicy());
        JsonNode info = plane.js("CONSUMER.INFO.my#station-1$1.grp#a", "");
        assertEquals("grp#a", info.get("config").get("durable_name").asText());
        assertEquals("my#station-1$1.final", info.get("config").get("filter_subject").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        ",'name':''|Consumer name can not be empty",
        ",'consumers_group':'g g'|Only alphanumeric and the '_', '-', '.' characters are allowed in Consumer",
        ",'consumer_type':'x'|consumer type has to be one of the following application/connector and not x",
        ",'start_consume_from_sequence':0|startConsumeFromSequence has to be a positive number",
        ",'last_messages':-2|min value for LastMessages is -1",
        ",'start_consume_from_sequence':2,'last_messages':0|consumer creation options can't contain both startConsumeFromSequence and lastMessages",
        ",'req_version':0|to consume from this station please upgrade your SDK version",
        ",'req_version':1,'station_name':'none'|This station does not exist, a default station can not be created automatically, please upgrade your SDK version",
    })
    void shouldRefuseConsumersInPlainText(String more, String text) {
        plane.ask(STATIONS, station("My.Station-1", ""));
        assertEquals(text, plane.ask(CONSUMERS, consumer("c", "g", more)));
    }

    @Test
    void shouldAnswerBrokenJsonOfConsumersInJson() {
        assertEquals("{\"error\":\"request is not valid JSON\"}", plane.ask(CONSUMERS, "{"));
    }

    @Test
    void shouldLeaveErrorOutForJava() {
        ClientIdentity java = new ClientIdentity("root", "", "java", "$memphis");
        String answer = plane.ask(java, CONSUMERS, consumer("c", "g", ",'connection_id':'uuid-7::root','req_version':3"))
            .payload();
        assertFalse(answer.contains("\"error\""));
        assertEquals("", plane.ask(java, "$memphis_consumer_destructions",
            "{'name':'c','station_name':'my.station-1','connection_id':'uuid-7'}").payload());
    }

    @Test
    void shouldStartWhereAskedOnEachPartition() {
        plane.ask(STATIONS, station("My.Station-1", ""));
        IntStream.range(0, 10).forEach(i -> plane.partitions.fake("my#station-1$1").put("my#station-1$1.final", "", "x"));
        plane.ask(CONSUMERS, consumer("last", "last", ",'last_messages':3"));
        plane.ask(CONSUMERS, consumer("new", "new", ",'last_messages':0"));
        plane.ask(CONSUMERS, consumer("seq", "seq", ",'start_consume_from_sequence':5"));
        assertEquals(8, plane.partitions.fake("my#station-1$1").starts.get("last"));
        assertEquals(1, plane.partitions.fake("my#station-1$2").starts.get("last"));
        assertEquals(11, plane.partitions.fake("my#station-1$1").starts.get("new"));
        assertEquals(5, plane.partitions.fake("my#station-1$2").starts.get("seq"));
        ConsumerConfig last = plane.partitions.fake("my#station-1$1").consumers.get("last").config();
        assertEquals(ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, last.deliverPolicy());
        assertEquals(8, last.optStartSeq());
        assertEquals(ConsumerConfig.DeliverPolicy.NEW,
            plane.partitions.fake("my#station-1$1").consumers.get("new").config().deliverPolicy());
    }

    @Test
    void shouldUpdateTheWholeGroupButNeverItsStart() {
        plane.plane.connectionOpened("uuid-1");
        plane.ask(CONSUMERS, consumer("a", "g", ""));
        int events = plane.log.size();
        plane.ask(CONSUMERS, consumer("b", "g", ",'start_consume_from_sequence':7"));
        assertEquals(events + 1, plane.log.size(), "the registration alone");
        plane.ask(CONSUMERS, consumer("b", "g", ",'max_ack_time_ms':1000,'max_msg_deliveries':99"));
        ConsumerConfig c = plane.partitions.fake("my#station-1$1").consumers.get("g").config();
        assertEquals(1_000_000_000L, c.ackWaitNanos());
        assertEquals(10, c.maxDeliver());
        assertEquals(1, plane.partitions.fake("my#station-1$1").starts.get("g"));
        assertEquals("consumer already exists with different uneditable configuration parameters "
            + "(StartConsumeFromSequence/LastMessages)",
            plane.ask(CONSUMERS, consumer("c", "g", ",'req_version':1,'last_messages':5")));
    }

    @Test
    void shouldRemoveTheGroupWithItsLastActiveMember() {
        plane.plane.connectionOpened("uuid-1");
        plane.ask(CONSUMERS, consumer("a", "g", ""));
        plane.ask(CONSUMERS, consumer("b", "g", ""));
        ClientIdentity other = new ClientIdentity("root", "uuid-2", "go", "$memphis");
        plane.plane.connectionOpened("uuid-2");
        plane.ask(other, CONSUMERS, consumer("a", "g", ""));
        plane.plane.connectionClosed("uuid-2");
        String destroy = "{'name':'%s','station_name':'my.station-1','username':'root','connection_id':'uuid-1','req_version':1}";
        assertEquals("", plane.ask("$memphis_consumer_destructions", destroy.formatted("a")));
        assertTrue(plane.partitions.fake("my#station-1$1").consumers.containsKey("g"));
        assertEquals("", plane.ask("$memphis_consumer_destructions", destroy.formatted("b")));
        assertFalse(plane.partitions.fake("my#station-1$1").consumers.containsKey("g"));
        assertEquals("Consumer b at station my.station-1 does not exist",
            plane.ask("$memphis_consumer_destructions", destroy.formatted("b")));
    }

    @Test
    void shouldKeepMembersActiveWhenOnlyTheProbeCloses() {
        plane.plane.connectionOpened("uuid-1");
        plane.plane.connectionOpened("uuid-1");
        plane.plane.connectionClosed("uuid-1");
        plane.ask(CONSUMERS, consumer("a", "g", ""));
        plane.plane.connectionClosed("uuid-1");
        plane.plane.connectionOpened("uuid-1");
        CompletableFuture<Boolean> active = new CompletableFuture<>();
        plane.plane.engine().resume(() -> active.complete(
            plane.plane.memphis().members().all().values().stream().allMatch(a -> a)));
        assertTrue(FakeApi.await(active));
    }

    @Test
    void shouldNotTakeAMemberForActiveWhoseConnectionIsGone() {
        plane.plane.connectionOpened("uuid-1");
        plane.plane.connectionClosed("uuid-1");
        plane.ask(CONSUMERS, consumer("a", "g", ""));
        CompletableFuture<Boolean> active = new CompletableFuture<>();
        plane.plane.engine().resume(() -> active.complete(
            plane.plane.memphis().members().all().values().stream().anyMatch(a -> a)));
        assertFalse(FakeApi.await(active));
        plane.log.failWith(new StoreException("full", null, true));
        assertEquals("insufficient storage resources available (10047)", plane.ask(CONSUMERS, consumer("b", "h", "")));
        CompletableFuture<Integer> left = new CompletableFuture<>();
        plane.plane.engine().resume(() -> left.complete(plane.plane.memphis().members().all().size()));
        assertEquals(1, FakeApi.await(left));
    }
}

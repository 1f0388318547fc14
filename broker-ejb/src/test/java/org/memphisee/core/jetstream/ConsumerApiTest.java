package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.control.SystemEvent;

class ConsumerApiTest {

    private final ControlFixture control = new ControlFixture();

    @BeforeEach
    void start() {
        new JetStreamApi(control.engine, user -> Permissions.UNRESTRICTED, name -> true).bind(control.api);
        control.start();
        assertFalse(js("STREAM.CREATE.S", "{'name':'S','subjects':['s.>']}").has("error"));
    }

    @AfterEach
    void stop() {
        control.close();
    }

    private JsonNode js(String operation, String payload) {
        return control.api.js(operation, payload);
    }

    private JsonNode create(String config) {
        return js("CONSUMER.CREATE.S.c", "{'stream_name':'S','config':" + config + "}");
    }

    private static int errCode(JsonNode answer) {
        return answer.path("error").path("err_code").asInt();
    }

    private static String text(JsonNode answer) {
        return answer.path("error").path("description").asText();
    }

    @Test
    void shouldCreateADurableWithDefaults() {
        JsonNode a = js("CONSUMER.DURABLE.CREATE.S.d1",
            "{'stream_name':'S','config':{'durable_name':'d1','ack_policy':'explicit','ack_wait':0,'filter_subject':'s.a'}}");
        assertEquals("io.nats.jetstream.api.v1.consumer_create_response", a.get("type").asText());
        assertEquals("S", a.get("stream_name").asText());
        JsonNode c = a.get("config");
        assertEquals("d1", c.get("durable_name").asText());
        assertEquals("d1", c.get("name").asText());
        assertEquals("all", c.get("deliver_policy").asText());
        assertEquals(30_000_000_000L, c.get("ack_wait").asLong());
        assertEquals(-1, c.get("max_deliver").asInt());
        assertEquals("s.a", c.get("filter_subject").asText());
        assertEquals("instant", c.get("replay_policy").asText());
        assertEquals(512, c.get("max_waiting").asInt());
        assertEquals(1000, c.get("max_ack_pending").asInt());
        assertEquals(0, c.get("num_replicas").asInt());
        assertEquals(0, a.get("delivered").get("consumer_seq").asInt());
        assertFalse(a.get("delivered").has("last_active"));
        assertTrue(a.has("num_pending") && a.has("ts"));
        assertTrue(control.api.published.contains("$JS.EVENT.ADVISORY.CONSUMER.CREATED.S.d1"));
    }

    @Test
    void shouldNameEphemeralsAndGiveThemAThreshold() {
        JsonNode a = js("CONSUMER.CREATE.S", "{'stream_name':'S','config':{'name':'','ack_policy':'explicit'}}");
        assertEquals(8, a.get("name").asText().length());
        assertEquals(5_000_000_000L, a.get("config").get("inactive_threshold").asLong());
        assertFalse(a.get("config").has("durable_name"));
    }

    @Test
    void shouldNotLogMemoryConsumers() {
        int before = control.log.size();
        JsonNode a = js("CONSUMER.CREATE.S.ordered_1", "{'stream_name':'S','config':{'deliver_policy':'by_start_sequence',"
            + "'opt_start_seq':7,'ack_policy':'none','inactive_threshold':300000000000,'num_replicas':1,'max_deliver':1,"
            + "'mem_storage':true}}");
        assertFalse(a.has("error"), a.toString());
        assertFalse(a.get("config").has("max_ack_pending"));
        assertEquals(7, control.partitions.fake("S").starts.get("ordered_1"));
        assertTrue(js("CONSUMER.DELETE.S.ordered_1", "").get("success").asBoolean());
        assertEquals(before, control.log.size());
        assertEquals(10014, errCode(js("CONSUMER.INFO.S.ordered_1", "")));
    }

    @Test
    void shouldRecordWhereAConsumerStarts() {
        control.partitions.fake("S").put("s.a", "", "x");
        assertFalse(create("{'durable_name':'c','deliver_policy':'new','ack_policy':'explicit'}").has("error"));
        assertTrue(control.definitions().events().stream()
            .anyMatch(e -> e instanceof SystemEvent.ConsumerDefined c && c.startSequence() == 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CREATE.S|{'stream_name':'S','config':{'durable_name':'d'}}|10020",
        "DURABLE.CREATE.S.d|{'stream_name':'S','config':{}}|10018",
        "DURABLE.CREATE.S.d|{'stream_name':'S','config':{'durable_name':'x'}}|10017",
        "CREATE.S.c|{'stream_name':'S','config':{'durable_name':'x'}}|10017",
        "CREATE.S.x|{'stream_name':'S','config':{'durable_name':'c','name':'x'}}|10017",
        "CREATE.S.c|{'stream_name':'S','config':{'name':'x'}}|10017",
        "DURABLE.CREATE.S.c|{'stream_name':'S','config':{'durable_name':'c','name':'x'}}|10132",
        "CREATE.S|{'stream_name':'S','config':{'durable_name':'c','name':'x'}}|10132",
        "CREATE.S.c|{'stream_name':'S','config':{},'atcion':'update'}|10025",
        "NAMES.S|{'offsett':1}|10025",
        "CREATE.S.c.s.a|{'stream_name':'S','config':{'filter_subject':'s.b'}}|10131",
        "CREATE.S.c.s.a|{'stream_name':'S','config':{}}|10131",
        "CREATE.S.c.s.a|{'stream_name':'S','config':{'filter_subjects':['s.a','s.b']}}|10137",
        "CREATE.S.c|{'stream_name':'T','config':{}}|10056",
        "CREATE.X.c|{'stream_name':'X','config':{}}|10059",
        "CREATE.S.c|{'stream_name':'S'}|10078",
        "CREATE.S.c|{'stream_name':'S','config':{},'action':'destroy'}|10025",
        "CREATE.S.c|{'stream_name':'S','config':{},'action':'update'}|10149",
        "CREATE.S.c|not json|10025",
        "CREATE.S.a/b|{'stream_name':'S','config':{}}|10127",
        "INFO.S.c|{'x':1}|10038",
        "INFO.S.c|{}|10014",
        "INFO.X.c||10059",
        "DELETE.S.c||10014",
        "DELETE.X.c||10059",
        "NAMES.X||10059",
    })
    void shouldCheckRequests(String operation, String payload, int errCode) {
        JsonNode a = js("CONSUMER." + operation, payload == null ? "" : payload);
        assertEquals(errCode, errCode(a), a.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'deliver_subject':'d.*'|10079",
        "'deliver_subject':'d..x'|10112",
        "'deliver_subject':'s.x'|10081",
        "'deliver_subject':'d','max_waiting':1|10080",
        "'deliver_subject':'d','ack_policy':'none','max_ack_pending':5|10082",
        "'deliver_subject':'d','idle_heartbeat':1000|10083",
        "'deliver_subject':'d','flow_control':true|10108",
        "'rate_limit_bps':5|10086",
        "'max_waiting':-1|10087",
        "'idle_heartbeat':1000000000|10088",
        "'flow_control':true|10089",
        "'filter_subject':'a','filter_subjects':['b']|10136",
        "'filter_subjects':['']|10139",
        "'filter_subjects':['s.>','s.a']|10138",
        "'filter_subject':'a..b'|10093",
        "'opt_start_seq':5|10094",
        "'deliver_policy':'by_start_sequence'|10094",
        "'deliver_policy':'by_start_time'|10094",
        "'deliver_policy':'last_per_subject'|10094",
        "'deliver_policy':'sometimes'|10025",
        "'opt_start_time':'yesterday','deliver_policy':'by_start_time'|10025",
        "'sample_freq':'often'|10095",
        "'sample_freq':'101'|10095",
        "'max_batch':-1|10114",
        "'max_expires':1000|10115",
        "'backoff':[1,2,3],'max_deliver':2|10116",
        "'pause_until':'2030-01-01T00:00:00Z'|10025",
        "'priority_groups':['a'],'priority_policy':'overflow'|10025",
        "'priority_timeout':5|10025",
        "'ack_plicy':'none'|10025",
        "'num_replicas':-1|10133",
        "'num_replicas':3|10074",
        "'max_deliver':'three'|10025",
    })
    void shouldCheckConfigurations(String members, int errCode) {
        JsonNode a = create("{" + members + "}");
        assertEquals(errCode, errCode(a), a.toString());
        assertTrue(control.partitions.fake("S").consumers.isEmpty());
    }

    @Test
    void shouldTellWhatContradicts() {
        assertEquals("consumer delivery policy is deliver all, but optional start sequence is also set",
            text(create("{'opt_start_seq':5}")));
        assertEquals("consumer name is too long, maximum allowed is 255",
            text(js("CONSUMER.CREATE.S." + "x".repeat(256), "{'config':{}}")));
    }

    @Test
    void shouldCheckSizes() {
        assertEquals(10107, errCode(create("{'description':'" + "d".repeat(5000) + "'}")));
        assertEquals(10135, errCode(create("{'metadata':{'k':'" + "d".repeat(140_000) + "'}}")));
    }

    @Test
    void shouldTakeAckWaitFromBackoff() {
        JsonNode a = create("{'durable_name':'c','ack_policy':'explicit','backoff':[1000000000,2000000000],'max_deliver':5}");
        assertEquals(1_000_000_000L, a.get("config").get("ack_wait").asLong());
    }

    @Test
    void shouldHonourTheStreamsConsumerLimits() {
        js("STREAM.CREATE.L", "{'name':'L','max_consumers':1,"
            + "'consumer_limits':{'inactive_threshold':2000000000,'max_ack_pending':10}}");
        assertEquals(10153, errCode(js("CONSUMER.CREATE.L.c", "{'config':{'inactive_threshold':3000000000}}")));
        for (String policy : List.of("all", "explicit", "none")) {
            assertEquals(10121, errCode(js("CONSUMER.CREATE.L.c",
                "{'config':{'ack_policy':'" + policy + "','max_ack_pending':11}}")), policy);
        }
        JsonNode a = js("CONSUMER.CREATE.L.c", "{'config':{'ack_policy':'explicit'}}");
        assertEquals(10, a.get("config").get("max_ack_pending").asInt());
        assertEquals(2_000_000_000L, a.get("config").get("inactive_threshold").asLong());
        assertEquals(10026, errCode(js("CONSUMER.CREATE.L.d", "{'config':{'ack_policy':'explicit'}}")));
    }

    @Test
    void shouldTakeTheStreamsConsumerLimitsAsDefaults() {
        js("STREAM.CREATE.L", "{'name':'L','consumer_limits':{'inactive_threshold':60000000000,'max_ack_pending':50}}");
        for (String config : List.of("{'durable_name':'c','ack_policy':'explicit'}", "{'ack_policy':'explicit'}",
            "{'ack_policy':'none'}")) {
            JsonNode made = js("CONSUMER.CREATE.L.c", "{'config':" + config + "}");
            assertEquals(60_000_000_000L, made.get("config").path("inactive_threshold").asLong(), config);
            assertEquals(50, made.get("config").path("max_ack_pending").asInt(), config);
            js("CONSUMER.DELETE.L.c", "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'inactive_threshold':60000000000}", "{'max_ack_pending':50}"})
    void shouldNotLowerTheLimitsOfAStreamBelowItsConsumers(String limits) {
        create("{'ack_policy':'explicit','inactive_threshold':61000000000,'max_ack_pending':51}");
        JsonNode refused = js("STREAM.UPDATE.S", "{'name':'S','subjects':['s.>'],'consumer_limits':" + limits + "}");
        assertEquals(10069, errCode(refused));
        assertEquals("change to limits violates consumers: c", text(refused));
        assertFalse(js("STREAM.UPDATE.S", "{'name':'S','subjects':['s.>'],'consumer_limits':"
            + "{'inactive_threshold':61000000000,'max_ack_pending':51}}").has("error"));
    }

    @Test
    void shouldNotCreateAnEphemeralAgainThatTookTheDefaultLife() {
        String named = "{'stream_name':'S','config':{'name':'c','ack_policy':'explicit'},'action':'create'}";
        assertFalse(js("CONSUMER.CREATE.S.c", named).has("error"));
        assertEquals(10148, errCode(js("CONSUMER.CREATE.S.c", named)));
        assertFalse(create("{'name':'c','ack_policy':'explicit'}").has("error"), "without an action it is an update");
        String told = named.replace("'name'", "'inactive_threshold':5000000000,'name'");
        assertFalse(js("CONSUMER.CREATE.S.c", told).has("error"));
        String durable = named.replace("'name':'c'", "'durable_name':'d'");
        assertFalse(js("CONSUMER.CREATE.S.d", durable).has("error"));
        assertFalse(js("CONSUMER.CREATE.S.d", durable).has("error"));
    }

    @Test
    void shouldCheckWorkqueues() {
        js("STREAM.CREATE.W", "{'name':'W','retention':'workqueue','subjects':['w.>']}");
        assertEquals(10084, errCode(js("CONSUMER.CREATE.W.c", "{'config':{}}")));
        assertEquals(10098, errCode(js("CONSUMER.CREATE.W.c", "{'config':{'ack_policy':'all'}}")));
        assertEquals(10101,
            errCode(js("CONSUMER.CREATE.W.c", "{'config':{'ack_policy':'explicit','deliver_policy':'new'}}")));
        assertFalse(js("CONSUMER.CREATE.W.c", "{'config':{'ack_policy':'explicit','filter_subject':'w.a'}}").has("error"));
        assertEquals(10099, errCode(js("CONSUMER.CREATE.W.d", "{'config':{'ack_policy':'explicit'}}")));
        assertEquals(10100,
            errCode(js("CONSUMER.CREATE.W.d", "{'config':{'ack_policy':'explicit','filter_subject':'w.*'}}")));
        assertFalse(js("CONSUMER.CREATE.W.d", "{'config':{'ack_policy':'explicit','filter_subject':'w.b'}}").has("error"));
    }

    @Test
    void shouldLetBothWinWhenTheSameDurableIsCreatedAtOnce() {
        control.log.hold();
        List<CompletableFuture<FakeApi.Answer>> answers = IntStream.range(0, 8).mapToObj(i -> control.api.send(
            FakeApi.PLAIN, "$JS.API.CONSUMER.CREATE.S.c", "{\"config\":{\"durable_name\":\"c\"}}")).toList();
        awaitHeld();
        assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
        control.log.release();
        answers.forEach(a -> assertFalse(FakeApi.await(a).json().has("error")));
        assertEquals(2, control.log.size());
    }

    private void awaitHeld() {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (control.log.held() == 0) {
            assertTrue(System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldUpdateWhatMayChange() {
        create("{'durable_name':'c','ack_policy':'explicit'}");
        JsonNode a = create("{'durable_name':'c','ack_policy':'explicit','ack_wait':1000000000,'max_deliver':3,"
            + "'filter_subjects':['s.a','s.b'],'description':'x','max_ack_pending':5,'headers_only':true}");
        assertEquals(1_000_000_000L, a.get("config").get("ack_wait").asLong());
        assertEquals(2, a.get("config").get("filter_subjects").size());
        assertEquals(10148, errCode(js("CONSUMER.CREATE.S.c",
            "{'config':{'durable_name':'c','ack_policy':'all'},'action':'create'}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "'ack_policy':'explicit','deliver_policy':'new'|deliver policy can not be updated",
        "'ack_policy':'explicit','deliver_policy':'by_start_sequence','opt_start_seq':2|deliver policy can not be updated",
        "'ack_policy':'all'|ack policy can not be updated",
        "'ack_policy':'explicit','replay_policy':'original'|replay policy can not be updated",
        "'ack_policy':'explicit','max_waiting':7|max waiting can not be updated",
        "'ack_policy':'explicit','deliver_subject':'d'|can not update pull consumer to push based",
    })
    void shouldRefuseToUpdateWhatIsFixed(String members, String description) {
        create("{'durable_name':'c','ack_policy':'explicit'}");
        JsonNode a = create("{'durable_name':'c'," + members + "}");
        assertEquals(10012, errCode(a));
        assertEquals(500, a.get("error").get("code").asInt());
        assertEquals(description, text(a));
    }

    @Test
    void shouldUseTheDurableNameWhenTheOtherDiffers() {
        JsonNode a = create("{'durable_name':'c','name':'custom'}");
        assertFalse(a.has("error"), a.toString());
        assertEquals("c", a.get("name").asText());
        assertEquals("c", a.get("config").get("durable_name").asText());
        assertEquals(1, js("CONSUMER.NAMES.S", "").get("total").asInt());
    }

    @Test
    void shouldMakeANamedConsumerDurableAndBack() {
        JsonNode named = create("{'name':'c'}");
        assertTrue(named.get("config").has("inactive_threshold"));
        JsonNode durable = create("{'name':'c','durable_name':'c'}");
        assertFalse(durable.has("error"), durable.toString());
        assertEquals("c", durable.get("config").get("durable_name").asText());
        assertFalse(durable.get("config").has("inactive_threshold"));
        JsonNode back = create("{'name':'c'}");
        assertFalse(back.has("error"), back.toString());
        assertFalse(back.get("config").has("durable_name"));
        assertTrue(back.get("config").has("inactive_threshold"));
        assertEquals(10013, errCode(create("{'name':'c','mem_storage':true}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1500-06-01T00:00:00Z", "0000-01-01T00:00:00Z"})
    void shouldBeginAtTheBeginningOfAllTimes(String time) {
        JsonNode a = create("{'durable_name':'c','deliver_policy':'by_start_time','opt_start_time':'" + time + "'}");
        assertFalse(a.has("error"), a.toString());
        assertEquals("0001-01-01T00:00:00Z", a.get("config").get("opt_start_time").asText());
        assertFalse(create("{'durable_name':'c','deliver_policy':'by_start_time','opt_start_time':'" + time + "'}")
            .has("error"), "created twice");
        assertFalse(js("CONSUMER.CREATE.S.d", "{'config':{'opt_start_time':'0001-01-01T00:00:00Z'}}").has("error"));
    }

    @Test
    void shouldTakeABackoffForEachDelivery() {
        JsonNode a = create("{'durable_name':'c','ack_policy':'explicit','backoff':[1000000000,2000000000],'max_deliver':2}");
        assertEquals(2, a.get("config").get("max_deliver").asInt());
    }

    @Test
    void shouldCompareStartTimesByValue() {
        String config = "{'durable_name':'c','deliver_policy':'by_start_time','opt_start_time':'%s'}";
        assertFalse(create(config.formatted("2026-11-24T02:00:00.5+02:00")).has("error"));
        JsonNode same = create(config.formatted("2026-11-24T00:00:00.500Z"));
        assertEquals("2026-11-24T00:00:00.5Z", same.get("config").get("opt_start_time").asText());
        assertEquals("start time can not be updated", text(create(config.formatted("2026-11-24T00:00:01Z"))));
    }

    @Test
    void shouldChangeADeliverSubjectOnlyWhileNobodyListens() {
        create("{'durable_name':'c','deliver_subject':'d1'}");
        control.partitions.fake("S").pushBound = true;
        assertEquals(10013, errCode(create("{'durable_name':'c','deliver_subject':'d2'}")));
        control.partitions.fake("S").pushBound = false;
        assertEquals("d2", create("{'durable_name':'c','deliver_subject':'d2'}").get("config").get("deliver_subject").asText());
    }

    @Test
    void shouldListAndDeleteConsumers() {
        create("{'durable_name':'c','ack_policy':'explicit'}");
        js("CONSUMER.CREATE.S.b", "{'config':{'durable_name':'b'}}");
        assertEquals("[\"b\",\"c\"]", js("CONSUMER.NAMES.S", "").get("consumers").toString());
        JsonNode list = js("CONSUMER.LIST.S", "{'offset':1}");
        assertEquals(2, list.get("total").asInt());
        assertEquals("c", list.get("consumers").get(0).get("name").asText());
        assertTrue(js("CONSUMER.DELETE.S.c", "").get("success").asBoolean());
        JsonNode gone = js("CONSUMER.INFO.S.c", "");
        assertEquals(404, gone.get("error").get("code").asInt());
        assertEquals("consumer not found", text(gone));
        assertTrue(control.api.published.contains("$JS.EVENT.ADVISORY.CONSUMER.DELETED.S.c"));
    }

    @Test
    void shouldRemoveIdleConsumersWhenTheirPartitionAsks() {
        create("{'ack_policy':'explicit'}");
        long id = control.partitions.fake("S").id();
        control.engine.removeInactiveConsumer(id, "c");
        control.engine.removeInactiveConsumer(id, "c");
        control.engine.removeInactiveConsumer(id + 100, "c");
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!js("CONSUMER.INFO.S.c", "").has("error")) {
            assertTrue(System.nanoTime() < deadline);
        }
        assertEquals(1, control.definitions().events().size());
    }
}

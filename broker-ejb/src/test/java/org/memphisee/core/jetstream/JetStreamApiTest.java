package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.log.StoreException;

class JetStreamApiTest {

    private final ControlFixture control = new ControlFixture();

    @BeforeEach
    void start() {
        new JetStreamApi(control.engine, user -> Permissions.UNRESTRICTED, name -> true).bind(control.api);
        control.start();
    }

    @AfterEach
    void stop() {
        control.close();
    }

    private JsonNode js(String operation, String payload) {
        return control.api.js(operation, payload);
    }

    private void stream(String config) {
        String name = config.replaceAll(".*'name':'([^']*)'.*", "$1");
        JsonNode answer = js("STREAM.CREATE." + name, config);
        assertFalse(answer.has("error"), answer.toString());
    }

    private static int errCode(JsonNode answer) {
        return answer.path("error").path("err_code").asInt();
    }

    @Test
    void shouldCreateAStreamWithDefaults() {
        JsonNode a = js("STREAM.CREATE.ORD", "{'name':'ORD','max_age':0,'max_msgs':0,'description':'','mirror':null}");
        assertEquals("io.nats.jetstream.api.v1.stream_create_response", a.get("type").asText());
        assertTrue(a.get("did_create").asBoolean());
        JsonNode c = a.get("config");
        for (String member : List.of("name", "subjects", "retention", "max_consumers", "max_msgs", "max_bytes", "max_age",
            "max_msgs_per_subject", "max_msg_size", "discard", "storage", "num_replicas", "duplicate_window",
            "compression", "allow_direct", "mirror_direct", "sealed", "deny_delete", "deny_purge", "allow_rollup_hdrs",
            "consumer_limits")) {
            assertTrue(c.has(member), member);
        }
        assertEquals("ORD", c.get("subjects").get(0).asText());
        assertEquals(120_000_000_000L, c.get("duplicate_window").asLong());
        assertEquals("limits", c.get("retention").asText());
        assertEquals(0, a.get("state").get("last_seq").asInt());
        assertEquals("0001-01-01T00:00:00Z", a.get("state").get("first_ts").asText());
        assertTrue(a.get("created").asText().endsWith("Z"));
        assertTrue(a.has("ts"));
        assertTrue(control.api.published.contains("$JS.EVENT.ADVISORY.STREAM.CREATED.ORD"));
    }

    @Test
    void shouldAnswerTheSameCreateTwiceAndRefuseADifferentOne() {
        stream("{'name':'S','subjects':['a.*']}");
        stream("{'name':'S','subjects':['a.*']}");
        JsonNode other = js("STREAM.CREATE.S", "{'name':'S','subjects':['b.*']}");
        assertEquals(10058, errCode(other));
        assertEquals(400, other.get("error").get("code").asInt());
        assertEquals("stream name already in use with a different configuration",
            other.get("error").get("description").asText());
        assertEquals(1, control.log.size());
    }

    @Test
    void shouldStoreOneStreamWhenManyCreateItAtOnce() {
        control.log.hold();
        List<CompletableFuture<FakeApi.Answer>> answers = IntStream.range(0, 20).mapToObj(i ->
            control.api.send(FakeApi.PLAIN, "$JS.API.STREAM.CREATE.S", "{\"name\":\"S\"}")).toList();
        assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
        control.log.release();
        answers.forEach(a -> assertFalse(FakeApi.await(a).json().has("error")));
        assertEquals(1, control.log.size());
    }

    @Test
    void shouldReserveSubjectsOfStreamsThatAreNotYetDurable() {
        control.log.hold();
        CompletableFuture<FakeApi.Answer> first =
            control.api.send(FakeApi.PLAIN, "$JS.API.STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"x.>\"]}");
        assertEquals(10065, errCode(js("STREAM.CREATE.B", "{'name':'B','subjects':['x.y']}")));
        control.log.release();
        assertFalse(FakeApi.await(first).json().has("error"));
    }

    @Test
    void shouldAnswerATypedErrorWhenTheDiskIsFullAndRecoverAfterwards() {
        control.log.failWith(new StoreException("disk full", null, true));
        assertEquals(10047, errCode(js("STREAM.CREATE.S", "{'name':'S'}")));
        assertFalse(control.engine.frozen());
        control.log.failWith(null);
        stream("{'name':'S'}");
    }

    @Test
    void shouldRefuseEveryChangeAfterAFailedWrite() {
        stream("{'name':'OLD'}");
        control.log.failWith(new StoreException("broken", null, false));
        assertEquals(10008, errCode(js("STREAM.CREATE.S", "{'name':'S'}")));
        control.log.failWith(null);
        assertTrue(control.engine.frozen());
        assertEquals(10008, errCode(js("STREAM.CREATE.S", "{'name':'S'}")));
        assertEquals(10008, errCode(js("STREAM.DELETE.OLD", "")));
        assertEquals(10059, errCode(js("STREAM.INFO.S", "")));
        assertFalse(js("STREAM.INFO.OLD", "").has("error"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'name':''}|10052|500|stream name is required and can not contain '.', '*', '>'",
        "{'name':'a.b'}|10052|500|stream name is required and can not contain '.', '*', '>'",
        "{'name':'a/b'}|10128|400|Stream name can not contain path separators",
        "{'name':'T'}|10056|400|stream name in subject does not match request",
        "{'name':'S','max_age':1000}|10052|500|max age needs to be >= 100ms",
        "{'name':'S','duplicate_window':2000000000,'max_age':1000000000}|10052|500|duplicates window can not be larger then max age",
        "{'name':'S','duplicate_window':1000}|10052|500|duplicates window needs to be >= 100ms",
        "{'name':'S','duplicate_window':-1}|10052|500|duplicates window can not be negative",
        "{'name':'S','subjects':['a','a']}|10052|500|duplicate subjects detected",
        "{'name':'S','subjects':['a.>','a.b']}|10052|500|subject \"a.>\" overlaps with \"a.b\"",
        "{'name':'S','subjects':['$JS.API.X']}|10052|500|subjects that overlap with jetstream api require no-ack to be true",
        "{'name':'S','subjects':['a..b']}|10052|500|invalid subject",
        "{'name':'S','discard_new_per_subject':true}|10052|500|discard new per subject requires discard new policy to be set",
        "{'name':'S','discard':'new','discard_new_per_subject':true}|10052|500|discard new per subject requires max msgs per subject > 0",
        "{'name':'S','deny_purge':true,'allow_rollup_hdrs':true}|10052|500|roll-ups require the purge permission",
        "{'name':'S','republish':{'src':'S','dest':'S'}}|10052|500|stream configuration for republish destination forms a cycle",
        "{'name':'S','mirror':{'name':'X'}}|10052|500|mirror is not supported by this server",
        "{'name':'S','sources':[{'name':'X'}]}|10052|500|sources is not supported by this server",
        "{'name':'S','subject_transform':{'src':'a','dest':'b'}}|10052|500|subject_transform is not supported by this server",
        "{'name':'S','num_replicas':3}|10074|500|replicas > 1 not supported in non-clustered mode",
        "{'name':'S','num_replicas':-1}|10133|400|replicas count cannot be negative",
        "{'name':'S','num_replicas':6}|10052|500|maximum replicas is 5",
        "{'name':'S','sealed':true}|10052|500|stream configuration for create can not be sealed",
        "{'name':'S','retention':'never'}|10025|400|invalid JSON",
        "{'name':7}|10025|400|invalid JSON",
        "{'name':'S'|10025|400|invalid JSON",
    })
    void shouldRefuseBadStreams(String config, int errCode, int code, String description) {
        JsonNode a = js("STREAM.CREATE.S", config.replace("\\\"", "\""));
        assertEquals(errCode, errCode(a), a.toString());
        assertEquals(code, a.get("error").get("code").asInt());
        assertEquals(description, a.get("error").get("description").asText());
        assertEquals("io.nats.jetstream.api.v1.stream_create_response", a.get("type").asText());
    }

    @Test
    void shouldTolerateWhatNewerClientsSend() {
        stream("{'name':'S','tiered_storage_enabled':true,'compression':'none','consumer_limits':{},'allow_msg_ttl':true,'persist_mode':'default',"
            + "'template_owner':'x','allow_atomic':false,'subject_delete_marker_ttl':0,'allow_msg_counter':null,"
            + "'action':'create','pedantic':true,'placement':{'cluster':'x','tags':[]},'sources':[],'max_msgs':10.0}");
        assertEquals(10, js("STREAM.INFO.S", "").get("config").get("max_msgs").asInt());
    }

    @Test
    void shouldUpdateWhatMayChangeAndRefuseTheRest() {
        stream("{'name':'S','subjects':['a'],'deny_delete':true}");
        stream("{'name':'W','retention':'workqueue'}");
        assertEquals(50, js("STREAM.UPDATE.S", "{'name':'S','subjects':['a','b'],'max_msgs':50,'deny_delete':true}")
            .get("config").get("max_msgs").asInt());
        assertRefused("{'name':'S','max_consumers':3,'deny_delete':true}", "S");
        assertRefused("{'name':'S','storage':'memory','deny_delete':true}", "S");
        assertRefused("{'name':'S','subjects':['a']}", "S");
        assertRefused("{'name':'W'}", "W");
        assertEquals(10065, errCode(js("STREAM.UPDATE.S", "{'name':'S','subjects':['W'],'deny_delete':true}")));
        assertEquals(10059, errCode(js("STREAM.UPDATE.X", "{'name':'X'}")));
        JsonNode sealed = js("STREAM.UPDATE.S", "{'name':'S','subjects':['a'],'sealed':true,'max_age':1000000000}")
            .get("config");
        assertEquals(0, sealed.get("max_age").asInt());
        assertEquals("new", sealed.get("discard").asText());
        assertTrue(sealed.get("deny_delete").asBoolean() && sealed.get("deny_purge").asBoolean());
        assertEquals(10109, errCode(js("STREAM.PURGE.S", "")));
        assertEquals(10109, errCode(js("STREAM.MSG.DELETE.S", "{'seq':1}")));
        assertRefused("{'name':'S','subjects':['a'],'deny_delete':true,'deny_purge':true}", "S");
        assertTrue(control.api.published.contains("$JS.EVENT.ADVISORY.STREAM.UPDATED.S"));
    }

    private void assertRefused(String config, String name) {
        assertEquals(10052, errCode(js("STREAM.UPDATE." + name, config)), config);
    }

    @Test
    void shouldTellStreamInfoWithDetails() {
        stream("{'name':'S','subjects':['a.*']}");
        control.partitions.fake("S").put("a.x", "", "1");
        control.partitions.fake("S").put("a.y", "", "2");
        control.partitions.fake("S").put("a.x", "", "3");
        control.partitions.fake("S").messages.remove(2L);
        JsonNode plain = js("STREAM.INFO.S", "{}");
        assertEquals(2, plain.get("state").get("messages").asInt());
        assertFalse(plain.get("state").has("subjects"));
        JsonNode details = js("STREAM.INFO.S", "{'subjects_filter':'a.>','deleted_details':true}");
        assertEquals(2, details.get("state").get("subjects").get("a.x").asInt());
        assertEquals("[2]", details.get("state").get("deleted").toString());
        assertEquals(1, details.get("total").asInt());
        assertEquals(10059, errCode(js("STREAM.INFO.X", "")));
        assertEquals("stream not found", js("STREAM.INFO.X", "").get("error").get("description").asText());
        assertEquals(10025, errCode(js("STREAM.INFO.S", "{x")));
    }

    @Test
    void shouldTellTheCountsOfManySubjectsInPages() {
        stream("{'name':'S','subjects':['a.*']}");
        int all = 100_003;
        for (int i = 0; i < all; i++) {
            control.partitions.fake("S").put("a." + i, "", "");
        }
        JsonNode first = js("STREAM.INFO.S", "{'subjects_filter':'a.>'}");
        JsonNode second = js("STREAM.INFO.S", "{'subjects_filter':'a.>','offset':100000}");
        JsonNode third = js("STREAM.INFO.S", "{'subjects_filter':'a.>','offset':200000}");
        for (JsonNode page : List.of(first, second, third)) {
            assertEquals(all, page.get("total").asInt());
            assertEquals(100_000, page.get("limit").asInt());
            assertEquals(all, page.get("state").get("num_subjects").asInt());
        }
        assertEquals(List.of(0, 100_000, 200_000), Stream.of(first, second, third).map(p -> p.get("offset").asInt()).toList());
        Set<String> seen = new HashSet<>();
        first.get("state").get("subjects").fieldNames().forEachRemaining(seen::add);
        assertEquals(100_000, seen.size());
        second.get("state").get("subjects").fieldNames().forEachRemaining(seen::add);
        assertEquals(all, seen.size(), "each on one page");
        assertEquals(0, third.get("state").get("subjects").size());
        JsonNode few = js("STREAM.INFO.S", "{'subjects_filter':'a.7'}");
        assertEquals(1, few.get("total").asInt());
        assertEquals(1, few.get("state").get("subjects").get("a.7").asInt());
    }

    @Test
    void shouldListStreamsSortedAndBySubject() {
        stream("{'name':'B','subjects':['b.>']}");
        stream("{'name':'A','subjects':['a.*']}");
        assertEquals("[\"A\",\"B\"]", js("STREAM.NAMES", "").get("streams").toString());
        assertEquals("[\"B\"]", js("STREAM.NAMES", "{'subject':'b.final'}").get("streams").toString());
        assertEquals("[]", js("STREAM.NAMES", "{'subject':'x'}").get("streams").toString());
        JsonNode paged = js("STREAM.NAMES", "{'offset':1}");
        assertEquals("[\"B\"]", paged.get("streams").toString());
        assertEquals(2, paged.get("total").asInt());
        assertEquals(1024, paged.get("limit").asInt());
        JsonNode list = js("STREAM.LIST", "{'subject':'*.x'}");
        assertEquals(256, list.get("limit").asInt());
        assertEquals("A", list.get("streams").get(0).get("config").get("name").asText());
    }

    @Test
    void shouldDeleteStreams() {
        stream("{'name':'S'}");
        assertEquals(10038, errCode(js("STREAM.DELETE.S", "{'x':1}")));
        assertTrue(js("STREAM.DELETE.S", "").get("success").asBoolean());
        assertEquals(10059, errCode(js("STREAM.DELETE.S", "{}")));
        assertTrue(control.api.published.contains("$JS.EVENT.ADVISORY.STREAM.DELETED.S"));
    }

    @Test
    void shouldReadDeleteAndPurgeMessages() {
        stream("{'name':'S','subjects':['s.*']}");
        stream("{'name':'D','deny_delete':true,'deny_purge':true}");
        control.partitions.fake("S").put("s.a", "NATS/1.0\r\nk: v\r\n\r\n", "one");
        control.partitions.fake("S").put("s.b", "", "");
        control.partitions.fake("S").put("s.a", "", "three");
        JsonNode m = js("STREAM.MSG.GET.S", "{'seq':1}").get("message");
        assertEquals("b25l", m.get("data").asText());
        assertTrue(m.has("hdrs"));
        assertEquals("1970-01-01T00:00:01Z", m.get("time").asText());
        assertFalse(js("STREAM.MSG.GET.S", "{'seq':2}").get("message").has("data"));
        assertEquals(3, js("STREAM.MSG.GET.S", "{'last_by_subj':'s.a'}").get("message").get("seq").asInt());
        assertEquals(2, js("STREAM.MSG.GET.S", "{'next_by_subj':'s.*','seq':2}").get("message").get("seq").asInt());
        assertEquals(10037, errCode(js("STREAM.MSG.GET.S", "{'seq':9}")));
        assertEquals(10003, errCode(js("STREAM.MSG.GET.S", "{'seq':1,'last_by_subj':'s.a'}")));
        assertEquals(10003, errCode(js("STREAM.MSG.GET.S", "{}")));
        assertEquals(10003, errCode(js("STREAM.MSG.GET.S", "")));
        JsonNode gone = js("STREAM.MSG.DELETE.S", "{'seq':77}");
        assertEquals(10043, errCode(gone));
        assertEquals("sequence 77 not found", gone.get("error").get("description").asText());
        assertTrue(js("STREAM.MSG.DELETE.S", "{'seq':1,'no_erase':true}").get("success").asBoolean());
        assertEquals("message delete not permitted",
            js("STREAM.MSG.DELETE.D", "{'seq':1}").get("error").get("description").asText());
        assertEquals("stream purge not permitted", js("STREAM.PURGE.D", "").get("error").get("description").asText());
        assertEquals(10003, errCode(js("STREAM.PURGE.S", "{'seq':2,'keep':1}")));
        assertEquals(1, js("STREAM.PURGE.S", "{'filter':'s.b'}").get("purged").asInt());
        assertEquals(1, js("STREAM.PURGE.S", "").get("purged").asInt());
    }

    @Test
    void shouldGetDirectly() {
        stream("{'name':'KV_cfg','subjects':['$KV.cfg.>'],'allow_direct':true}");
        control.partitions.fake("KV_cfg").put("$KV.cfg.a.b", "NATS/1.0\r\nk: v\r\n\r\n", "v2");
        FakeApi.Answer a = control.api.ask(FakeApi.PLAIN, "$JS.API.DIRECT.GET.KV_cfg.$KV.cfg.a.b", "");
        assertEquals("NATS/1.0\r\nk: v\r\nNats-Stream: KV_cfg\r\nNats-Subject: $KV.cfg.a.b\r\nNats-Sequence: 1\r\n"
            + "Nats-Time-Stamp: 1970-01-01T00:00:01Z\r\n\r\n", a.header());
        assertEquals("v2", a.payload());
        assertEquals("v2", control.api.ask(FakeApi.PLAIN, "$JS.API.DIRECT.GET.KV_cfg", "{\"seq\":1}").payload());
        assertStatus("404 Message Not Found", "{\"seq\":5}");
        assertStatus("408 Empty Request", "");
        assertStatus("408 Malformed Request", "{");
    }

    private void assertStatus(String status, String payload) {
        assertEquals("NATS/1.0 " + status + "\r\n\r\n",
            control.api.ask(FakeApi.PLAIN, "$JS.API.DIRECT.GET.KV_cfg", payload).header());
    }

    @Test
    void shouldTellTheAccount() {
        stream("{'name':'S'}");
        JsonNode a = js("INFO", "");
        assertEquals("io.nats.jetstream.api.v1.account_info_response", a.get("type").asText());
        assertEquals(1, a.get("streams").asInt());
        assertEquals(-1, a.get("limits").get("max_streams").asInt());
        assertEquals(2, a.get("api").get("total").asInt());
        assertEquals(0, a.get("api").get("errors").asInt());
    }

    @Test
    void shouldRefuseRareRequestsWithTheRightType() {
        JsonNode template = js("STREAM.TEMPLATE.INFO.S", "{}");
        assertEquals(10003, errCode(template));
        assertEquals("STREAM.TEMPLATE.INFO is not supported by this server",
            template.get("error").get("description").asText());
        assertEquals("io.nats.jetstream.api.v1.stream_template_info_response", template.get("type").asText());
        assertEquals(10010, errCode(js("STREAM.PEER.REMOVE.S", "{}")));
    }

    @Test
    void shouldServeEveryRequestOnceAndLeaveTheDataPathAlone() {
        assertTrue(control.api.handlersFor("$JS.API.CONSUMER.MSG.NEXT.S.C").isEmpty());
        assertTrue(control.api.handlersFor("$JS.ACK.S.C.1.1.1.1.1").isEmpty());
        assertTrue(control.api.handlersFor("$JS.API.NONSENSE").isEmpty());
        assertEquals(1, control.api.handlersFor("$JS.API.CONSUMER.DURABLE.CREATE.S.C").size());
    }

    @Test
    void shouldHaveOneCodePerError() {
        assertEquals(ApiError.values().length,
            java.util.Arrays.stream(ApiError.values()).map(ApiError::errCode).distinct().count());
        for (ApiError error : ApiError.values()) {
            assertEquals(error.name(), error.name().toUpperCase(Locale.ROOT));
            assertFalse(error.description(1).contains("{"));
        }
    }
}

package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.control.ControlFixture;

/** What a stream may be configured to do, and what it is told when it may not (jetstream-api.md 5.3). */
class StreamConfigurationTest {

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

    private JsonNode create(String members) {
        return control.api.js("STREAM.CREATE.S", "{'name':'S'," + members + "}");
    }

    private static int errCode(JsonNode answer) {
        return answer.path("error").path("err_code").asInt();
    }

    private static String description(JsonNode answer) {
        return answer.path("error").path("description").asText();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$SYS.>|subjects that overlap with system api require no-ack to be true",
        "$SYS.REQ.USER.INFO|subjects that overlap with system api require no-ack to be true",
        "*.REQ.USER.INFO|subjects that overlap with jetstream api require no-ack to be true",
        "$JS.>|subjects that overlap with jetstream api require no-ack to be true",
        "$JS.ACK.>|subjects that overlap with jetstream api require no-ack to be true",
        "$JS.FC.S.>|subjects that overlap with jetstream api require no-ack to be true",
        "$JS.*.ADVISORY.>|subjects that overlap with jetstream api require no-ack to be true",
        "$JSC.x|subjects that overlap with jetstream api require no-ack to be true",
        "$NRG.>|subjects that overlap with jetstream api require no-ack to be true",
        "*.x|subjects that overlap with jetstream api require no-ack to be true",
        "*.>|subjects that overlap with jetstream api require no-ack to be true",
        ">|capturing all subjects requires no-ack to be true",
    })
    void shouldLetOnlyStreamsThatNeverAnswerListenToRequests(String subject, String text) {
        JsonNode refused = create("'subjects':['" + subject + "']");
        assertEquals(10052, errCode(refused), refused.toString());
        assertEquals(text, description(refused));
        assertFalse(create("'no_ack':true,'subjects':['" + subject + "']").has("error"), subject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$JS.EVENT.>", "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>", "$SYS.ACCOUNT.*.CONNECT", "*",
        "$KV.b.>", "$O.b.C.>", "$memphi", "$JSX.a", "a.$memphis_x", "_INBOX.>"})
    void shouldStoreWhatIsNoRequest(String subject) {
        assertFalse(create("'subjects':['" + subject + "']").has("error"), subject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$memphis_station_creations", "$memphis_consumer_creations", "$memphis_schema_updates_*",
        "$memphis_ws_pubs.>", "$memphis", "$memphis-throughput-v1.x", "$memphisanything.*"})
    void shouldNeverStoreTheBrokersOwnSubjects(String subject) {
        for (String ack : new String[] {"false", "true"}) {
            JsonNode refused = create("'no_ack':" + ack + ",'subjects':['" + subject + "']");
            assertEquals(10052, errCode(refused), refused.toString());
            assertEquals("subject names that begin with $memphis are reserved for the broker", description(refused));
        }
        assertEquals(10052, errCode(create("'subjects':['a'],'republish':{'src':'a','dest':'" + subject + "'}")));
        assertFalse(create("'subjects':['a']").has("error"));
        assertEquals(10052, errCode(control.api.js("STREAM.UPDATE.S", "{'name':'S','subjects':['a','" + subject + "']}")));
        assertEquals(10112, errCode(control.api.js("CONSUMER.CREATE.S.c",
            "{'config':{'deliver_subject':'" + subject.replace("*", "x").replace(">", "x") + "'}}")));
    }

    @Test
    void shouldNotHideStreamsAmongTheBrokersOwn() {
        JsonNode refused = control.api.js("STREAM.CREATE.$memphis_dls", "{'name':'$memphis_dls','subjects':['a']}");
        assertEquals(10052, errCode(refused));
        assertEquals("stream names that begin with $memphis are reserved for the broker", description(refused));
    }

    @Test
    void shouldCheckSubjectsAnewWhenAStreamBeginsToAnswer() {
        assertFalse(create("'no_ack':true,'subjects':['$SYS.>']").has("error"));
        JsonNode wider = control.api.js("STREAM.UPDATE.S", "{'name':'S','no_ack':true,'subjects':['$SYS.>','$JS.ACK.>']}");
        assertFalse(wider.has("error"), wider.toString());
        assertEquals(10052, errCode(control.api.js("STREAM.UPDATE.S", "{'name':'S','subjects':['$SYS.>']}")));
        assertEquals(10052, errCode(control.api.js("STREAM.UPDATE.S", "{'name':'S'}".replace("'}",
            "','subjects':['*.x']}"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "S.*|d.*.*", "S.*|d.*", "S.*|d.{{wildcard(2)}}", "S.*|d.{{wildcard(0)}}", "S.*|d.$2", "S.*|d.$0", ">|d",
        "S.>|d.{{wildcard(1)}}", "S.*|d.>", "S.*|", "S.*|d..x", "S.*|d.{{partition(3,1)}}", "S.*|d.{{nothing}}",
        "S..*|d.$1", "S.*|d.{{wildcard(99999)}}", "S.>|d.>.x", "S.*|$memphis_notifications.{{wildcard(1)}}",
        "S.>|S.>", "S.*|S.{{wildcard(1)}}",
    })
    void shouldRefuseARepublishThatCannotBeMapped(String source, String destination) {
        JsonNode refused = create("'subjects':['S.>'],'republish':{'src':'" + source + "','dest':'"
            + (destination == null ? "" : destination) + "'}");
        assertEquals(10052, errCode(refused), refused.toString());
        assertTrue(description(refused).contains("republish"), refused.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"S.*|d.{{wildcard(1)}}", "S.*|d.{{ Wildcard( 1 ) }}", "S.*|d.$1", "S.*|d", ">|d.>",
        "S.*.>|d.{{wildcard(1)}}.>", "S.a|d", "S.*.*|d.{{wildcard(2)}}.{{wildcard(1)}}.x", "S.*|d.x{{wildcard(7)}}", "|d.>"})
    void shouldTakeARepublishThatFits(String source, String destination) {
        JsonNode answer = create("'subjects':['S.>'],'republish':{'src':'" + (source == null ? "" : source) + "','dest':'"
            + destination + "','headers_only':true}");
        assertFalse(answer.has("error"), answer.toString());
        assertEquals(destination, answer.get("config").get("republish").get("dest").asText());
    }

    @Test
    void shouldGivePlacementBack() {
        JsonNode config = create("'placement':{'cluster':'c1','tags':['ssd','eu']}").get("config");
        assertEquals("{\"cluster\":\"c1\",\"tags\":[\"ssd\",\"eu\"]}", config.get("placement").toString());
        assertFalse(create("'placement':{'cluster':'c1','tags':['ssd','eu']}").has("error"), "created twice");
        assertEquals(10058, errCode(create("'placement':{'cluster':'c2'}")));
        JsonNode moved = control.api.js("STREAM.UPDATE.S", "{'name':'S','placement':{'tags':['hdd']}}").get("config");
        assertEquals("{\"tags\":[\"hdd\"]}", moved.get("placement").toString());
        assertFalse(control.api.js("STREAM.UPDATE.S", "{'name':'S','placement':{}}").get("config").has("placement"));
        assertEquals(10052, errCode(control.api.js("STREAM.UPDATE.S", "{'name':'S','placement':{'preferred':'x'}}")));
    }

    @Test
    void shouldRefuseToMirrorDirectlyWithoutAMirror() {
        JsonNode refused = create("'mirror_direct':true");
        assertEquals(10052, errCode(refused));
        assertEquals("stream has no mirror but does have mirror direct", description(refused));
        assertFalse(create("'mirror_direct':false").has("error"));
    }

    @Test
    void shouldTakeAnUpdateToMirrorDirectlyAsTheReferenceDoes() {
        create("'storage':'memory'");
        JsonNode updated = control.api.js("STREAM.UPDATE.S", "{'name':'S','storage':'memory','mirror_direct':true}");
        assertTrue(updated.path("config").path("mirror_direct").asBoolean(), updated::toString);
        assertFalse(control.api.js("STREAM.UPDATE.S", "{'name':'S','storage':'memory'}").get("config")
            .get("mirror_direct").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'allow_msg_counter':true", "'allow_atomic':true", "'allow_msg_schedules':true",
        "'subject_delete_marker_ttl':1000000000", "'persist_mode':'async'", "'allow_batched':true", "'max_mesgs':7"})
    void shouldRefuseWhatWouldBeLostWithoutAWord(String member) {
        JsonNode refused = create(member);
        assertEquals(10025, errCode(refused), refused.toString());
        assertEquals("invalid JSON: json: unknown field \"" + member.split("'")[1] + "\"", description(refused));
    }

    @Test
    void shouldLookIntoWhatIsInside() {
        assertEquals(10025, errCode(create("'placement':{'rack':'x'}")));
        assertEquals(10025, errCode(create("'consumer_limits':{'max_waiting':3}")));
        assertEquals(10025, errCode(create("'republish':{'src':'a','dest':'b','once':true}")));
    }
}

package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

/** STREAM.RESTORE to another name than the archive's: subjects and consumers become the new stream's, or it is refused as a whole. */
class RestoreUnderAnotherNameTest extends SnapshotFixture {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LiveClient.Message offer(String stream, Snapshot from, String as, String more) {
        ObjectNode request = MAPPER.createObjectNode();
        request.set("config", from.answer().get("config"));
        request.set("state", from.answer().get("state"));
        String text = request.toString();
        return client.request("$JS.API.STREAM.RESTORE." + stream, "", text.substring(0, text.length() - 1)
            + (",'memphisee_as':" + as + more + "}").replace('\'', '"'));
    }

    private JsonNode restore(String stream, Snapshot from, String as, String more) {
        JsonNode answer = offer(stream, from, as, more).json();
        assertFalse(answer.has("error"), answer.toString());
        return send(answer.get("deliver_subject").asText(), from.bytes(), 1_000);
    }

    private JsonNode restored(String stream, Snapshot from, String as) {
        JsonNode answer = restore(stream, from, as, "");
        assertFalse(answer.has("error"), answer.toString());
        return answer;
    }

    private Snapshot orders(String consumer) {
        client.done("STREAM.CREATE.ORD", "{'name':'ORD','subjects':['orders.>','other'],'republish':{'src':'orders.>','dest':'seen.>'}}");
        client.store("orders.1", LiveClient.header("Nats-Msg-Id: id-1"), "one");
        client.store("other", "", "two");
        client.store("orders.2", "", "three");
        client.done("CONSUMER.DURABLE.CREATE.ORD.work", "{'stream_name':'ORD','config':{'durable_name':'work',"
            + "'ack_policy':'explicit','filter_subject':'orders.*'" + consumer + "}}");
        return snapshot("ORD", "");
    }

    private String subject(String stream, int sequence) {
        return client.done("STREAM.MSG.GET." + stream, "{'seq':" + sequence + "}").get("message").get("subject").asText();
    }

    @Test
    void shouldBecomeAStreamOfItsOwnBesideTheOneThatWasSaved() throws Exception {
        Snapshot saved = orders("");
        assertTrue(client.request(client.request("$JS.API.CONSUMER.MSG.NEXT.ORD.work", "{'batch':1}").reply(), "", "+ACK")
            .payload().isEmpty());
        Snapshot further = snapshot("ORD", "");

        restored("COPY", further, "{'subjects':{'orders':'copy.orders','other':'copy.other'}}");

        JsonNode info = client.done("STREAM.INFO.COPY", "");
        assertEquals("[\"copy.orders.>\",\"copy.other\"]", info.get("config").get("subjects").toString());
        assertEquals("copy.orders.>", info.get("config").get("republish").get("src").asText());
        assertEquals("copy.orders.1", subject("COPY", 1));
        assertEquals("copy.other", subject("COPY", 2));
        assertEquals("copy.orders.2", subject("COPY", 3));
        JsonNode consumer = client.done("CONSUMER.INFO.COPY.work", "");
        assertEquals("copy.orders.*", consumer.get("config").get("filter_subject").asText());
        assertEquals(1, consumer.get("ack_floor").get("consumer_seq").asInt());
        assertEquals("three", new String(client.request("$JS.API.CONSUMER.MSG.NEXT.COPY.work", "{'batch':1}").bytes(),
            StandardCharsets.UTF_8));
        assertTrue(client.store("copy.orders.9", LiveClient.header("Nats-Msg-Id: id-1"), "x").get("duplicate").asBoolean());
        assertEquals("orders.1", subject("ORD", 1));
        assertEquals(0, client.done("CONSUMER.INFO.ORD.work", "").get("num_pending").asInt() - 1, saved.status());
    }

    @Test
    void shouldKeepSubjectsOfWhichNothingIsSaid() {
        Snapshot saved = orders("");
        assertEquals(10065, offer("COPY", saved, "{}", "").errCode());
        client.done("STREAM.DELETE.ORD", "");
        restored("COPY", saved, "{}");
        assertEquals("orders.1", subject("COPY", 1));
        assertEquals("COPY", client.done("STREAM.INFO.COPY", "").get("config").get("name").asText());
    }

    @Test
    void shouldReplaceWholeTokensAndTheLongestBeginning() {
        client.done("STREAM.CREATE.T", "{'name':'T','subjects':['a.>','ab']}");
        client.store("a.b.c", "", "1");
        client.store("a.x", "", "2");
        client.store("ab", "", "3");
        restored("U", snapshot("T", ""), "{'subjects':{'a':'z','a.b':'y.z','ab':'abc'}}");
        assertEquals("y.z.c", subject("U", 1));
        assertEquals("z.x", subject("U", 2));
        assertEquals("abc", subject("U", 3));
    }

    @Test
    void shouldMakeAPartitionOfAnotherStation() {
        client.done("STREAM.CREATE.shop$1", "{'name':'shop$1','subjects':['shop$1.>'],'max_msgs':9}");
        client.store("shop$1.final", "", "1");
        JsonNode answer = restore("copy$1", snapshot("shop$1", ""), "{'subjects':{'shop$1':'copy$1'}}",
            ",'memphisee_import':{'id':'i','station':{'name':'copy','number':1,'partitions':1}}");
        assertFalse(answer.has("error"), answer.toString());
        assertEquals("copy$1.final", subject("copy$1", 1));
    }

    @Test
    void shouldRefuseWhatWouldDeliverTwiceAndLeaveNothingUnlessConsumersStay() {
        Snapshot saved = orders(",'deliver_subject':'push.here'");
        String as = "{'subjects':{'orders':'copy.orders','other':'copy.other'}";
        JsonNode refused = restore("COPY", saved, as + "}", "").path("error");
        assertEquals(10062, refused.path("err_code").asInt());
        assertTrue(refused.get("description").asText().contains("push.here") && refused.get("description").asText()
            .contains("without consumers"), refused.toString());
        assertEquals(10059, client.js("STREAM.INFO.COPY", "").errCode());

        JsonNode answer = restore("COPY", saved, as + ",'no_consumers':true}", "");
        assertFalse(answer.has("error"), answer.toString());
        assertEquals(3, answer.get("state").get("messages").asInt());
        assertEquals(0, client.done("STREAM.INFO.COPY", "").get("state").get("consumer_count").asInt());
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        Snapshot saved = orders("");
        assertEquals(10062, offer("COPY", saved, "{'subjects':{'orders':'copy.>'}}", "").errCode());
        assertEquals(10062, offer("COPY", saved, "{'subjects':{'orders.*':'copy'}}", "").errCode());
        assertEquals(10025, offer("COPY", saved, "{'subject':{'orders':'copy'}}", "").errCode());
        assertEquals(10130, offer("ORD", saved, "{'subjects':{'orders':'copy','other':'b'}}", "").errCode());
        assertEquals(10052, offer("COPY", saved, "{'subjects':{'orders':'seen','other':'b'}}", "").errCode(), "would republish to itself");
        client.done("STREAM.CREATE.OBJ_a", "{'name':'OBJ_a','subjects':['$O.a.C.>','$O.a.M.>']}");
        LiveClient.Message objects = offer("OBJ_b", snapshot("OBJ_a", ""), "{'subjects':{'$O.a':'$O.b'}}", "");
        assertTrue(objects.json().get("error").get("description").asText().contains("restore it as OBJ_a"), objects.toString());
        assertEquals(10059, client.js("STREAM.INFO.COPY", "").errCode());
    }

    @Test
    void shouldGoOnOnlyWithWhatBecomesTheSame() {
        Snapshot saved = orders("");
        String half = "{'subjects':{'orders':'copy.orders','other':'copy.other'}}";
        String again = ",'memphisee_import':{'id':'i'}";
        String to = offer("COPY", saved, half, again).json().get("deliver_subject").asText();
        client.request(to, "", saved.bytes());
        assertEquals(3, offer("COPY", saved, half, again).json().get("memphisee_import").get("last_seq").asInt());
        assertEquals(0, offer("COPY", saved, "{'subjects':{'orders':'copy.orders','other':'copy.other'},'no_consumers':true}", again).json()
            .get("memphisee_import").get("last_seq").asInt());
    }
}

package org.memphisee.core.jetstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.archive.ArchiveWriter;
import org.memphisee.core.archive.SnappyWriter;
import org.memphisee.store.memory.MemoryLogStore;

/** A restore that has a name of its own is kept when its client goes, and gone on with (ADR 0165). */
class ImportTest {

    private static final String WORK = "{'config':{'durable_name':'work','ack_policy':'explicit'},'state':{'delivered':"
        + "{'consumer_seq':2,'stream_seq':4},'ack_floor':{'consumer_seq':2,'stream_seq':4}}}";

    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private LiveClient client;

    @BeforeEach
    void start() throws Exception {
        client = new LiveClient(store);
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private JsonNode begin(String more) {
        return client.js("STREAM.RESTORE.OLD", "{'config':{'name':'OLD','subjects':['old.>']},'state':{}" + more + "}").json();
    }

    private JsonNode offer(String more) {
        JsonNode answer = begin(",'memphisee_import':{'id':'one'" + more + "}");
        assertFalse(answer.has("error"), answer.toString());
        return answer;
    }

    /** An archive of these messages, without its end if it is interrupted. */
    private static byte[] part(int lastSequence, boolean ends, int... sequences) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnappyWriter compressed = new SnappyWriter(out::write);
        ArchiveWriter writer = new ArchiveWriter(compressed);
        writer.entry("state.json", 0, ("{\"first_seq\":2,\"last_seq\":" + lastSequence
            + ",\"consumer_count\":1}").getBytes(StandardCharsets.UTF_8));
        writer.entry("consumers/work", 0, WORK.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        for (int sequence : sequences) {
            byte[] all = ("old.a" + LiveClient.header("Nats-Msg-Id: id-" + sequence) + "payload "
                + sequence).getBytes(StandardCharsets.UTF_8);
            int header = LiveClient.header("Nats-Msg-Id: id-" + sequence).length();
            writer.message(all, 0, 5, 1_000_000_000L * sequence, sequence, 5, header, all.length - 5 - header);
        }
        if (ends) {
            writer.end();
        }
        compressed.flush();
        return out.toByteArray();
    }

    private void send(JsonNode offer, byte[] bytes) {
        LiveClient.Message answer = client.request(offer.get("deliver_subject").asText(), "", bytes);
        assertEquals("", answer.status() + answer.payload());
    }

    private JsonNode end(JsonNode offer) {
        return client.request(offer.get("deliver_subject").asText(), "", "").json();
    }

    private static void assertThere(JsonNode offer, int last, int messages) {
        assertEquals(last, offer.get("memphisee_import").get("last_seq").asInt());
        assertEquals(messages, offer.get("memphisee_import").get("messages").asInt());
    }

    @Test
    void shouldGoOnBehindTheLastMessageAndShowNothingBefore() throws Exception {
        JsonNode first = offer("");
        assertThere(first, 0, 0);
        send(first, part(9, false, 2, 3, 5));
        JsonNode second = offer("");
        assertThere(second, 5, 3);
        assertEquals(10059, client.js("STREAM.INFO.OLD", "").errCode());
        assertEquals("503", client.request(first.get("deliver_subject").asText(), "late").status(), "the first one is over");
        send(second, part(12, true, 8, 9));
        JsonNode made = end(second);
        assertFalse(made.has("error"), made.toString());
        JsonNode state = client.done("STREAM.INFO.OLD", "{'deleted_details':true}").get("state");
        assertEquals(5, state.get("messages").asInt());
        assertEquals(2, state.get("first_seq").asInt());
        assertEquals(12, state.get("last_seq").asInt());
        assertEquals("[4,6,7,10,11,12]", state.get("deleted").toString());
        assertEquals(1, client.done("STREAM.INFO.OLD", "").get("state").get("consumer_count").asInt());
        assertEquals(4, client.done("CONSUMER.INFO.OLD.work", "").get("ack_floor").get("stream_seq").asInt());
        assertEquals("1970-01-01T00:00:08Z", client.done("STREAM.MSG.GET.OLD", "{'seq':8}").get("message").get("time").asText());
        assertEquals(10130, begin(",'memphisee_import':{'id':'one'}").path("error").path("err_code").asInt());
        client.close();
        client = new LiveClient(store);
        assertEquals(5, client.done("STREAM.INFO.OLD", "").get("state").get("messages").asInt());
    }

    @Test
    void shouldBeginAnewWhenAskedToOrWhenTheConfigurationIsAnother() throws Exception {
        send(offer(""), part(9, false, 2, 3, 5));
        assertThere(offer(",'restart':true"), 0, 0);
        send(offer(""), part(9, false, 2, 3));
        JsonNode other = client.js("STREAM.RESTORE.OLD", "{'config':{'name':'OLD','subjects':['other.>']},'state':{},"
            + "'memphisee_import':{'id':'one'}}").json();
        assertThere(other, 0, 0);
        assertThere(begin(",'memphisee_import':{'id':'two'}"), 0, 0);
        assertFalse(begin("").has("memphisee_import"));
        assertEquals(10003, begin(",'memphisee_import':{'restart':true}").path("error").path("err_code").asInt());
        assertEquals(10003, begin(",'memphisee_import':{'id':'" + "x".repeat(129) + "'}").path("error").path("err_code").asInt());
        assertEquals(10025, begin(",'memphisee_import':{'id':'x','more':1}").path("error").path("err_code").asInt());
    }

    @Test
    void shouldRemoveWhatIsNoArchiveAndWhatARestartOfTheBrokerInterrupts() throws Exception {
        send(offer(""), part(9, false, 2, 3, 5));
        JsonNode wrong = offer("");
        assertThere(wrong, 5, 3);
        JsonNode answer = client.request(wrong.get("deliver_subject").asText(), "", part(9, false, 4)).json();
        assertTrue(answer.get("error").get("description").asText().contains("out of order"), answer.toString());
        assertThere(offer(""), 0, 0);
        send(offer(""), part(9, false, 2, 3, 5));
        client.close();
        client = new LiveClient(store);
        JsonNode again = offer("");
        assertThere(again, 0, 0);
        send(again, part(9, true, 2, 3, 5, 9));
        assertFalse(end(again).has("error"));
        assertEquals(4, client.done("STREAM.INFO.OLD", "").get("state").get("messages").asInt());
    }

    @Test
    void shouldLetTheFasterOfTwoWinAndKeepItsStream() throws Exception {
        JsonNode one = offer("");
        send(one, part(9, true, 2, 3));
        JsonNode two = begin(",'memphisee_import':{'id':'two'}");
        send(two, part(9, true, 2, 3, 5));
        assertFalse(end(two).has("error"));
        assertEquals(10130, end(one).get("error").get("err_code").asInt());
        assertEquals(3, client.done("STREAM.INFO.OLD", "").get("state").get("messages").asInt());
    }

    // ---- stations

    private JsonNode partition(int number, String config, String more) {
        return client.js("STREAM.RESTORE.my#shop$" + number, "{'config':{'name':'my#shop$" + number + "','subjects':['my#shop$"
            + number
            + ".>']," + config + "},'state':{},'memphisee_import':{'id':'" + number + "','station':{'name':'my.shop','number':"
            + number
            + ",'partitions':2}" + more + "}}").json();
    }

    private void fill(JsonNode offer, int number, int floor) throws Exception {
        assertFalse(offer.has("error"), offer.toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnappyWriter compressed = new SnappyWriter(out::write);
        ArchiveWriter writer = new ArchiveWriter(compressed);
        String stream = "my#shop$" + number;
        writer.entry("state.json", 0, "{\"first_seq\":1,\"last_seq\":9,\"consumer_count\":2}".getBytes(StandardCharsets.UTF_8));
        for (String config
            : new String[] {"'durable_name':'billing','ack_policy':'explicit','ack_wait':7000000000,'max_deliver':4,"
            + "'filter_subject':'" + stream + ".final','max_ack_pending':-1", "'durable_name':'other','ack_policy':'all'"}) {
            String name = config.contains("billing") ? "billing" : "other";
            writer.entry("consumers/" + name, 0, ("{'config':{" + config
                + "},'state':{'delivered':{'consumer_seq':1,'stream_seq':" + floor
                + "},'ack_floor':{'consumer_seq':1,'stream_seq':" + floor + "}}}").replace('\'',
                '"').getBytes(StandardCharsets.UTF_8));
        }
        for (int sequence = 3; sequence <= 9; sequence += 2) {
            byte[] all = (stream + ".final" + LiveClient.header("msg-id: " + number + "-" + sequence)
                + "x").getBytes(StandardCharsets.UTF_8);
            int subject = stream.length() + 6;
            writer.message(all, 0, subject, System.currentTimeMillis() * 1_000_000L, sequence, subject,
                all.length - subject - 1, 1);
        }
        writer.end();
        compressed.flush();
        send(offer, out.toByteArray());
    }

    @Test
    void shouldMakeAStationOfItsPartitionsWithTheLastOne() throws Exception {
        JsonNode one = partition(1, "'max_age':3600000000000", "");
        fill(one, 1, 3);
        assertEquals("[2]", end(one).get("memphisee_import").get("missing").toString());
        assertEquals(0, client.done("STREAM.NAMES", "").get("total").asInt(), "one partition is no station");
        JsonNode known = partition(1, "'max_age':3600000000000", "");
        assertTrue(known.get("memphisee_import").get("complete").asBoolean());
        assertThere(known, 9, 4);
        JsonNode two = partition(2, "'max_age':3600000000000", "");
        fill(two, 2, 5);
        assertEquals("[]", end(two).get("memphisee_import").get("missing").toString());
        assertStation();
        client.close();
        client = new LiveClient(store);
        assertStation();
        assertEquals(10130, partition(2, "'max_age':3600000000000", "").path("error").path("err_code").asInt());
    }

    private void assertStation() {
        assertEquals(4, client.done("STREAM.INFO.my#shop$1", "").get("state").get("messages").asInt());
        assertEquals(9, client.done("STREAM.INFO.my#shop$2", "").get("state").get("last_seq").asInt());
        JsonNode group = client.done("CONSUMER.INFO.my#shop$1.billing", "");
        assertEquals(3, group.get("ack_floor").get("stream_seq").asInt());
        assertEquals(3, group.get("num_pending").asInt());
        assertEquals(7_000_000_000L, group.get("config").get("ack_wait").asLong());
        assertEquals(5, client.done("CONSUMER.INFO.my#shop$2.other", "").get("ack_floor").get("stream_seq").asInt());
        JsonNode made = client.request("$memphis_producer_creations", "{'name':'p','station_name':'my.shop','connection_id':'c',"
            + "'producer_type':'application','req_version':4,'username':'root','app_id':'a','sdk_lang':'java'}").json();
        assertEquals("[1,2]", made.get("partitions_update").get("partitions_list").toString(), "SDKs find it");
    }

    @Test
    void shouldRefuseWhatIsNoPartitionAndDropWhatIsBegunAnew() throws Exception {
        assertEquals(10062, client.js("STREAM.RESTORE.A$1", "{'config':{'name':'A$1','subjects':['A$1.>'],'max_msgs':5},"
            + "'memphisee_import':{'id':'1','station':{'name':'A','number':1,'partitions':1}}}").errCode(), "capital letters");
        assertEquals(10062, client.js("STREAM.RESTORE.a$1", "{'config':{'name':'a$1','subjects':['b.>'],'max_msgs':5},"
            + "'memphisee_import':{'id':'1','station':{'name':'a','number':1,'partitions':1}}}").errCode(), "other subjects");
        assertEquals(10062, client.js("STREAM.RESTORE.a$3", "{'config':{'name':'a$3','subjects':['a$3.>'],'max_msgs':5},"
            + "'memphisee_import':{'id':'1','station':{'name':'a','number':3,'partitions':2}}}").errCode(),
            "more than there are");
        assertEquals(10062, partition(1, "'max_age':0", "").path("error").path("err_code").asInt(), "no retention");
        JsonNode one = partition(1, "'max_msgs':10", "");
        fill(one, 1, 3);
        end(one);
        JsonNode two = partition(2, "'max_msgs':11", "");
        fill(two, 2, 3);
        JsonNode refused = end(two);
        assertTrue(refused.path("error").path("description").asText().contains("not configured alike"), refused.toString());
        assertThere(partition(1, "'max_msgs':10", ""), 0, 0);
        JsonNode again = partition(1, "'max_msgs':10", ",'restart':true");
        fill(again, 1, 3);
        end(again);
        assertThere(partition(1, "'max_msgs':10", ",'restart':true"), 0, 0);
        assertEquals(0, client.done("STREAM.NAMES", "").get("total").asInt());
    }
}

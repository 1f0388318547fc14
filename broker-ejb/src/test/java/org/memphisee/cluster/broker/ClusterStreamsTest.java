package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import org.memphisee.core.CoreClient;
import org.memphisee.core.stations.StationOverview;

/** Streams of a cluster of three whole nodes: who has them, who leads them, and what is there when leaders are lost. */
class ClusterStreamsTest extends ThreeNodes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonNode ask(String node, String subject, String payload) throws Exception {
        return JSON.readTree(at(node).request(subject, payload));
    }

    private JsonNode make(String node, String stream, int replicas) throws Exception {
        JsonNode answer = ask(node, "$JS.API.STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\",\"subjects\":[\"" + stream
            + ".>\"],\"num_replicas\":" + replicas + "}");
        assertFalse(answer.has("error"), answer::toString);
        cluster.until("all nodes know " + stream, () -> cluster.living().stream().allMatch(each -> !leads(each, stream).isEmpty()));
        return answer;
    }

    private JsonNode info(String node, String stream) throws Exception {
        return ask(node, "$JS.API.STREAM.INFO." + stream, "");
    }

    private String leads(String node, String stream) {
        try {
            return info(node, stream).path("cluster").path("leader").asText();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private long publish(String node, String stream, String payload) throws Exception {
        JsonNode ack = ask(node, stream + ".x", payload);
        assertFalse(ack.has("error"), ack::toString);
        return ack.path("seq").asLong();
    }

    private void consumer(String node, String stream) throws Exception {
        JsonNode made = ask(node, "$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".c", "{\"stream_name\":\"" + stream
            + "\",\"config\":{\"durable_name\":\"c\",\"ack_policy\":\"explicit\"}}");
        assertFalse(made.has("error"), made::toString);
    }

    @Test
    void shouldGoOnWithAllThatWasAcknowledgedWhenTheLeaderOfAStreamIsLost() throws Exception {
        JsonNode made = make("n0", "S", 3);
        assertEquals(3, made.path("config").path("num_replicas").asInt(), made::toString);
        assertEquals(2, made.path("cluster").path("replicas").size(), made::toString);
        consumer("n1", "S");
        for (int i = 0; i < 30; i++) {
            assertEquals(i + 1, publish("n" + i % 3, "S", "m" + i));
        }
        List<CoreClient.Message> first = at("n1").fetch("S", "c", 10);
        for (CoreClient.Message m : first) {
            at("n1").request(m.reply(), "+ACK");
        }
        String leader = leads("n2", "S");
        lose(leader);
        String left = cluster.living().get(0);
        assertEquals(31, publish(left, "S", "later"));
        String next = leads(left, "S");
        assertTrue(cluster.living().contains(next), next);
        assertEquals(31, info(left, "S").path("state").path("messages").asLong());
        Set<String> rest = new HashSet<>();
        at(left).fetch("S", "c", 21).forEach(m -> rest.add(m.payload()));
        assertEquals(21, rest.size());
        first.forEach(m -> assertFalse(rest.contains(m.payload()), "acknowledged, and comes again: " + m));
        cluster.start(leader);
        assertEquals(32, publish(leader, "S", "back"));
    }

    @Test
    void shouldSpreadStreamsWithOneCopyOverTheNodesAndServeThemAtEach() throws Exception {
        Set<String> leaders = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            make("n1", "R" + i, 1);
            consumer("n0", "R" + i);
            assertEquals(1, publish("n2", "R" + i, "m"));
            leaders.add(leads("n0", "R" + i));
            assertEquals("m", at("n1").fetch("R" + i, "c", 1).get(0).payload());
        }
        assertEquals(Set.of("n0", "n1", "n2"), leaders);
    }

    @Test
    void shouldHaveEverythingWhenAllNodesWereStopped() throws Exception {
        List<String> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            make("n" + i % 3, "S" + i, i < 2 ? 3 : 1);
            streams.add("S" + i);
            for (int k = 1; k <= 5; k++) {
                assertEquals(k, publish("n" + k % 3, "S" + i, "m" + k));
            }
        }
        forgetClients();
        for (String node : cluster.names()) {
            cluster.stop(node);
        }
        cluster.startAll();
        for (String stream : streams) {
            assertEquals(6, publish("n1", stream, "after"), stream);
            assertEquals(6, info("n2", stream).path("state").path("messages").asLong(), stream);
        }
    }

    private String station(String node, String name, int replicas, int partitions) {
        return at(node).request("$memphis_station_creations", "{\"name\":\"" + name + "\",\"replicas\":" + replicas
            + ",\"partitions_number\":" + partitions + ",\"username\":\"root\"}");
    }

    private StationOverview overview(String node, String name, int partition) {
        return CoreClient.get(cluster.broker(node).control().memphis().administration().queries().overview(name, partition))
            .orElseThrow();
    }

    @Test
    void shouldHaveStationsWithAsManyCopiesAsAreAskedForAndShowWhoLeadsThem() throws Exception {
        assertEquals("", station("n0", "st", 2, 2));
        assertTrue(station("n0", "more", 5, 1).contains("replicas count is larger than the cluster size"));
        for (String node : cluster.names()) {
            cluster.until(node + " knows who leads it", () -> !leads(node, "st$1").isEmpty());
            String leader = leads(node, "st$1");
            assertEquals(leader, leads(node, "st$2"), "all partitions are led together");
            StationOverview shown = overview(node, "st", 2);
            assertEquals(leader, shown.leader());
            assertEquals(2, shown.followers().size());
            assertFalse(shown.followers().contains(leader));
            assertEquals("", overview(node, "st", -1).leader());
        }
        String id = "Nats-Msg-Id: one";
        assertEquals(1, JSON.readTree(CoreClient.get(at("n1").ask("st$1.final", id, "a"))).path("seq").asLong());
        assertTrue(JSON.readTree(CoreClient.get(at("n2").ask("st$2.final", id, "a"))).path("duplicate").asBoolean());
        String leader = leads("n0", "st$1");
        lose(leader);
        String left = cluster.living().get(1);
        assertTrue(JSON.readTree(CoreClient.get(at(left).ask("st$2.final", id, "a"))).path("duplicate").asBoolean());
    }

    @Test
    void shouldRefuseCopiesForWhichThereAreNoNodesAsTheReferenceDoes() throws Exception {
        JsonNode answer = ask("n0", "$JS.API.STREAM.CREATE.F", "{\"name\":\"F\",\"subjects\":[\"F.>\"],\"num_replicas\":5}");
        assertEquals(10005, answer.path("error").path("err_code").asInt(), answer::toString);
        make("n0", "S", 3);
        JsonNode update = ask("n0", "$JS.API.STREAM.UPDATE.S", "{\"name\":\"S\",\"subjects\":[\"S.>\"],\"num_replicas\":1}");
        assertEquals(10061, update.path("error").path("err_code").asInt(), update::toString);
        JsonNode peer = ask("n0", "$JS.API.STREAM.PEER.REMOVE.S", "{\"peer\":\"n9\"}");
        assertEquals(10040, peer.path("error").path("err_code").asInt(), peer::toString);
        JsonNode remap = ask("n0", "$JS.API.STREAM.PEER.REMOVE.S", "{\"peer\":\"n1\"}");
        assertEquals(10075, remap.path("error").path("err_code").asInt(), remap::toString);
    }

    @Test
    void shouldHaveAnotherLeaderWhenItIsAskedFor() throws Exception {
        make("n0", "S", 3);
        assertEquals(1, publish("n0", "S", "m"));
        String before = leads("n0", "S");
        JsonNode down = ask("n0", "$JS.API.STREAM.LEADER.STEPDOWN.S", "");
        assertTrue(down.path("success").asBoolean(), down::toString);
        cluster.until("another leads", () -> !leads("n1", "S").equals(before));
        assertEquals(2, publish("n0", "S", "m2"));
        String meta = cluster.leader();
        assertTrue(ask("n1", "$JS.API.META.LEADER.STEPDOWN", "").path("success").asBoolean());
        cluster.until("another leads the definitions", () -> !cluster.leader().equals(meta));
        make("n2", "T", 1);
        for (String to : List.of("n2", "n0", "n1")) {
            String placement = "{\"placement\":{\"preferred\":\"" + to + "\"}}";
            assertTrue(ask("n1", "$JS.API.STREAM.LEADER.STEPDOWN.S", placement).path("success").asBoolean());
            assertTrue(ask("n0", "$JS.API.META.LEADER.STEPDOWN", placement).path("success").asBoolean());
            cluster.until(to + " leads", () -> leads("n0", "S").equals(to) && leads("n1", "S").equals(to)
                && cluster.leader().equals(to));
        }
        assertEquals(3, publish("n0", "S", "m3"));
        for (String subject : List.of("STREAM.LEADER.STEPDOWN.S", "META.LEADER.STEPDOWN")) {
            JsonNode none = ask("n0", "$JS.API." + subject, "{\"placement\":{\"preferred\":\"n9\"}}");
            assertEquals(10005, none.path("error").path("err_code").asInt(), none::toString);
        }
    }

    @Test
    void shouldChangeAStreamWhoeverLeadsIt() throws Exception {
        make("n0", "S", 3);
        for (int i = 1; i <= 5; i++) {
            publish("n0", "S", "m" + i);
        }
        JsonNode updated = ask("n2", "$JS.API.STREAM.UPDATE.S", "{\"name\":\"S\",\"subjects\":[\"S.>\",\"T.>\"],\"num_replicas\":3,"
            + "\"max_msgs\":2}");
        assertFalse(updated.has("error"), updated::toString);
        for (String node : cluster.names()) {
            cluster.until(node + " has heard of the change", () -> {
                try {
                    return info(node, "S").path("config").path("subjects").size() == 2
                        && ask(node, "T.x", "t").path("stream").asText().equals("S");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
        String leader = leads("n0", "S");
        assertEquals(2, info("n0", "S").path("state").path("messages").asLong());
        lose(leader);
        String left = cluster.living().get(0);
        assertTrue(publish(left, "S", "more") >= 9);
        assertEquals(2, info(left, "S").path("state").path("messages").asLong());
    }
}

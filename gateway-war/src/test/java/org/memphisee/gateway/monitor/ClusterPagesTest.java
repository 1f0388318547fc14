package org.memphisee.gateway.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingSource;
import org.memphisee.config.SettingsLoader;
import org.memphisee.core.api.PeerSubscriptions;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.gateway.Nodes;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.ServerIdentity;

/** What the monitor says of a cluster, in the form that tools for servers of this kind read. */
class ClusterPagesTest {

    private static final Map<String, String> CLUSTER = Map.of("memphisee.server.name", "n0", "memphisee.cluster.mode", "static",
        "memphisee.cluster.name", "west", "memphisee.cluster.members", "n0@127.0.0.1:6222,n1@127.0.0.1:6223,n2@127.0.0.1:6224",
        "memphisee.cluster.secret", "a secret of the test, of 32 characters");

    private static Parameters parameters(String... pairs) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return new Parameters(all::get);
    }

    private static Object proxy(Class<?> type, Map<String, Object> answers) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) ->
            answers.get(method.getName()));
    }

    private static BrokerEngine engine(boolean clustered) {
        ServerIdentity identity = new ServerIdentity("NAME", "n0", "2.10.7", 1 << 20, true);
        Object port = proxy(BrokerPort.class, Map.of("identity", identity));
        return (BrokerEngine) proxy(BrokerEngine.class, Map.of("port", port, "cluster",
            clustered ? Optional.of(Nodes.three()) : Optional.empty(), "clusterView", ClusterView.NONE, "tenant", "$memphis", "peerSubscriptions",
            clustered ? List.of(new PeerSubscriptions("n1", 2, List.of(new PeerSubscriptions.Pattern("a.>", "", 1),
                new PeerSubscriptions.Pattern("b", "workers", 3)))) : List.of()));
    }

    private static BrokerSettings settings(Map<String, String> values) throws InvalidSettingsException {
        return new SettingsLoader(SettingSource.of("test", values), Map.of(),
            new SettingsLoader.Machine(2, 1L << 30, "/home/nobody")).load().settings();
    }

    @Test
    void shouldShowEachLinkedNodeAsARoute() throws Exception {
        ObjectNode page = ServerLinks.routez(engine(true), parameters("subs", "detail"));
        assertEquals(1, page.path("num_routes").asInt());
        JsonNode route = page.path("routes").path(0);
        assertEquals("n1", route.path("remote_name").asText());
        assertEquals("10.0.0.2:6222", route.path("ip").asText() + ":" + route.path("port").asInt());
        assertEquals(List.of(77, 11, 10, 1_100, 1_000), List.of(route.path("pending_size").asInt(), route.path("in_msgs").asInt(),
            route.path("out_msgs").asInt(), route.path("in_bytes").asInt(), route.path("out_bytes").asInt()));
        assertEquals("1.2ms", route.path("rtt").asText());
        assertEquals("no-room", route.path("hindrance").asText());
        assertEquals("1m1s", route.path("uptime").asText());
        assertTrue(route.path("did_solicit").asBoolean() && route.path("is_configured").asBoolean());
        assertThrows(BadParameterException.class, () -> ServerLinks.routez(engine(true), parameters("subs", "some")));
    }

    @Test
    void shouldShowWhatClientsOfANodeListenTo() throws Exception {
        assertEquals(2, ServerLinks.routez(engine(true), parameters()).at("/routes/0/subscriptions").asInt());
        assertTrue(ServerLinks.routez(engine(true), parameters("subs", "0")).at("/routes/0/subscriptions_list").isMissingNode());
        JsonNode listed = ServerLinks.routez(engine(true), parameters("subs", "1")).path("routes").path(0);
        assertEquals("[\"a.>\",\"b\"]", listed.path("subscriptions_list").toString());
        JsonNode detail = ServerLinks.routez(engine(true), parameters("subs", "detail")).path("routes").path(0);
        assertEquals("[{\"account\":\"$memphis\",\"subject\":\"a.>\",\"sid\":\"$memphis a.>\",\"msgs\":0,\"cid\":1},"
            + "{\"account\":\"$memphis\",\"subject\":\"b\",\"qgroup\":\"workers\",\"sid\":\"$memphis b workers\",\"msgs\":0,\"cid\":1}]",
            detail.path("subscriptions_list_detail").toString());
        assertTrue(detail.path("subscriptions_list").isMissingNode());
    }

    @Test
    void shouldHaveNoRoutesAlone() throws Exception {
        ObjectNode page = ServerLinks.routez(engine(false), parameters());
        assertEquals(0, page.path("num_routes").asInt());
        assertTrue(page.path("routes").isEmpty());
    }

    @Test
    void shouldSayWhoLeadsTheDefinitionsAndHowTheOthersStand() {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ClusterPart.meta(page, "meta_cluster", Nodes.three());
        JsonNode meta = page.path("meta_cluster");
        assertEquals("west", meta.path("name").asText());
        assertEquals("n1", meta.path("leader").asText());
        assertEquals(3, meta.path("cluster_size").asInt());
        assertEquals(2, meta.path("replicas").size());
        JsonNode n0 = meta.path("replicas").path(0);
        assertTrue(n0.path("current").asBoolean() && !n0.has("offline"), n0::toString);
        JsonNode n2 = meta.path("replicas").path(1);
        assertTrue(!n2.path("current").asBoolean() && n2.path("offline").asBoolean(), n2::toString);
        assertEquals(8, n2.path("peer").asText().length());
    }

    @Test
    void shouldShowTheGroupsOfTheNodeWithHowFarTheOthersAre() {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ClusterPart.groups(page, Nodes.three());
        assertEquals(List.of("_meta_", "group-9"), page.path("raft_groups").findValuesAsText("name").stream()
            .filter(name -> !name.startsWith("n")).toList());
        JsonNode led = page.path("raft_groups").path(1);
        assertEquals("LEADING", led.path("state").asText());
        assertEquals(List.of(3, 50, 0, 2, 4), List.of(led.path("term").asInt(), led.path("committed").asInt(), led.path("lag").asInt(),
            led.path("void").asInt(), led.path("elected").asInt()));
        assertEquals(40, led.path("members").path(2).path("lag").asInt());
        assertEquals("[{\"name\":\"n0\",\"state\":\"ready\",\"may_lead\":true},{\"name\":\"n1\",\"state\":\"ready\",\"may_lead\":false,"
            + "\"hindrance\":\"no-room\",\"because\":\"it has no room on its disk\"},{\"name\":\"n2\",\"state\":\"away\",\"may_lead\":true}]",
            page.path("raft_nodes").toString());
    }

    @Test
    void shouldSayInVarzWhereTheOthersAreAndNothingAlone() throws Exception {
        ObjectNode cluster = JsonNodeFactory.instance.objectNode();
        ClusterPart.varz(cluster, settings(CLUSTER), Optional.of(engine(true)));
        assertEquals("west", cluster.path("name").asText());
        assertEquals(6222, cluster.path("cluster_port").asInt());
        assertEquals("[\"127.0.0.1:6223\",\"127.0.0.1:6224\"]", cluster.path("urls").toString());
        assertEquals("ready", cluster.path("state").asText());
        ObjectNode varz = JsonNodeFactory.instance.objectNode();
        ClusterPart.urls(varz, engine(true));
        assertEquals("{\"connect_urls\":[\"10.0.0.2:6666\"],\"ws_connect_urls\":[\"10.0.0.2:7770\"]}", varz.toString());
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        ClusterPart.varz(alone, settings(Map.of()), Optional.of(engine(false)));
        ClusterPart.urls(alone, engine(false));
        assertTrue(alone.isEmpty());
    }

    @Test
    void shouldAnswerForTheDefinitionsAtTheirLeaderOnlyWhenThatIsAskedFor() {
        BadParameterException refused = assertThrows(BadParameterException.class, () ->
            new Jsz(null).answer(engine(true), parameters("leader-only", "true")));
        assertTrue(refused.getMessage().contains("not leader"));
    }
}

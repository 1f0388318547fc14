package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands about nodes and who leads, against prepared answers. */
class ClusterCommandsTest extends CliFixture {

    private static final String FIGURES = "'heard_ms':3,'groups':4,'rebuilds':0,'failed':0,'journal_bytes':100,'version':'0.1.0',"
        + "'started_at':5,'connections':7,'cpu_percent':1.5,'processors':2,'memory_used':11,'memory_total':12,'storage_used':13,"
        + "'storage_total':14";
    private static final String CLUSTER = "{'name':'memphis','self':'memphis-0','leader':'memphis-1','nodes':["
        + "{'name':'memphis-0','state':'ready','partitions':3,'leads':1,'lag':0," + FIGURES + "},"
        + "{'name':'memphis-1','state':'%s','partitions':2,'leads':2,'hindrance':'no-room','link':{'address':'10.0.0.2:6222','up':true,'rtt_ms':0.4,"
        + "'clock_offset_ms':1,'pending_bytes':9},'lag':6," + FIGURES + "},"
        + "{'name':'memphis-2','state':'%s','partitions':0,'leads':0,'link':{'address':'10.0.0.3:6222','up':false}}],"
        + "'groups':[{'id':1,'definitions':true,'leader':'memphis-1','partitions':0,'members':[{'name':'memphis-0','lag':2},"
        + "{'name':'memphis-1'},{'name':'memphis-2','lag':8}],'term':4},{'id':5,'definitions':false,'leader':'','partitions':2,"
        + "'members':[{'name':'memphis-0'},{'name':'memphis-1'},{'name':'memphis-2'}]}],'may_move':true}";
    private static final String PLACES = "{'partitions':[{'partition':1,'group':5,'leader':'memphis-0','replicas':["
        + "{'name':'memphis-0','up':true,'current':true,'lag':0},{'name':'memphis-1','up':true,'current':false,'lag':3}]},"
        + "{'partition':2,'group':6,'leader':'memphis-1','replicas':[{'name':'memphis-1','up':true,'current':true,'lag':0}]}],"
        + "'may_move':true}";

    private FakeBroker broker;

    @BeforeEach
    void open() {
        broker = new FakeBroker();
        environment.put("MEMPHISEE_CLI_API", broker.url());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
        broker.answer("GET /api/v2/cluster", 200, String.format(CLUSTER, "ready", "away"));
        broker.answer("GET /api/v2/cluster/station?station_name=orders", 200, PLACES);
        broker.answer("POST /api/v2/cluster/stepDown", 200, "{}");
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private List<String> asked() {
        return broker.requests().stream().filter(r -> r.startsWith("POST /api/v2")).map(r -> r.replace(" [Bearer token-1]", ""))
            .toList();
    }

    @ParameterizedTest
    @CsvSource({"cluster info,cluster-info.json", "cluster nodes,cluster-nodes.json", "cluster ls,cluster-nodes.json",
        "cluster groups,cluster-groups.json", "cluster places orders,cluster-places.json",
        "cluster await --nodes 2 --wait 0,cluster-nodes.json"})
    void shouldPrintTheSameJsonForEver(String command, String golden) throws IOException {
        shouldEnd(0, (command + " -o json").split(" "));
        shouldPrint(golden);
    }

    @ParameterizedTest
    @CsvSource({"--group 7,7", "--definitions,1", "--station orders --partition 2,6", "--station orders,5 6"})
    void shouldHaveLeadersStepDown(String what, String groups) {
        shouldEnd(0, ("cluster step-down " + what).split(" "));
        assertEquals(List.of(groups.split(" ")).stream().map(g -> "POST /api/v2/cluster/stepDown {'group':" + g + "}").toList(), asked());
        assertTrue(err.contains("The leader of group " + groups.split(" ")[0] + " steps down"), err);
    }

    @ParameterizedTest
    @CsvSource({"--group 7,7", "--definitions,1", "--station orders --partition 2,6", "--station orders,5 6"})
    void shouldHaveACertainNodeLead(String what, String groups) {
        shouldEnd(0, ("cluster transfer memphis-2 " + what).split(" "));
        assertEquals(List.of(groups.split(" ")).stream().map(g -> "POST /api/v2/cluster/stepDown {'group':" + g + ",'to':'memphis-2'}").toList(),
            asked());
        assertTrue(err.contains("Node memphis-2 is to lead group " + groups.split(" ")[0]), err);
    }

    @Test
    void shouldSayWhatWasNotMeantOrIsNotThere() {
        shouldEnd(64, "cluster", "transfer", "memphis-2");
        shouldEnd(64, "cluster", "transfer", "--group", "7");
        shouldEnd(64, "cluster", "transfer", "memphis-2", "--group", "7", "--partition", "2");
        shouldEnd(64, "cluster", "step-down");
        shouldEnd(64, "cluster", "step-down", "--group", "1", "--station", "orders");
        shouldEnd(64, "cluster", "step-down", "--group", "1", "--partition", "2");
        shouldEnd(64, "cluster", "step-down", "--station", "orders", "--consumer", "c");
        shouldEnd(66, "cluster", "step-down", "--station", "orders", "--partition", "3");
        broker.answer("POST /api/v2/cluster/stepDown", 406, "{'message':'user ann is not allowed to move leaders'}");
        shouldEnd(77, "cluster", "step-down", "--group", "7");
        assertEquals(List.of("POST /api/v2/cluster/stepDown {'group':7}"), asked());
    }

    @Test
    void shouldSayThatABrokerAloneIsInNoCluster() {
        broker.answer("GET /api/v2/cluster", 200, "{'name':'','self':'','leader':'','nodes':[],'groups':[],'may_move':true}");
        broker.answer("GET /api/v2/cluster/station?station_name=orders", 200, "{'partitions':[],'may_move':true}");
        for (String command : List.of("info", "nodes", "groups", "places orders", "step-down --station orders", "step-down --definitions", "await")) {
            shouldEnd(66, ("cluster " + command).split(" "));
            assertEquals("memphisee: This broker is in no cluster: memphisee.cluster.mode is off\n", err);
        }
    }

    @Test
    void shouldWaitUntilAllNodesAreReady() {
        shouldEnd(75, "cluster", "await", "--wait", "0");
        assertEquals("memphisee: After 0 s not ready: memphis-2 (away)\n", err);
        Thread later = new Thread(() -> {
            while (broker.requests().size() < 4) {
                Thread.onSpinWait();
            }
            broker.answer("GET /api/v2/cluster", 200, String.format(CLUSTER, "ready", "ready"));
        });
        later.setDaemon(true);
        later.start();
        shouldEnd(0, "cluster", "await", "--wait", "20");
        broker.answer("GET /api/v2/cluster", 503, "{'message':'The broker starts'}");
        shouldEnd(75, "cluster", "await", "--wait", "0");
        shouldEnd(69, "cluster", "await", "--wait", "0", "--api", "http://127.0.0.1:1");
    }

    @Test
    void shouldAskForStreamsOfPlainClientsOnTheirPort() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            environment.put("MEMPHISEE_CLI_SERVER", "localhost:" + port.port());
            port.answer("$JS.API.STREAM.LEADER.STEPDOWN.EVENTS", "{\"success\":true}");
            port.answer("$JS.API.CONSUMER.LEADER.STEPDOWN.EVENTS.c", "{\"success\":true}");
            port.answer("$JS.API.STREAM.LEADER.STEPDOWN.NONE", "{\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}");
            port.answer("$JS.API.STREAM.PEER.REMOVE.EVENTS", "{\"error\":{\"code\":503,\"err_code\":10075,\"description\":\"peer remap failed\"}}");
            shouldEnd(0, "cluster", "step-down", "--stream", "EVENTS");
            shouldEnd(0, "cluster", "step-down", "--stream", "EVENTS", "--consumer", "c");
            shouldEnd(0, "cluster", "transfer", "memphis-1", "--stream", "EVENTS");
            shouldEnd(66, "cluster", "step-down", "--stream", "NONE");
            shouldEnd(64, "cluster", "peer-remove", "EVENTS", "memphis-2");
            shouldEnd(1, "cluster", "peer-remove", "EVENTS", "memphis-2", "--yes");
            assertEquals("memphisee: peer remap failed\n", err);
            assertEquals(List.of("$JS.API.STREAM.LEADER.STEPDOWN.EVENTS ", "$JS.API.CONSUMER.LEADER.STEPDOWN.EVENTS.c ",
                "$JS.API.STREAM.LEADER.STEPDOWN.EVENTS {\"placement\":{\"preferred\":\"memphis-1\"}}",
                "$JS.API.STREAM.LEADER.STEPDOWN.NONE ", "$JS.API.STREAM.PEER.REMOVE.EVENTS {\"peer\":\"memphis-2\"}"), port.asked());
        }
    }
}

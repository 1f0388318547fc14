package org.memphisee.cluster.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.CoreClient;
import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ApiHandler;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.jetstream.JetStreamApi;
import org.memphisee.core.subject.Subjects;

/**
 * A request about a stream comes to a node that does not decide about it: the leader changed, or the stream was made anew somewhere else
 * while it was on its way. It is for the node that does, and nobody is told that there is no such stream or consumer.
 */
class RequestsAtTheWrongNodeTest extends ThreeNodes {

    private static final String ELSEWHERE = "elsewhere";
    private static int tests;

    private final String stream = "S" + ++tests;

    @Override
    boolean together() {
        return true;
    }

    /** A node's API without the routes in front of it, which would bring requests to the leader. */
    private Map<String, ApiHandler> doors(String node) {
        ControlEngine engine = cluster.broker(node).control().engine();
        Map<String, ApiHandler> doors = new HashMap<>();
        new JetStreamApi(engine, user -> Permissions.UNRESTRICTED, name -> false).bind(doors::put);
        return doors;
    }

    private static String ask(Map<String, ApiHandler> doors, String operation, String payload) {
        String subject = "$JS.API." + operation;
        CompletableFuture<String> answer = new CompletableFuture<>();
        ApiHandler door = doors.entrySet().stream().filter(e -> Subjects.matches(e.getKey(), subject)).findFirst().orElseThrow()
            .getValue();
        door.handle(new ApiRequest(new ClientIdentity("root", "", "", "$memphis"), subject,
            payload.replace('\'', '"').getBytes(StandardCharsets.UTF_8), new Reply() {
                @Override
                public boolean wanted() {
                    return true;
                }

                @Override
                public void send(byte[] bytes) {
                    answer.complete(new String(bytes, StandardCharsets.UTF_8));
                }

                @Override
                public void send(byte[] header, byte[] bytes) {
                    answer.complete(new String(header, StandardCharsets.UTF_8));
                }

                @Override
                public void nobody() {
                    answer.complete("nobody");
                }

                @Override
                public boolean elsewhere() {
                    return answer.complete(ELSEWHERE);
                }
            }));
        return CoreClient.get(answer);
    }

    private void create(int replicas) {
        ok(at("n0").request("$JS.API.STREAM.CREATE." + stream, ("{'name':'" + stream + "','subjects':['" + stream
            + ".>'],'allow_direct':true,'num_replicas':" + replicas + "}").replace('\'', '"')));
        ok(at("n0").request(stream + ".x", "m"));
        ok(at("n0").request("$JS.API.CONSUMER.CREATE." + stream + ".there", consumer("there")));
        cluster.until("all know it, and who leads it", () -> cluster.names().stream().allMatch(node ->
            cluster.broker(node).control().engine().definitions().stream(stream).isPresent() && !leaderAt(node).isEmpty()));
    }

    private String leaderAt(String node) {
        ControlEngine engine = cluster.broker(node).control().engine();
        return engine.registry().known(stream).map(known -> engine.view().leader(known.id())).orElse("");
    }

    private String consumer(String name) {
        return ("{'stream_name':'" + stream + "','config':{'durable_name':'" + name + "','name':'" + name
            + "','ack_policy':'explicit'}}").replace('\'', '"');
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeForTheNodeThatDecidesAboutTheStream(int replicas) {
        create(replicas);
        Map<String, String> requests = new LinkedHashMap<>();
        requests.put("STREAM.INFO.", "");
        requests.put("STREAM.UPDATE.", "{'name':'" + stream + "','subjects':['" + stream + ".>'],'allow_direct':true,'num_replicas':"
            + replicas + "}");
        requests.put("STREAM.PURGE.", "");
        requests.put("STREAM.MSG.GET.", "{'seq':1}");
        requests.put("STREAM.MSG.DELETE.", "{'seq':1}");
        requests.put("STREAM.SNAPSHOT.", "{'deliver_subject':'to'}");
        requests.put("DIRECT.GET.", "{'seq':1}");
        requests.put("CONSUMER.NAMES.", "");
        requests.put("CONSUMER.LIST.", "");
        Map<String, String> ofConsumers = new LinkedHashMap<>();
        ofConsumers.put("CONSUMER.CREATE.%s.new", consumer("new"));
        ofConsumers.put("CONSUMER.CREATE.%s.there", consumer("there"));
        ofConsumers.put("CONSUMER.DURABLE.CREATE.%s.new", consumer("new"));
        ofConsumers.put("CONSUMER.INFO.%s.there", "");
        ofConsumers.put("CONSUMER.DELETE.%s.there", "");

        List<String> wrong = new ArrayList<>();
        for (String node : cluster.names()) {
            if (!node.equals(leaderAt(node))) {
                Map<String, ApiHandler> doors = doors(node);
                requests.forEach((operation, payload) -> judge(wrong, node, operation, ask(doors, operation + stream, payload)));
                ofConsumers.forEach((operation, payload) -> judge(wrong, node, operation,
                    ask(doors, operation.formatted(stream), payload)));
                assertTrue(ask(doors, "STREAM.INFO.none", "").contains("10059"), "there is none anywhere");
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(ok(at("n1").request("$JS.API.STREAM.INFO." + stream, "")).contains("\"messages\":1"), "nothing was done");
    }

    private static void judge(List<String> wrong, String node, String operation, String answer) {
        if (!answer.equals(ELSEWHERE)) {
            wrong.add(node + " " + operation + ": " + answer);
        }
    }

    /** A consumer that was made while another node began to decide is there, and who made it is told of it. */
    @Test
    void shouldTellOfEachConsumerThatIsMadeWhileLeadersStepDown() {
        create(3);
        Map<String, CompletableFuture<String>> made = new LinkedHashMap<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 12; i++) {
                String name = "c" + made.size();
                made.put(name, at(cluster.names().get(i % 3)).ask("$JS.API.CONSUMER.CREATE." + stream + "." + name, consumer(name)));
                if (i == 4) {
                    at("n1").request("$JS.API.STREAM.LEADER.STEPDOWN." + stream, "");
                }
            }
            made.values().forEach(CoreClient::get);
        }
        List<String> wrong = new ArrayList<>();
        made.forEach((name, answered) -> {
            String answer = CoreClient.get(answered);
            if (answer.contains("\"error\"") && !answer.contains("10008")) {
                wrong.add(name + ": " + answer);
            }
        });
        assertEquals(List.of(), wrong);
    }
}

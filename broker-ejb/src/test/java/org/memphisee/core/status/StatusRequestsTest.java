package org.memphisee.core.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.FakeApi;
import org.memphisee.core.time.World;
import org.memphisee.port.ServerIdentity;

class StatusRequestsTest {

    private static final ClientIdentity ROOT = new ClientIdentity("root", "", "go", "$memphis");
    private static final ClientIdentity APP = new ClientIdentity("app", "", "go", "$memphis");
    private static final String VARZ = "{\"mem\":7,\"out_msgs\":3,\"in_bytes\":9,\"jetstream\":{\"config\":{}}}";
    private static final String STATISTICS = "{\"now\":\"x\",\"account_statz\":[{\"acc\":\"$memphis\",\"conns\":2},"
        + "{\"acc\":\"$SYS\",\"conns\":0}]}";

    private final FakeApi api = new FakeApi();
    /** Pages that were made, with their parameters. */
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private CountDownLatch gate = new CountDownLatch(0);
    private final StatusRequests requests = new StatusRequests(new ServerIdentity("ID1", "memphis-0", "2.10.7", 10_000, true),
        "$memphis", client -> client.user().equals("root"), World.of(Thread::new));

    @BeforeEach
    void bind() {
        requests.bind(api);
        requests.show(new StatusPages() {
            @Override
            public ObjectNode page(String path, Map<String, String> parameters) throws RefusedException {
                await(gate);
                asked.add(path + new TreeMap<>(parameters));
                if (parameters.getOrDefault("limit", "").equals("x")) {
                    throw new RefusedException("Error decoding integer for 'limit': \"x\"");
                }
                return (ObjectNode) new FakeApi.Answer("", switch (path) {
                    case "/varz" -> VARZ;
                    case "/accstatz" -> STATISTICS;
                    case "/accountz" -> "{\"account_detail\":{\"account_name\":\"" + parameters.get("acc") + "\"}}";
                    case "/jsz" -> "{\"account_details\":[" + (parameters.get("acc").equals("$SYS") ? "" : "{\"name\":\"a\"}")
                        + "]}";
                    case "/routez" -> "{\"path\":\"" + path + "\",\"routes\":[{\"rid\":1,\"remote_name\":\"n1\",\"out_msgs\":5,\"out_bytes\":50,"
                        + "\"in_msgs\":6,\"in_bytes\":60,\"pending_size\":8}]}";
                    case "/subsz" -> JsonNodeFactory.instance.objectNode().put("big", "x".repeat(20_000)).toString();
                    default -> "{\"path\":\"" + path + "\"}";
                }).json();
            }

            @Override
            public String host() {
                return "10.0.0.1";
            }
        });
    }

    @AfterEach
    void close() {
        gate.countDown();
        requests.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode ask(String question, String body) {
        return api.ask(ROOT, "$SYS.REQ." + question, body.replace('\'', '"')).json();
    }

    private static String error(JsonNode answer) {
        return answer.path("error").path("code").asText() + " " + answer.path("error").path("description").asText();
    }

    @Test
    void shouldSayWhichServerItIs() {
        JsonNode server = ask("SERVER.PING.ROUTEZ", "").path("server");
        assertEquals("memphis-0", server.path("name").asText());
        assertEquals("ID1", server.path("id").asText());
        assertEquals("2.10.7", server.path("ver").asText());
        assertEquals("10.0.0.1", server.path("host").asText());
        assertTrue(server.path("jetstream").asBoolean());
        assertTrue(ask("SERVER.PING.ROUTEZ", "").path("server").path("seq").asLong() > server.path("seq").asLong());
        assertEquals("{\"name\":\"memphis-0\",\"host\":\"10.0.0.1\",\"id\":\"ID1\"}", ask("SERVER.PING.IDZ", "").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVER.PING", "SERVER.PING.STATSZ", "SERVER.ID1.STATSZ"})
    void shouldAnswerStatisticsOutOfVarz(String question) {
        JsonNode found = ask(question, "").path("statsz");
        assertEquals(7, found.path("mem").asInt());
        assertEquals(3, found.path("sent").path("msgs").asInt());
        assertEquals(9, found.path("received").path("bytes").asInt());
        assertTrue(found.path("jetstream").has("config"));
        assertEquals(2, found.path("active_servers").asInt());
        assertEquals("[{\"rid\":1,\"name\":\"n1\",\"sent\":{\"msgs\":5,\"bytes\":50},\"received\":{\"msgs\":6,\"bytes\":60},\"pending\":8}]",
            found.path("routes").toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SERVER.PING.CONNZ|{'subscriptions':true,'auth':true,'limit':2,'state':1}|/connz{auth=true, limit=2, state=closed, subs=true}",
        "SERVER.ID1.CONNZ|{'subscriptions_detail':true,'user':'app'}|"
            + "/connz{subs=detail, subscriptions_detail=true, user=app}",
        "SERVER.PING.JSZ|{'account':'a','consumer':true,'leader_only':false}|/jsz{acc=a, consumers=true, leader-only=false}",
        "SERVER.PING.HEALTHZ|{'js-enabled-only':true,'account':'a'}|/healthz{account=a, js-enabled-only=true}",
        "SERVER.PING.VARZ|''|/varz{}", "SERVER.PING.GATEWAYZ|''|/gatewayz{}", "SERVER.PING.LEAFZ|''|/leafz{}",
        "SERVER.PING.ACCOUNTZ|{'account':'$memphis'}|/accountz{acc=$memphis}",
        "ACCOUNT.$memphis.CONNZ|{'acc':'other'}|/connz{acc=$memphis}", "ACCOUNT.PING.CONNZ|''|/connz{acc=$memphis}",
        "ACCOUNT.$memphis.INFO|''|/accountz{acc=$memphis}", "ACCOUNT.$memphis.JSZ|{'streams':true}|/jsz{acc=$memphis, streams=true}"})
    void shouldShowThePageOfTheMonitor(String question, String body, String page) {
        JsonNode answer = ask(question, body);
        assertTrue(answer.has("data") && !answer.has("error"), answer::toString);
        assertEquals(List.of(page), asked);
    }

    @Test
    void shouldShowOneAccountOnly() {
        for (String question : new String[] {"ACCOUNT.PING.STATZ", "ACCOUNT.$memphis.STATZ"}) {
            JsonNode rows = ask(question, "").path("data").path("account_statz");
            assertEquals("[{\"acc\":\"$memphis\",\"conns\":2}]", rows.toString());
        }
        assertEquals("[]", ask("ACCOUNT.PING.STATZ", "{'accounts':['$SYS']}").path("data").path("account_statz").toString());
        JsonNode connections = ask("ACCOUNT.$memphis.CONNS", "");
        assertEquals(2, connections.path("conns").asInt());
        assertEquals("io.nats.server.advisory.v1.account_connections", connections.path("type").asText());
        assertEquals("$SYS", ask("ACCOUNT.$SYS.INFO", "").path("data").path("account_name").asText());
        assertEquals("a", ask("ACCOUNT.$memphis.JSZ", "").path("data").path("name").asText());
    }

    @Test
    void shouldSayWhyItDoesNotAnswer() {
        assertEquals("400 RELOAD is not supported by Memphis EE", error(ask("SERVER.ID1.RELOAD", "")));
        assertEquals("400 PROFILEZ is not supported by Memphis EE", error(ask("SERVER.PING.PROFILEZ", "")));
        assertEquals("400 SUBJECTS is not supported by Memphis EE", error(ask("ACCOUNT.$memphis.SUBJECTS", "")));
        assertEquals("400 Account other does not exist", error(ask("ACCOUNT.other.CONNZ", "")));
        assertEquals("400 JetStream not enabled for account $SYS", error(ask("ACCOUNT.$SYS.JSZ", "")));
        assertEquals("400 the body of the request is no JSON object", error(ask("SERVER.PING.VARZ", "{'a")));
        assertEquals("400 the body of the request is no JSON object", error(ask("SERVER.PING.VARZ", "[]")));
        assertEquals("400 Error decoding integer for 'limit': \"x\"", error(ask("SERVER.PING.CONNZ", "{'limit':'x'}")));
        assertTrue(error(ask("SERVER.PING.SUBSZ", "")).startsWith("500 the answer has 2"));
        requests.show(null);
        assertTrue(error(ask("SERVER.PING.VARZ", "")).startsWith("503 the monitor"));
    }

    @Test
    void shouldBeServedByNobodyForOthers() {
        for (String question : new String[] {"SERVER.PING", "SERVER.PING.VARZ", "SERVER.ID1.VARZ", "SERVER.other.VARZ", "ACCOUNT.$memphis.CONNZ",
            "ACCOUNT.PING.JSZ"}) {
            assertEquals(FakeApi.NOBODY, api.ask(APP, "$SYS.REQ." + question, "").header(), question);
        }
        assertTrue(api.ask(APP, "$SYS.REQ.ACCOUNT.PING.CONNZ", "").json().has("data"));
        assertTrue(api.ask(APP, "$SYS.REQ.ACCOUNT.PING.STATZ", "").json().has("data"));
        assertEquals("app", api.ask(APP, "$SYS.REQ.USER.INFO", "").json().path("data").path("user").asText());
        assertEquals(FakeApi.NOBODY, api.ask(ROOT, "$SYS.REQ.SERVER.other.VARZ", "").header(), "no server has that id");
    }

    @Test
    void shouldKeepSilentWhenAnotherServerIsMeant() {
        gate = new CountDownLatch(0);
        List<CompletableFuture<FakeApi.Answer>> silent = new ArrayList<>();
        for (String body : new String[] {"{\"server_name\":\"other\"}", "{\"cluster\":\"c\"}", "{\"domain\":\"d\"}",
            "{\"tags\":[\"t\"]}", "{\"server_name\":\"memphis\",\"exact_match\":true}", "{\"host\":\"10.0.0.2\"}"}) {
            silent.add(api.send(ROOT, "$SYS.REQ.SERVER.PING.VARZ", body));
        }
        for (String body : new String[] {"{'server_name':'memphis'}", "{'server_name':'memphis-0','exact_match':true}",
            "{'host':'10.0.0.1'}"}) {
            assertTrue(ask("SERVER.PING.VARZ", body).has("data"), body); // behind the others on the one thread
        }
        silent.forEach(answer -> assertFalse(answer.isDone()));
    }

    @Test
    void shouldNotBlockWhoAsksAndRefuseWhatIsTooMuch() {
        gate = new CountDownLatch(1);
        List<CompletableFuture<FakeApi.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            answers.add(api.send(ROOT, "$SYS.REQ.SERVER.PING.VARZ", ""));
        }
        List<JsonNode> refused = answers.stream().filter(CompletableFuture::isDone).map(a -> FakeApi.await(a).json()).toList();
        assertEquals(5, refused.size());
        refused.forEach(answer -> assertTrue(error(answer).startsWith("503 the server is busy"), answer::toString));
        gate.countDown();
        answers.forEach(FakeApi::await);
    }
}

package org.memphisee.it.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerPorts;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * The stand-alone adapter and the example application in a server that is not Liberty. Needs the profile {@code
 * other-servers}, which gets WildFly (260 MB).
 */
@EnabledIfSystemProperty(named = "it.wildfly", matches = ".+", disabledReason = "mvn -Pother-servers verify gets WildFly")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class WildFlyIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String ADAPTER = "resource-adapter.rar";
    private static final String EXAMPLE = "example.war";

    @TempDir
    private static Path directory;
    private static int httpPort;
    private static BrokerProcess broker;
    private static WildFly server;
    private static Path application;

    @BeforeAll
    static void configure() throws Exception {
        BrokerPorts ports = BrokerPorts.free();
        httpPort = ports.client();
        broker = BrokerProcess.prepared();
        server = new WildFly(Path.of(System.getProperty("it.wildfly")), directory, httpPort, ports.monitor());
        application = Path.of(System.getProperty("it.example.war"));
        server.configure(Files.readString(application.resolve("../../wildfly.cli").normalize())
                .replace("value=6666", "value=" + broker.clientPort()));
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
        server.close();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().send(request.timeout(LIMIT)
                .uri(URI.create("http://127.0.0.1:" + httpPort + "/example/orders")).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int order(String lines) {
        try {
            return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(lines))).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String page() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder()).body();
    }

    private static int brokerConnections() {
        String varz = broker.http(broker.ports().monitor(), "/varz").body().replace(" ", "");
        int at = varz.indexOf("\"connections\":") + 14;
        return Integer.parseInt(varz.substring(at, varz.indexOf(',', at)));
    }

    @Test
    @Order(1)
    void shouldDeployBeforeTheBrokerIsThere() throws Exception {
        server.deploy(Path.of(System.getProperty("it.adapter.rar")), ADAPTER);
        server.deploy(application, EXAMPLE);
        server.start();
        Eventually.await("deployed", LIMIT, () -> server.is(ADAPTER, "deployed") && server.is(EXAMPLE, "deployed"));
        assertEquals(500, order("early"));
        assertTrue(server.log().contains("RA0202"), server::log);
        broker.startAgain();
    }

    @Test
    @Order(2)
    void shouldPublishAndConsumeInTransactionsAndWithout() throws Exception {
        Eventually.await("ordering", LIMIT, () -> order("book\nfragile vase\n") == 200);
        assertEquals(400, order("lamp\ninvalid\n"));
        assertEquals(200, order("pen\n"));
        String page = Eventually.value("page", LIMIT, WildFlyIT::page, p -> p.contains("shipped book (attempt 1)")
                && p.contains("shipped fragile vase (attempt 3)") && p.contains("shipped pen") && p.contains("counted 3"));
        assertEquals(3, page.lines().filter(l -> l.startsWith("shipped")).count(), page);
    }

    @Test
    @Order(3)
    void shouldSurviveAKilledBroker() throws Exception {
        broker.kill();
        assertEquals(500, order("lost\n"));
        broker.startAgain();
        for (int i = 0; i < 25; i++) { // more than the pool has slots
            assertEquals(200, order("back " + i + "\n"));
        }
        String page = Eventually.value("page", LIMIT, WildFlyIT::page, p -> p.contains("shipped back 24")
                && p.lines().filter(l -> l.contains("shipped back")).count() == 25);
        assertFalse(page.contains("lost"), page);
    }

    @Test
    @Order(4)
    void shouldBeRedeployedAndGo() throws Exception {
        server.deploy(application, EXAMPLE);
        Eventually.await("redeployed", LIMIT, () -> server.is(EXAMPLE, "deployed") && page().startsWith("counted 0"));
        assertEquals(200, order("again\n"));
        String page = Eventually.value("page", LIMIT, WildFlyIT::page, p -> p.contains("shipped again"));
        assertEquals(1, page.lines().filter(l -> l.startsWith("shipped")).count(), "nothing comes twice: " + page);
        server.undeploy(EXAMPLE);
        Eventually.await("undeployed", LIMIT, () -> server.is(EXAMPLE, "undeployed"));
        server.undeploy(ADAPTER);
        Eventually.await("undeployed", LIMIT, () -> server.is(ADAPTER, "undeployed"));
        Eventually.value("connections to the broker", LIMIT, WildFlyIT::brokerConnections, now -> now == 0);
    }
}

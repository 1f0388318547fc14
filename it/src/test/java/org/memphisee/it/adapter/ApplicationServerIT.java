package org.memphisee.it.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.it.adapter.ApplicationServer.LIMIT;
import static org.memphisee.it.adapter.ApplicationServer.awaitSeen;
import static org.memphisee.it.adapter.ApplicationServer.control;
import static org.memphisee.it.adapter.ApplicationServer.figure;
import static org.memphisee.it.adapter.ApplicationServer.seen;
import static org.memphisee.it.adapter.ApplicationServer.send;
import static org.memphisee.it.adapter.ApplicationServer.to;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.memphisee.it.adapter.ApplicationServer.Answer;
import org.memphisee.it.adapter.app.ControlServlet;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;

/**
 * Applications in a server of their own, with the adapter stand-alone, and a broker in another process. In order, because the
 * broker is started after the applications, killed and started again.
 */
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public class ApplicationServerIT {
    /** Message-driven beans of the application and connections that the factory's pool may keep. */
    private static final int BEANS = 5;
    private static final int POOLED = 4;
    /** With a certificate of the broker's own for those who want TLS; most of these tests do not. */
    private static final Map<String, String> TLS = Map.of("MEMPHISEE_TLS_CLIENT", "optional", "MEMPHISEE_TLS_SELF_SIGNED",
            "true");
    private static BrokerProcess broker;

    @ArquillianResource
    private ContainerController containers;
    @ArquillianResource
    private Deployer deployer;

    /** The application of these tests. */
    @Deployment(name = "probe", managed = false, testable = false)
    @TargetsContainer(ApplicationServer.NAME)
    public static WebArchive probe() {
        return ShrinkWrap.create(WebArchive.class, "probe.war").addPackage(ControlServlet.class.getPackage());
    }

    /** The one for readers. */
    @Deployment(name = "example", managed = false, testable = false)
    @TargetsContainer(ApplicationServer.NAME)
    public static WebArchive example() {
        return ShrinkWrap.create(ZipImporter.class, "example.war")
                .importFrom(new File(System.getProperty("it.example.war"))).as(WebArchive.class);
    }

    @AfterAll
    static void endBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static void publish(String how, String station, String text, int count) {
        assertEquals(new Answer(200, "done"), control(how, "station", station, "text", text, "count",
                Integer.toString(count)));
    }

    private static int brokerConnections() {
        String varz = broker.http(broker.ports().monitor(), "/varz").body().replace(" ", "");
        int at = varz.indexOf("\"connections\":") + 14;
        return Integer.parseInt(varz.substring(at, varz.indexOf(',', at)));
    }

    @Test
    @Order(1)
    void shouldStartBeforeTheBrokerAndConsumeWhenItComes() throws Exception {
        broker = BrokerProcess.prepared();
        ApplicationServer.brokerAt(broker.clientPort());
        ApplicationServer.trust(broker.dataDirectory().resolve("tls/self-signed.p12"), "memphisee-self-signed");
        containers.start(ApplicationServer.NAME);
        deployer.deploy("probe");
        assertEquals("CONNECTING", figure("single", "State"));
        Answer early = control("publish", "station", "single", "text", "early");
        assertEquals(500, early.code());
        assertTrue(early.body().contains("No connection to 127.0.0.1:" + broker.clientPort()), early.body());

        broker.startAgain(TLS);
        Eventually.await("connected", LIMIT,
                () -> figure("single", "State").equals("CONSUMING"));
        publish("publish", "single", "first", 1);
        assertEquals(List.of("single first partition 1 sequence 1 attempt 1"), awaitSeen("single first ", 1));
    }

    @Test
    @Order(2)
    void shouldPublishThroughInjectedAndDefinedFactories() {
        Answer injected = control("async", "station", "places", "text", "a");
        assertEquals("PublishReceipt[station=places, partition=1, sequence=1, duplicate=false]", injected.body());
        Answer defined = control("async", "station", "places", "text", "b", "factory", "defined");
        assertEquals("PublishReceipt[station=places, partition=1, sequence=2, duplicate=false]", defined.body());
    }

    @Test
    @Order(2)
    void shouldReachTheBrokersOwnTlsPort() {
        String receipt = "PublishReceipt[station=secret, partition=1, sequence=1, duplicate=false]";
        // a JVM's first handshake on a busy machine may take longer than the broker waits for a login
        Eventually.value("receipt", LIMIT, () -> control("async", "station", "secret", "text", "a", "factory", "encrypted")
                .body(), receipt::equals);
        String connections = broker.http(broker.ports().monitor(), "/connz").body().replaceAll("\\s", "");
        assertTrue(connections.contains("\"tls_version\":\"1.3\",\"tls_cipher_suite\":\"TLS_AES_"), connections);
        // one of this factory, and none beside it where the server would park idle handles
        assertEquals(2, connections.split("\"tls_version\":\"1.3\"", -1).length, connections);
    }

    @Test
    @Order(2)
    void shouldUseCredentialsThatTheContainerManages() {
        String receipt = "PublishReceipt[station=managed, partition=1, sequence=1, duplicate=false]";
        assertEquals(receipt, control("async", "station", "managed", "text", "a", "factory", "managed").body());
    }

    @Test
    @Order(3)
    void shouldCommitTogetherWithADatabase() {
        assertEquals(new Answer(200, "done"), control("both", "station", "single", "text", "kept"));
        assertEquals(new Answer(200, "done"), control("both", "station", "single", "text", "undone", "undo", "yes"));
        Answer refused = control("both", "station", "single", "text", "large", "bytes", "9000000");
        assertEquals(500, refused.code(), "what the broker does not take rolls the database back");
        awaitSeen("single kept!", 1);
        Answer onePhase = control("both", "station", "single", "text", "single-phase", "one", "yes");
        assertEquals(500, onePhase.code(), "two that know one phase only cannot be kept together");
        assertEquals("kept", control("rows").body());
        assertEquals(List.of(), seen("single undone"));
        assertEquals(List.of(), seen("single single-phase"));
    }

    @Test
    @Order(3)
    void shouldPublishOnCommitAndNothingOnRollback() {
        publish("rollback", "single", "undone", 5);
        publish("commit", "single", "done", 5);
        awaitSeen("single done", 5);
        assertEquals(List.of(), seen("single undone"));
    }

    @Test
    @Order(4)
    void shouldBringFailedMessagesAgainAndGiveUpAfterTheLast() throws IOException {
        publish("publish", "single", "fail:2 twice", 1);
        publish("publish", "single", "poison", 1);
        List<String> failing = awaitSeen("single fail:2 twice", 3);
        assertTrue(failing.get(2).endsWith("attempt 3"), failing.toString());
        List<String> poison = awaitSeen("single poison", 3);
        Eventually.await("given up", LIMIT,
                () -> figure("single", "Exhausted").equals("1"));
        publish("publish", "single", "afterwards", 1);
        awaitSeen("single afterwards", 1);
        assertEquals(3, seen("single poison").size());
        String sequence = poison.get(0).replaceAll(".*sequence (\\d+).*", "$1");
        List<String> warnings = Files.readAllLines(ApplicationServer.directory().resolve("logs/messages.log")).stream()
                .filter(l -> l.contains("RA0207")).toList();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).contains("Message " + sequence + " of station single"), warnings.get(0));
    }

    @Test
    @Order(5)
    void shouldKeepTheResultsOfATransactionTogetherWithItsMessage() {
        publish("publish", "work", "plain", 1);
        publish("publish", "work", "undo", 1);
        publish("publish", "work", "fail:1", 1);
        awaitSeen("single result of plain", 1);
        awaitSeen("single result of undo", 1);
        awaitSeen("single result of fail:1", 1);
        assertEquals(List.of("single result of fail:1 2", "single result of plain 1", "single result of undo 2"),
                seen("single result").stream().map(l -> l.replaceAll(" partition.*", "")).sorted().toList());
    }

    @Test
    @Order(6)
    void shouldDeliverBatchesAndNotLetOneMessageSpoilTheOthers() {
        publish("publish", "batch", "poison", 1);
        publish("publish", "batch", "m", 200);
        Eventually.await("all handled", LIMIT,
                () -> figure("batch", "Acknowledged").equals("200"));
        assertTrue(seen("batch of ").stream().anyMatch(l -> Integer.parseInt(l.substring(9)) > 5), seen("batch of ").toString());
        assertTrue(seen("batch of ").stream().allMatch(l -> Integer.parseInt(l.substring(9)) <= 50));
        assertTrue(seen("batch m").stream().noneMatch(l -> l.endsWith("attempt 3")), "others were drawn in");
    }

    @Test
    @Order(7)
    void shouldCallNoMoreBeansThanAllowedAndWaitForSlowOnes() {
        publish("publish", "single", "slow:700", 1);
        publish("publish", "single", "slow:70", 9);
        awaitSeen("single slow:7", 10);
        publish("publish", "single", "slow:4000", 1); // longer than ackWait
        awaitSeen("single slow:4000", 1);
        Eventually.await("all handled", LIMIT, () -> figure("single", "Held").equals("0"));
        assertEquals(1, seen("single slow:4000").size());
        assertEquals("3", control("busy", "bean", "single").body());
    }

    @Test
    @Order(7)
    void shouldShareItsGroupWithOtherClients() throws Exception {
        int mine = 0;
        try (Connection client = Nats.connect(Options.builder().server("nats://127.0.0.1:" + broker.clientPort())
                .userInfo(broker.user(), broker.password()).build())) {
            JetStreamSubscription member = client.jetStream().subscribe(null, PullSubscribeOptions.bind("single$1", "g"));
            publish("publish", "single", "slow:20 shared", 1);
            for (int i = 0; i < 40; i++) {
                member.pullExpiresIn(2, LIMIT); // both members wait when messages come
                client.flush(LIMIT);
                publish("publish", "single", "slow:20", 5);
                for (Message message = member.nextMessage(LIMIT); message != null; message = member.nextMessage(50)) {
                    message.ack();
                    mine++;
                }
            }
        }
        int theirs = 201 - mine;
        assertEquals(theirs, awaitSeen("single slow:20", theirs).size());
        assertTrue(mine > 10 && theirs > 10, mine + " and " + theirs);
    }

    @Test
    @Order(8)
    void shouldSurviveAKilledBroker() {
        publish("commit", "single", "before", 20);
        awaitSeen("single before", 20);
        broker.kill();
        IntStream.range(0, 6).forEach(i -> assertEquals(500,
                control("publish", "station", "single", "text", "lost").code())); // more than the pool has slots
        broker.startAgain(TLS);
        Eventually.await("publishing again", LIMIT, () -> control("publish", "station", "single", "text", "back").code() == 200);
        IntStream.range(0, 10).forEach(i -> publish("commit", "single", "after " + i + " ", 2));
        awaitSeen("single after", 20);
        publish("publish", "work", "late", 1);
        awaitSeen("single result of late", 1);
    }

    @Test
    @Order(9)
    void shouldLeaveNothingBehindWhenRedeployed() {
        String threads = control("threads").body();
        publish("publish", "single", "x", 1);
        for (int i = 0; i < 3; i++) {
            publish("publish", "single", "round" + i + "-", 300);
            deployer.undeploy("probe");
            deployer.deploy("probe");
            int round = i;
            // what the deployment before has not seen comes to this one, each message once
            Eventually.await("the rest of round " + i, LIMIT, () -> figure("single", "Held")
                    .equals("0") && figure("single", "State").equals("CONSUMING"));
            publish("publish", "single", "end" + round, 1);
            awaitSeen("single end" + round, 1);
            Map<String, Long> attempts = seen("single round" + round).stream()
                    .collect(Collectors.groupingBy(l -> l.replaceAll(" partition.*", ""), Collectors.counting()));
            assertFalse(attempts.values().stream().anyMatch(n -> n > 1), attempts.toString());
        }
        assertEquals(threads, control("threads").body());
        Eventually.value("connections", LIMIT, ApplicationServerIT::brokerConnections, now -> now <= BEANS + POOLED);
        assertEquals("1", Integer.toString(figure("single", "State").split(" ").length));
    }

    @Test
    @Order(10)
    void shouldRunTheExample() {
        deployer.deploy("example");
        assertEquals(new Answer(200, "2 ordered\n"), send(to("/example/orders")
                .POST(HttpRequest.BodyPublishers.ofString("book\nfragile vase\n"))));
        assertEquals(400, send(to("/example/orders").POST(HttpRequest.BodyPublishers.ofString("lamp\ninvalid\n"))).code());
        assertEquals(200, send(to("/example/orders?each").POST(HttpRequest.BodyPublishers.ofString("pen\n"))).code());
        String page = Eventually.value("page", LIMIT, () -> send(to("/example/orders")).body(),
                p -> p.contains("shipped book (attempt 1)") && p.contains("shipped fragile vase (attempt 3)")
                        && p.contains("shipped pen (attempt 1)") && p.contains("counted 3"));
        assertEquals(3, page.lines().filter(l -> l.startsWith("shipped")).count(), page);
        deployer.undeploy("example");
        deployer.undeploy("probe");
        containers.stop(ApplicationServer.NAME);
        Eventually.value("connections to the broker", LIMIT, ApplicationServerIT::brokerConnections, now -> now == 0);
    }
}

package org.memphisee.it.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.memphisee.it.adapter.ApplicationServer.control;

import java.time.Duration;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.memphisee.it.adapter.app.ControlServlet;
import org.memphisee.it.support.BrokerUnderTest;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.RawConnection;
import org.memphisee.it.support.WindowPublisher;

/**
 * How fast the adapter is, stand-alone, over loopback, with 128 bytes a message; prints what docs/benchmarks.md quotes. Not part
 * of the tests: {@code mvn verify -pl it -am -Dit.test=AdapterBench …}.
 */
@ExtendWith(ArquillianExtension.class)
public class AdapterBench {
    private static final int SINGLE = Integer.getInteger("bench.single", 200_000);
    private static final int BATCHED = Integer.getInteger("bench.batched", 500_000);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ArquillianResource
    private ContainerController containers;
    @ArquillianResource
    private Deployer deployer;

    /** The application of the tests. */
    @Deployment(name = "bench", managed = false, testable = false)
    @TargetsContainer(ApplicationServer.NAME)
    public static WebArchive probe() {
        return ShrinkWrap.create(WebArchive.class, "probe.war").addPackage(ControlServlet.class.getPackage());
    }

    @Test
    void measure() throws Exception {
        try (BrokerUnderTest broker = Brokers.start()) {
            ApplicationServer.brokerAt(broker.clientPort());
            containers.start(ApplicationServer.NAME);
            deployer.deploy("bench");
            for (String station : new String[] {"quick", "quickbatch"}) { // made by the beans, and filled without them
                Eventually.await(station, LIMIT, () -> ApplicationServer.figure(station, "State").equals("CONSUMING"));
            }
            // the servers compile on a first round
            for (int round = 0; round < 3; round++) {
                deliver(broker, "quick", SINGLE, "one by one");
                deliver(broker, "quickbatch", BATCHED, "in batches of at most 500");
            }
            for (int round = 0; round < 2; round++) {
                publish("one per call", 2_000, 1, false);
                publish("one per transaction", 2_000, 1, true);
                publish("500 per call", 100_000, 500, false);
                publish("500 per transaction", 100_000, 500, true);
            }
            deployer.undeploy("bench");
            containers.stop(ApplicationServer.NAME);
        }
    }

    private void deliver(BrokerUnderTest broker, String station, int count, String how) throws Exception {
        deployer.undeploy("bench");
        fill(broker, station, count);
        deployer.deploy("bench");
        String[] last = Eventually.value(station, LIMIT, () -> control("quick").body().split(" "),
                quick -> Long.parseLong(quick[0]) >= count);
        System.out.printf("delivered %s: %d messages, %.0f/s%n", how, Long.parseLong(last[0]),
                Long.parseLong(last[0]) * 1e9 / Long.parseLong(last[1]));
    }

    private static void fill(BrokerUnderTest broker, String station, int count) throws Exception {
        try (WindowPublisher publisher = new WindowPublisher(broker, 4_000, (n, s, d, error) -> assertEquals("", error))) {
            byte[] payload = new byte[128];
            for (int i = 0; i < count; i++) {
                publisher.publish(station + "$1.final", "", payload);
            }
            publisher.drain(LIMIT);
        }
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.flush();
        }
    }

    private static void publish(String how, int count, int together, boolean commit) {
        String rate = commit ? control("rate", "station", "out", "count", Integer.toString(count), "together",
                Integer.toString(together), "commit", "yes").body()
                : control("rate", "station", "out", "count", Integer.toString(count), "together",
                Integer.toString(together)).body();
        System.out.println("published " + how + ": " + rate + "/s");
    }
}

package org.memphisee.it.support;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/**
 * Gives tests the broker to talk to. {@code -Dit.broker=nats-server} puts a NATS server in its place, to check the
 * tests. The shared broker lives until the test JVM ends.
 */
public final class Brokers {
    private static BrokerUnderTest shared;

    private Brokers() {
    }

    /** The broker all read-and-write tests of this JVM share; tests use names of their own. */
    public static synchronized BrokerUnderTest shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop-shared-broker"));
        }
        return shared;
    }

    /** A broker of its own with empty data; the caller closes it. */
    public static BrokerUnderTest start() {
        if ("nats-server".equals(System.getProperty("it.broker", ""))) {
            return new NatsServerBroker();
        }
        return BrokerProcess.started();
    }

    /** Skips the calling test when the subject is no Memphis broker. */
    public static void assumeMemphis(BrokerUnderTest broker) {
        Assumptions.assumeTrue(broker.isMemphis(), "skipped: needs the Memphis control subjects");
    }

    /** Whether a client gets through the opening sequence. */
    public static boolean serves(BrokerUnderTest broker) {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

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
        return natsServer() ? new NatsServerBroker() : BrokerProcess.startedAsPackaged();
    }

    /** The same for tests that start it often and do not measure it: less throughput for a quicker start. */
    public static BrokerUnderTest startQuickly() {
        return natsServer() ? new NatsServerBroker() : BrokerProcess.started();
    }

    private static boolean natsServer() {
        return "nats-server".equals(System.getProperty("it.broker", ""));
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

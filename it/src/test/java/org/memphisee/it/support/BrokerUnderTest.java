package org.memphisee.it.support;

import java.time.Duration;
import java.util.Map;

/**
 * A broker process that a test may stop, kill and start again on the same data and the same client port.
 * One test thread uses it at a time.
 */
public interface BrokerUnderTest extends AutoCloseable {

    /** Address clients connect to. */
    String host();

    /** Port clients connect to; the same after every restart. */
    int clientPort();

    /** Port for clients by WebSocket; the same after every restart. */
    int webSocketPort();

    /** Name for user and password authentication. */
    default String user() {
        return "root";
    }

    /** Password of {@link #user()}. */
    default String password() {
        return "memphis";
    }

    /** Whether the Memphis control subjects and the rules that go beyond a NATS server may be expected. */
    boolean isMemphis();

    /** Stops the process in the orderly way, starts it again and waits until it serves clients. */
    default void restart() {
        stop();
        startAgain();
    }

    /** Stops the process in the orderly way and waits until it is gone. */
    void stop();

    /** Ends the process as a power cut would (SIGKILL) and waits until it is gone. */
    void kill();

    /** Starts the stopped or killed process and waits until it serves clients. */
    default void startAgain() {
        if (!startAgain(Map.of())) {
            throw new IllegalStateException("broker ended before it was ready");
        }
    }

    /**
     * Starts the stopped or killed process with additional environment variables.
     *
     * @return false when the process ended by itself before it served clients
     */
    boolean startAgain(Map<String, String> environment);

    /**
     * Waits until the process has ended by itself.
     *
     * @return false when it still runs after {@code limit}
     */
    boolean awaitExit(Duration limit);

    /** Stops the process and removes its data; idempotent. */
    @Override
    void close();
}

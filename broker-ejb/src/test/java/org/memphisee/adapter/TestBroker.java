package org.memphisee.adapter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.net.NetSettings;
import org.memphisee.ra.BrokerResourceAdapter;
import org.memphisee.store.memory.MemoryLogStore;

/** The real broker on a store in memory, served by an adapter; it can go and come back with its data. */
final class TestBroker implements AutoCloseable {

    static final String PASSWORD = "secret";
    private static final ThreadFactory THREADS = task -> {
        Thread thread = new Thread(task, "test-broker");
        thread.setDaemon(true);
        return thread;
    };

    final BrokerResourceAdapter adapter;
    private MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private Broker broker;
    private int port;

    TestBroker(BrokerResourceAdapter adapter) {
        this.adapter = adapter;
    }

    /** Serves clients from now on, at the same port as before. */
    void start() {
        BrokerOptions options = new BrokerOptions("memphis-0", 1 << 20, 2, 64 << 20, 32 << 20, 64 << 20, 100_000_000, 10_000_000,
            0, 0, false, ControlSettings.of(PASSWORD, ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0")
                .withPasswordIterations(1_000));
        try {
            broker = Broker.open(options, store, THREADS, new Loud());
            adapter.register(broker.port(), NetSettings.DEFAULTS.withAddress("127.0.0.1", port));
            port = adapter.boundPort().orElseThrow();
        } catch (StoreException | org.memphisee.net.listen.ListenException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return port;
    }

    /** What the broker knows of a group of a station with one partition; empty when it is not there. */
    Optional<ConsumerInfo> group(String station, String group) {
        return broker.observer().streams(0).stream(station + "$1").stream().flatMap(s -> s.consumers().stream())
            .filter(c -> c.config().name().equals(group)).findFirst();
    }

    /** Asks as another client would; the payload of the answer. */
    String request(String subject, String payload) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(("CONNECT {\"verbose\":false,\"user\":\"root\",\"pass\":\"" + PASSWORD
                + "\"}\r\nSUB answer 1\r\nPUB " + subject + " answer " + payload.length() + "\r\n" + payload + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("MSG answer")) {
                    return lines.readLine();
                }
                if (line.startsWith("-ERR")) {
                    throw new AssertionError(line);
                }
            }
            throw new AssertionError("no answer from " + subject);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Goes; what is stored stays. */
    void stop() {
        adapter.unregister();
        broker.stopping();
        broker.close();
        try {
            store.close();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        store = store.reopen();
    }

    @Override
    public void close() {
        adapter.unregister();
        if (broker != null) {
            broker.close();
        }
    }

    private static final class Loud implements BrokerEvents {
        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            throw new AssertionError(stream, cause);
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            throw new AssertionError(where, cause);
        }
    }
}

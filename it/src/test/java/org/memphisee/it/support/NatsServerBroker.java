package org.memphisee.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A NATS server as the subject: the tests of the NATS and JetStream rules must pass there too, which shows that the
 * tests themselves are right. Chosen with {@code -Dit.broker=nats-server}; the program has to be on the path.
 */
final class NatsServerBroker implements BrokerUnderTest {
    private static final Duration READY = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final int webSocketPort;
    private Process process;

    NatsServerBroker() {
        try {
            directory = Files.createTempDirectory("nats-server-it");
            port = freePort();
            webSocketPort = freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startAgain();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int clientPort() {
        return port;
    }

    @Override
    public int webSocketPort() {
        return webSocketPort;
    }

    @Override
    public boolean isMemphis() {
        return false;
    }

    @Override
    public void stop() {
        process.destroy();
        waitForEnd();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    private void waitForEnd() {
        if (!awaitExit(Duration.ofSeconds(60))) {
            throw new IllegalStateException("nats-server does not end");
        }
    }

    @Override
    public boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public boolean startAgain(Map<String, String> environment) {
        try {
            Path config = directory.resolve("server.conf");
            Files.writeString(config, "listen: \"127.0.0.1:" + port + "\"\n"
                    + "websocket { listen: \"127.0.0.1:" + webSocketPort + "\", no_tls: true }\n"
                    + "authorization { user: root, password: memphis, timeout: 2 }\n"
                    + "jetstream { store_dir: \"" + directory.resolve("store") + "\" }\n");
            List<String> command = new ArrayList<>(List.of("nats-server", "-c", config.toString()));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()));
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.await("nats-server serves", READY, () -> !process.isAlive() || Brokers.serves(this));
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        waitForEnd();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

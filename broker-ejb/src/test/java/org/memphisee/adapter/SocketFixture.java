package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.store.memory.MemoryLogStore;

/** The real broker on a store in memory behind real sockets, and clients that speak in plain bytes. */
abstract class SocketFixture {

    static final int MIB = 1 << 20;
    static final long PATIENCE = 1_000;
    static final NetSettings SETTINGS = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0)
        .withBudgets(1_000, 16 * MIB, 10_000).withPatience(PATIENCE);
    private static final ThreadFactory THREADS = task -> {
        Thread thread = new Thread(task, "flood-test");
        thread.setDaemon(true);
        return thread;
    };
    static final Executor ASIDE = task -> THREADS.newThread(task).start();

    final NetCounters counters = new NetCounters();
    private final List<Client> clients = new ArrayList<>();
    Broker broker;
    private ClientListener listener;

    @BeforeEach
    final void serve() throws Exception {
        BrokerOptions options = new BrokerOptions("memphis-0", MIB, 2, 64 << 20, 32 << 20, 64 << 20, 100_000_000, 10_000_000,
            0, 0, false, ControlSettings.of("secret", ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0")
                .withPasswordIterations(1_000));
        broker = Broker.open(options, new MemoryLogStore(MemoryLogStore.Disk.KEEPS), THREADS, new Loud());
        listen(SETTINGS);
    }

    final void listen(NetSettings settings) throws Exception {
        if (listener != null) {
            listener.close();
        }
        listener = ClientListener.open(broker.port(), settings, counters, THREADS);
    }

    @AfterEach
    final void end() throws IOException {
        for (Client client : clients) {
            client.socket.close();
        }
        listener.close();
        broker.close();
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

    /** A client in plain bytes. */
    final class Client {
        final Socket socket = new Socket();
        final DataInputStream in;

        Client(int receiveBuffer, String options) throws IOException {
            clients.add(this);
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(30_000);
            socket.connect(new InetSocketAddress("127.0.0.1", listener.port()), 20_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
            line();
            send("CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"root\",\"pass\":\"secret\",\"headers\":true,"
                + "\"no_responders\":true" + options + "}\r\n");
            flush();
        }

        Client() throws IOException {
            this(0, "");
        }

        Client subscribed(String subject) throws IOException {
            send("SUB " + subject + " 1\r\n");
            flush();
            return this;
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        void publish(String subject, String json) throws IOException {
            send("PUB " + subject + " inbox " + json.length() + "\r\n" + json.replace('\'', '"') + "\r\n");
        }

        void request(String subject, String json) throws IOException {
            publish(subject, json);
            receive(1, Long.MAX_VALUE);
        }

        /** Whoever has PONG has had everything before it handled. */
        void flush() throws IOException {
            send("PING\r\n");
            String line = line();
            while (!line.equals("PONG")) {
                skip(line);
                line = line();
            }
        }

        /** Closes the connection; its subscriptions are gone when this returns. */
        void leave() throws IOException {
            long before = broker.subscriptions();
            socket.close();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (broker.subscriptions() == before) {
                assertTrue(System.nanoTime() < deadline, "the broker does not notice that a client left");
                LockSupport.parkNanos(1_000_000);
            }
        }

        /** The next line that is no PING of the server. */
        String operation() throws IOException {
            String line = line();
            while (line.equals("PING")) {
                send("PONG\r\n");
                line = line();
            }
            return line;
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
                line.append((char) b);
            }
            return line.toString().stripTrailing();
        }

        private int skip(String line) throws IOException {
            if (line.equals("PING")) {
                send("PONG\r\n");
                return 0;
            }
            assertTrue(line.startsWith("MSG "), line);
            int size = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
            in.readNBytes(size + 2);
            return size;
        }

        /** Reads so many messages, at most so many bytes a second. */
        Client receive(int messages, long bytesPerSecond) throws IOException {
            long begin = System.nanoTime();
            long bytes = 0;
            for (int got = 0; got < messages;) {
                int size = skip(line());
                got += size > 0 ? 1 : 0;
                bytes += size;
                long due = begin + (long) (bytes * 1e9 / bytesPerSecond);
                if (due - System.nanoTime() > 2_000_000) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            return this;
        }

        CompletableFuture<Client> receiving(int messages, long bytesPerSecond) {
            return aside(() -> receive(messages, bytesPerSecond));
        }

        CompletableFuture<Client> flooding(String subject, int messages, int size) {
            byte[] one = ("PUB " + subject + " " + size + "\r\n" + "x".repeat(size) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
            int together = Math.max(1, (64 << 10) / one.length);
            byte[] many = new byte[one.length * together];
            for (int i = 0; i < together; i++) {
                System.arraycopy(one, 0, many, i * one.length, one.length);
            }
            return aside(() -> {
                for (int sent = 0; sent < messages; sent += together) {
                    socket.getOutputStream().write(many, 0, Math.min(together, messages - sent) * one.length);
                }
                flush();
                return this;
            });
        }
    }

    interface Step {
        Client run() throws IOException;
    }

    static CompletableFuture<Client> aside(Step step) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return step.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, ASIDE);
    }

    static void done(CompletableFuture<Client> work) throws Exception {
        work.get(60, TimeUnit.SECONDS);
    }
}

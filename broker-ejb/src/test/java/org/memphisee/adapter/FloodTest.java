package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.BufferedInputStream;
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
import org.junit.jupiter.api.Test;

import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.log.StoreException;
import org.memphisee.net.ClientListener;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.store.memory.MemoryLogStore;

/** Publishers faster than subscribers, over real sockets: who reads is kept, who does not is cut, nobody else waits long. */
class FloodTest {

    private static final int MIB = 1 << 20;
    private static final long PATIENCE = 1_000;
    private static final NetSettings SETTINGS = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0)
        .withBudgets(1_000, 16 * MIB, 10_000).withPatience(PATIENCE);
    private static final ThreadFactory THREADS = task -> {
        Thread thread = new Thread(task, "flood-test");
        thread.setDaemon(true);
        return thread;
    };
    private static final Executor ASIDE = task -> THREADS.newThread(task).start();

    private final NetCounters counters = new NetCounters();
    private final List<Client> clients = new ArrayList<>();
    private Broker broker;
    private ClientListener listener;

    @BeforeEach
    void serve() throws Exception {
        BrokerOptions options = new BrokerOptions("memphis-0", MIB, 2, 64 << 20, 32 << 20, 100_000_000, 10_000_000,
            0, 0, false, ControlSettings.of("secret", ControlSettings.AuthMode.USER_PASSWORD, "", "memphis-0")
                .withPasswordIterations(1_000));
        broker = Broker.open(options, new MemoryLogStore(MemoryLogStore.Disk.KEEPS), THREADS, new Loud());
        listen(SETTINGS);
    }

    private void listen(NetSettings settings) throws Exception {
        if (listener != null) {
            listener.close();
        }
        listener = ClientListener.open(broker.port(), settings, counters, THREADS);
    }

    @AfterEach
    void end() throws IOException {
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
    private final class Client {
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

    private interface Step {
        Client run() throws IOException;
    }

    private static CompletableFuture<Client> aside(Step step) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return step.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, ASIDE);
    }

    private static void done(CompletableFuture<Client> work) throws Exception {
        work.get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldKeepASubscriberThatReadsSlowerThanAPublisherFloods() throws Exception {
        Client slow = new Client().subscribed("flood");
        CompletableFuture<Client> read = slow.receiving(96 << 10, 40 * MIB);
        done(new Client().flooding("flood", 96 << 10, 1024));
        done(read);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldKeepASubscriberThatReadsSlowlyInSteps() throws Exception {
        Client slow = new Client(64 << 10, "").subscribed("flood");
        CompletableFuture<Client> flood = new Client().flooding("flood", 40, MIB);
        for (int i = 0; i < 40; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PATIENCE / 8));
            slow.receive(1, Long.MAX_VALUE);
        }
        done(flood);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldCutOnlyTheOneOfTenThatReadsNothing() throws Exception {
        Client dead = new Client(4096, "").subscribed("flood");
        List<CompletableFuture<Client>> reads = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            reads.add(new Client().subscribed("flood").receiving(40 << 10, Long.MAX_VALUE));
        }
        long begin = System.nanoTime();
        done(new Client().flooding("flood", 40 << 10, 1024));
        for (CompletableFuture<Client> read : reads) {
            done(read);
        }
        assertEquals(1, counters.slowConsumers());
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 20_000, millis + " ms");
        assertTrue(cut(dead));
    }

    private static boolean cut(Client client) {
        try {
            while (client.in.read() >= 0) {
                // what was on its way
            }
            return true;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    @Test
    void shouldHoldBackNobodyWhoSendsElsewhereOnTheSameLoop() throws Exception {
        listen(SETTINGS.withLoops(1, true));
        new Client(4096, "").subscribed("flood");
        Client other = new Client().subscribed("other");
        CompletableFuture<Client> flood = new Client().flooding("flood", 40 << 10, 1024);
        long longest = 0;
        while (!flood.isDone()) {
            long begin = System.nanoTime();
            other.send("PUB other 2\r\nhi\r\n");
            other.receive(1, Long.MAX_VALUE);
            longest = Math.max(longest, System.nanoTime() - begin);
        }
        done(flood);
        assertEquals(1, counters.slowConsumers());
        assertTrue(longest < TimeUnit.MILLISECONDS.toNanos(PATIENCE / 2), longest + " ns");
    }

    @Test
    void shouldNotDeadlockAClientThatReadsNothingOfWhatItSendsItself() throws Exception {
        Client self = new Client(4096, "").subscribed("flood");
        byte[] message = ("PUB flood 1024\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        CompletableFuture<Boolean> cut = CompletableFuture.supplyAsync(() -> {
            try {
                while (true) {
                    self.socket.getOutputStream().write(message);
                }
            } catch (IOException e) {
                return true;
            }
        }, ASIDE);
        assertTrue(cut.get(20, TimeUnit.SECONDS));
        assertEquals(1, counters.slowConsumers());
    }

    @Test
    void shouldKeepAClientThatReadsItsOwnFloodSlowly() throws Exception {
        Client self = new Client().subscribed("flood");
        CompletableFuture<Client> read = self.receiving(48 << 10, 40 * MIB);
        byte[] message = ("PUB flood 1024\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 48 << 10; i++) {
            self.socket.getOutputStream().write(message);
        }
        done(read);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldKeepASubscriberWhoManyPublishersFloodWithLargeMessages() throws Exception {
        Client slow = new Client().subscribed("flood");
        CompletableFuture<Client> read = slow.receiving(32 * 6, 60 * MIB);
        List<CompletableFuture<Client>> floods = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            floods.add(new Client().flooding("flood", 6, MIB));
        }
        for (CompletableFuture<Client> flood : floods) {
            done(flood);
        }
        done(read);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldDeliverAllThatWasSentByAPublisherThatLeaves() throws Exception {
        Client slow = new Client().subscribed("flood");
        CompletableFuture<Client> read = slow.receiving(24 << 10, 20 * MIB);
        Client publisher = new Client();
        byte[] message = ("PUB flood 1024\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 24 << 10; i++) {
            publisher.socket.getOutputStream().write(message);
        }
        publisher.socket.close();
        done(read);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldPassByAQueueMemberThatReadsNothing() throws Exception {
        Client dead = new Client(4096, "");
        dead.send("SUB flood q 1\r\n");
        dead.flush();
        Client live = new Client();
        live.send("SUB flood q 1\r\n");
        live.flush();
        aside(() -> live.receive(Integer.MAX_VALUE, Long.MAX_VALUE));
        long begin = System.nanoTime();
        done(new Client().flooding("flood", 64 << 10, 1024));
        assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20));
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldHoldBackOneWhoAnswersAFloodOfRequests() throws Exception {
        Client requester = new Client().subscribed("inbox.*");
        Client responder = new Client().subscribed("service");
        int requests = 48 << 10;
        CompletableFuture<Client> answers = requester.receiving(requests, 30 * MIB);
        CompletableFuture<Client> service = aside(() -> {
            byte[] payload = ("1024\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < requests; i++) {
                String[] words = responder.line().split(" ");
                responder.in.readNBytes(Integer.parseInt(words[words.length - 1]) + 2);
                responder.send("PUB " + words[3] + " ");
                responder.socket.getOutputStream().write(payload);
            }
            return responder;
        });
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            text.append("PUB service inbox.").append(i).append(" 2\r\nhi\r\n");
            if (text.length() > 16_000 || i == requests - 1) {
                requester.send(text.toString());
                text.setLength(0);
            }
        }
        done(service);
        done(answers);
        assertEquals(0, counters.slowConsumers());
    }

    @Test
    void shouldServeAStreamToAClientWhoseBudgetIsSmall() throws Exception {
        listen(SETTINGS.withBudgets(100, 2 * MIB, 10_000));
        Client client = new Client(64 << 10, "").subscribed("inbox");
        client.request("$JS.API.STREAM.CREATE.S", "{'name':'S','subjects':['s.>'],'storage':'memory'}");
        done(new Client().flooding("s.a", 8 << 10, 1024));
        client.request("$JS.API.CONSUMER.CREATE.S.c", "{'stream_name':'S','config':{'ack_policy':'none','name':'c'}}");
        client.publish("$JS.API.CONSUMER.MSG.NEXT.S.c", "{'batch':8192,'expires':20000000000}");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300)); // enough to overrun whom nobody spares
        client.receive(8 << 10, 20 * MIB);
        assertEquals(0, counters.slowConsumers());
    }
}

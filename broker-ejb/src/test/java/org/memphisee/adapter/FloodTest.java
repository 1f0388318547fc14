package org.memphisee.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import org.memphisee.port.SessionInfo;

/** Publishers faster than subscribers, over real sockets: who reads is kept, who does not is cut, nobody else waits long. */
class FloodTest extends SocketFixture {

    @Test
    void shouldKeepASubscriberThatReadsSlowerThanAPublisherFloods() throws Exception {
        Client slow = new Client().subscribed("flood");
        CompletableFuture<Client> read = slow.receiving(96 << 10, 40 * MIB);
        done(new Client().flooding("flood", 96 << 10, 1024));
        done(read);
        assertEquals(0, counters.slowConsumers());
        assertTrue(counters.traffic(SessionInfo.Transport.TCP).heldBack() > 0);
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

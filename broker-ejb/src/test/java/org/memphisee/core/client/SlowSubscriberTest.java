package org.memphisee.core.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.memphisee.core.client.LocalBroker.get;
import static org.memphisee.core.client.LocalBroker.message;
import static org.memphisee.core.client.LocalBroker.to;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.QuietSink;
import org.memphisee.core.log.StoreException;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;

/** Doors without a socket wait for a subscriber that should read first, as a publisher with one does (ADR 0051). */
class SlowSubscriberTest {

    private LocalBroker broker;
    private final Sink sink = new Sink();
    private SessionPort session;

    @BeforeEach
    void subscribe() throws StoreException {
        broker = new LocalBroker();
        get(connection().publish(to("s"), message("first")));
        CompletableFuture<Object> accepted = new CompletableFuture<>();
        session = broker.broker.port().open(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), sink);
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", "secret-1", "", "slow", "java", "1",
            false), accepted::complete);
        get(accepted);
        session.subscribe(bytes("s$1.>"), new byte[0], bytes("1"));
        session.readComplete();
        sink.congest();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private LocalConnection connection() {
        return broker.connection("root");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldWaitUntilTheSubscriberHasRead() {
        CompletableFuture<Stored> one = connection().publish(to("s"), message("second"));
        CompletableFuture<List<CompletableFuture<Stored>>> all = connection().publishAll(to("s"), List.of(message("third")));
        get(connection().publish(to("other"), message("of another station"))); // what comes later is through
        assertFalse(one.isDone() || all.isDone());
        assertEquals(0, sink.frames.get());
        sink.relieve();
        assertEquals(2, get(one).sequence());
        assertEquals(3, get(get(all).get(0)).sequence());
    }

    @Test
    void shouldKeepNoMoreThanItsBudgetMeanwhile() {
        List<CompletableFuture<Stored>> waiting = new ArrayList<>();
        LocalRefusal refused = assertThrows(LocalRefusal.class, () -> {
            LocalMessage large = message("x".repeat(LocalBroker.MAX_PAYLOAD - 10));
            for (int i = 0; i < 20_000; i++) {
                CompletableFuture<Stored> next = connection().publish(to("s"), large);
                if (next.isDone()) {
                    get(next);
                }
                waiting.add(next);
            }
        });
        assertEquals(LocalRefusal.Kind.BUSY, refused.kind());
        sink.relieve();
        waiting.forEach(LocalBroker::get);
    }

    /** A client that reads when it is told to. */
    private static final class Sink extends QuietSink {
        private final AtomicInteger frames = new AtomicInteger();
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean congested;

        synchronized void congest() {
            congested = true;
        }

        void relieve() {
            List<Runnable> all;
            synchronized (this) {
                congested = false;
                all = List.copyOf(waiting);
            }
            all.forEach(Runnable::run);
        }

        @Override
        public synchronized boolean congested() {
            return congested;
        }

        @Override
        public void whenRelieved(Runnable action) {
            synchronized (this) {
                if (congested) {
                    waiting.add(action);
                    return;
                }
            }
            action.run();
        }

        @Override
        public OutboundBatch newBatch() {
            return new OutboundBatch() {
                @Override
                public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                                    int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                                    int payloadLength) {
                    frames.incrementAndGet();
                }

                @Override
                public int size() {
                    return 0;
                }

                @Override
                public void send() { }
            };
        }
    }
}

package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.port.HttpCall;

/** The HTTP port on real sockets: what it makes of requests, and when it lets a client go. */
@Timeout(60)
class HttpPortTest {

    private static final HttpSettings PATIENT = HttpSettings.on(0);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final RecordingService service = new RecordingService();
    private ClientListener listener;

    @BeforeEach
    void listen() throws ListenException {
        listener = ClientListener.open(new FanOutBroker(false), NetSettings.DEFAULTS.withAddress("127.0.0.1", 0),
                new NetCounters(), task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                });
    }

    private RawHttp client() throws IOException {
        return client(PATIENT);
    }

    private RawHttp client(HttpSettings settings) throws IOException {
        if (listener.httpPort().isEmpty()) {
            try {
                listener.openHttp(service, settings);
            } catch (ListenException e) {
                throw new IOException(e);
            }
        }
        return new RawHttp(listener.httpPort().orElseThrow());
    }

    @AfterEach
    void leavesNothingBehind() {
        listener.close();
        Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
    }

    // ---- requests

    @Test
    void shouldAnswerManyRequestsOfOneConnectionInTheirOrder() throws IOException {
        try (RawHttp client = client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                String body = "body " + i;
                all.append("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ").append(body.length()).append("\r\n\r\n")
                        .append(body);
            }
            client.send(all.toString());
            for (int i = 0; i < 100; i++) {
                RawHttp.Answer answer = client.answer();
                assertEquals(200, answer.status());
                assertEquals("body " + i, answer.body());
                assertFalse(answer.closes());
            }
        }
    }

    @Test
    void shouldBeginNoRequestBeforeTheOneBeforeIsAnswered() throws Exception {
        try (RawHttp client = client()) {
            client.get("/hold").get("/second");
            HttpCall first = service.held.take();
            assertTrue(client.silentFor(100));
            assertEquals(1, service.served.get());
            service.answer(first, 200, "now");
            assertEquals("now", client.answer().body());
            assertEquals("GET /second", client.answer().body());
        }
    }

    @Test
    void shouldReadNoMoreThanItCanUseFromAClientThatSendsAhead() throws Exception {
        try (RawHttp client = client()) {
            client.get("/hold");
            HttpCall first = service.held.take();
            String ahead = "GET /x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(8_000) + "\r\n\r\n";
            int sent = 20_000;
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < sent; i++) {
                        client.send(ahead);
                    }
                } catch (IOException closedByTheTest) {
                    service.events.add("closed");
                }
            });
            writer.start();
            writer.join(1_500);
            assertTrue(writer.isAlive(), "160 MB were read though nobody could want them yet");
            service.answer(first, 200, "");
            assertEquals(200, client.answer().status());
            assertEquals("GET /x", client.answer().body());
            client.close();
            writer.join();
        }
    }

    @Test
    void shouldPutChunkedBodiesTogether() throws IOException {
        try (RawHttp client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                    .send("2;ext=1\r\nde\r\n").send("0\r\nTrailer: x\r\n\r\n");
            assertEquals("abcde", client.answer().body());
            client.get("/next");
            assertEquals("GET /next", client.answer().body());
        }
    }

    @Test
    void shouldTakeALargeBodyInPieces() throws IOException {
        try (RawHttp client = client()) {
            String large = "0123456789abcdef".repeat(1 << 16);
            client.post("/echo", large);
            assertEquals(large, client.answer().body());
        }
    }

    @Test
    void shouldHoldTheBodyUntilItIsWanted() throws Exception {
        try (RawHttp client = client()) {
            client.post("/hold", "z".repeat(300_000));
            HttpCall call = service.held.take();
            call.loop().execute(() -> call.read(service.new Echo(call)));
            assertEquals(300_000, client.answer().body().length());
        }
    }

    @Test
    void shouldAskForABodyThatWaitsToBeAskedFor() throws IOException {
        try (RawHttp client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals(100, client.answer().status());
            client.send("ok");
            assertEquals("ok", client.answer().body());
            client.send("POST /plain HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertTrue(client.answer().closes(), "nobody knows whether the body will come");
            assertTrue(client.ends());
        }
    }

    @Test
    void shouldGiveHeadersAsTheyCame() throws IOException {
        try (RawHttp client = client()) {
            client.send("GET /header HTTP/1.1\r\nHost: x\r\nX: gr\u00fc\u00dfe\r\nx: two\r\n\r\n");
            String bytesAsCharacters = new String("gr\u00fc\u00dfe".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
            assertEquals("[Host, X, x] " + bytesAsCharacters, client.answer().body());
        }
    }

    // ---- answers

    @Test
    void shouldAnswerHeadWithLengthAndWithoutBody() throws IOException {
        try (RawHttp client = client()) {
            client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
            RawHttp.Answer answer = client.answer(true);
            assertEquals("9", answer.header("Content-Length"));
            client.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(Integer.toString(RecordingService.LARGE.length), client.answer(true).header("Content-Length"));
            client.get("/after");
            assertEquals("GET /after", client.answer().body());
        }
    }

    @Test
    void shouldSayNoLengthWhereThereIsNoContent() throws IOException {
        try (RawHttp client = client()) {
            client.send("OPTIONS /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
            RawHttp.Answer answer = client.answer();
            assertEquals(204, answer.status());
            assertEquals("", answer.header("Content-Length"));
            assertEquals("Origin", answer.header("Vary"));
            assertTrue(answer.header("Date").endsWith(" GMT"), answer.header("Date"));
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1,keep-alive,false", "HTTP/1.1,close,true", "HTTP/1.0,,true", "HTTP/1.0,keep-alive,false"})
    void shouldKeepTheConnectionAsAskedFor(String version, String connection, boolean closes) throws IOException {
        try (RawHttp client = client()) {
            client.send("GET /x " + version + "\r\nHost: x\r\n" + (connection == null ? "" : "Connection: " + connection
                    + "\r\n") + "\r\n");
            RawHttp.Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertEquals(closes, answer.closes());
            if (closes) {
                assertTrue(client.ends());
            } else {
                client.get("/y");
                assertEquals("GET /y", client.answer().body());
            }
        }
    }

    @Test
    void shouldWriteALargeAnswerAsTheClientTakesIt() throws IOException {
        try (RawHttp client = client()) {
            client.get("/large").get("/after");
            assertEquals(RecordingService.LARGE.length, client.answer().body().length());
            assertEquals("GET /after", client.answer().body());
            assertEquals(2, service.written.get());
        }
    }

    @Test
    void shouldNotWaitForeverForAClientThatTakesNothing() throws IOException {
        try (RawHttp client = client(PATIENT.withTimes(60_000, 1_000))) {
            client.socket().setReceiveBufferSize(4096);
            client.get("/large");
            Await.until("it is given up", () -> service.written.get() == 1);
        }
    }

    @Test
    void shouldAnswerOnceOnly() throws Exception {
        try (RawHttp client = client()) {
            client.get("/hold");
            HttpCall call = service.held.take();
            service.answer(call, 200, "first");
            service.answer(call, 200, "second");
            assertEquals("first", client.answer().body());
            client.get("/x");
            assertEquals("GET /x", client.answer().body());
            Await.until("both were told", () -> service.written.get() == 3);
        }
    }

    // ---- what is wrong with requests

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "400; nonsense\\r\\n\\r\\n",
        "400; GET /x HTTP/1.1\\r\\n\\r\\n",
        "400; GET /x HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1\\r\\n\\r\\n",
        "400; GET /x HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1e3\\r\\n\\r\\n",
        "400; POST /x HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab",
        "400; POST /x HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: nonsense\\r\\n\\r\\n",
        "400; GET /x HTTP/1.1\\r\\nHost: x\\r\\nBad Name: x\\r\\n\\r\\n",
        "417; GET /x HTTP/1.1\\r\\nHost: x\\r\\nExpect: wonders\\r\\n\\r\\n",
        "505; GET /x HTTP/9.9\\r\\nHost: x\\r\\n\\r\\n"})
    void shouldRefuseWhatIsNoHttpAndClose(int status, String request) throws IOException {
        try (RawHttp client = client()) {
            client.send(request.replace("\\r\\n", "\r\n"));
            RawHttp.Answer answer = client.answer();
            assertEquals(status, answer.status(), answer.body());
            assertTrue(answer.closes());
            assertTrue(client.ends());
            assertEquals(0, service.served.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", "GET /x HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n"})
    void shouldRefuseEndlessLinesAndHeaders(String pattern) throws IOException {
        try (RawHttp client = client()) {
            client.send(pattern.formatted("y".repeat(100_000)));
            assertEquals(431, client.answer().status());
        }
    }

    @Test
    void shouldRefuseABodyThatIsNotWhatItsHeadersSay() throws IOException {
        try (RawHttp client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
            RawHttp.Answer answer = client.answer();
            assertEquals(408, answer.status());
            assertTrue(answer.closes());
        }
    }

    @Test
    void shouldAnswerAFailureOfTheServiceWithoutItsText() throws IOException {
        try (RawHttp client = client()) {
            client.get("/fail");
            RawHttp.Answer answer = client.answer();
            assertEquals(500, answer.status());
            assertFalse(answer.body().contains("purpose"));
        }
    }

    // ---- bodies that nobody wants

    @Test
    void shouldThrowAwayASmallBodyAndKeepTheConnection() throws IOException {
        try (RawHttp client = client()) {
            client.post("/unread", "x".repeat(20_000)).get("/next");
            assertFalse(client.answer().closes());
            assertEquals("GET /next", client.answer().body());
        }
    }

    @Test
    void shouldLetAClientReadItsAnswerThoughItStillSends() throws IOException {
        try (RawHttp client = client()) {
            client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 400000000\r\n\r\n");
            byte[] piece = new byte[64 << 10];
            for (int i = 0; i < 20; i++) {
                client.send(piece);
            }
            RawHttp.Answer answer = client.answer();
            assertEquals("POST /unread", answer.body());
            assertTrue(answer.closes());
            assertTrue(client.ends());
        }
    }

    // ---- time

    @Test
    void shouldTellThatTheClientLeft() throws Exception {
        try (RawHttp client = client()) {
            client.get("/hold");
            service.held.take();
        }
        assertEquals("gone", service.events.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldTellThatTheClientLeftInMidBody() throws Exception {
        try (RawHttp client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            Await.until("it arrives", () -> service.served.get() == 1);
        }
        assertEquals("the client left", service.events.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldGiveUpABodyThatDoesNotComeOn() throws Exception {
        try (RawHttp client = client(PATIENT.withTimes(60_000, 1_000))) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            RawHttp.Answer answer = client.answer();
            assertEquals(408, answer.status());
            assertTrue(answer.closes());
        }
    }

    @Test
    void shouldGiveUpABodyThatDripsByteByByte() throws Exception {
        try (RawHttp client = client(PATIENT.withTimes(60_000, 1_000))) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
            Thread dripping = new Thread(() -> {
                try {
                    while (service.events.isEmpty()) {
                        client.send("x");
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            });
            dripping.start();
            assertEquals(408, client.answer().status());
            dripping.join();
        }
    }

    @Test
    void shouldTellWhenTheAnswerIsLate() throws Exception {
        service.patienceMillis = 500;
        try (RawHttp client = client()) {
            client.get("/hold");
            assertEquals("too late", client.answer().body());
            assertEquals("over", service.events.poll());
            client.get("/x");
            assertEquals("GET /x", client.answer().body());
        }
    }

    @Test
    void shouldCloseAConnectionWithoutRequests() throws IOException {
        try (RawHttp client = client(PATIENT.withTimes(1_000, 60_000))) {
            client.get("/x");
            assertEquals(200, client.answer().status());
            assertTrue(client.ends());
        }
    }

    // ---- many clients, and the end

    @Test
    void shouldTellAClientTooMany() throws IOException {
        HttpSettings few = PATIENT.withMaxConnections(2);
        try (RawHttp one = client(few); RawHttp two = client(few)) {
            one.get("/x");
            two.get("/x");
            assertEquals(200, one.answer().status());
            assertEquals(200, two.answer().status());
            try (RawHttp three = client(few)) {
                three.get("/x");
                assertEquals(503, three.answer().status());
                assertTrue(three.ends());
            }
        }
    }

    @Test
    void shouldAnswerWhatIsAtHandBeforeItCloses() throws Exception {
        try (RawHttp idle = client(); RawHttp busy = client()) {
            busy.get("/hold");
            HttpCall call = service.held.take();
            int port = listener.httpPort().orElseThrow();
            Thread closing = new Thread(listener::closeHttp);
            closing.start();
            assertTrue(idle.ends());
            assertThrows(ConnectException.class, () -> new RawHttp(port).close());
            service.answer(call, 200, "still");
            RawHttp.Answer answer = busy.answer();
            assertEquals("still", answer.body());
            assertTrue(answer.closes());
            assertTrue(busy.ends());
            closing.join();
            assertTrue(listener.httpPort().isEmpty());
        }
    }

    @Test
    void shouldOpenAgainAfterItWasClosed() throws Exception {
        try (RawHttp client = client()) {
            client.get("/x");
            assertEquals(200, client.answer().status());
        }
        listener.closeHttp();
        try (RawHttp client = client()) {
            client.get("/x");
            assertEquals(200, client.answer().status());
        }
    }

    @Test
    void shouldKeepTheOtherPortsWhenItsOwnIsInUse() throws Exception {
        HttpSettings taken = HttpSettings.on(listener.port());
        assertThrows(ListenException.class, () -> listener.openHttp(service, taken));
        try (RawHttp client = client()) {
            client.get("/x");
            assertEquals(200, client.answer().status());
        }
        assertThrows(IllegalStateException.class, () -> listener.openHttp(service, PATIENT));
    }
}

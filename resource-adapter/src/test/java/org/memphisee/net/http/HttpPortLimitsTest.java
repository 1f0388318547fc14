package org.memphisee.net.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.net.listen.ListenException;
import org.memphisee.port.HttpCall;
import org.memphisee.support.Await;

/** What the HTTP port refuses, and when it lets a client go. */
@Timeout(60)
class HttpPortLimitsTest extends HttpPortFixture {

    /** Ten bytes a second: how slow this client is, nothing is waited for. */
    private static final long DRIP_MILLIS = 100;

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
                        Thread.sleep(DRIP_MILLIS);
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

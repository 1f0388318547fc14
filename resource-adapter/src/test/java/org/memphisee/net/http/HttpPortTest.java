package org.memphisee.net.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memphisee.port.HttpCall;
import org.memphisee.support.Await;

/** What the HTTP port makes of requests, and how it writes answers. */
@Timeout(60)
class HttpPortTest extends HttpPortFixture {

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
}

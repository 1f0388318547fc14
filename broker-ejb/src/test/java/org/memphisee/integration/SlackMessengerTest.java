package org.memphisee.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Outcome;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.support.FreePort;

/** Against servers of this process that behave well, badly, or not at all. */
class SlackMessengerTest {

    private static final String TOKEN = "xoxb-very-secret";

    private final SlackMessenger messenger = new SlackMessenger(Thread::new, true, Duration.ofSeconds(10));
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{\"ok\":true}";
    private volatile String retryAfter = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' '
                + exchange.getRequestHeaders().getFirst("Authorization") + ' '
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        messenger.close();
        server.stop(0);
    }

    private Target target() {
        return new Target("http://127.0.0.1:" + server.getAddress().getPort() + "/api/", TOKEN, "C1");
    }

    private static Answer get(CompletableFuture<Answer> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private Answer send() throws Exception {
        Answer got = get(messenger.send(target(), "t", "x", ""));
        assertFalse(got.toString().contains("very-secret"), got.toString());
        return got;
    }

    @Test
    void shouldSpeakAsSlackExpects() throws Exception {
        assertEquals(Answer.DONE, get(messenger.check(target())));
        assertEquals("POST /api/auth.test Bearer xoxb-very-secret {}", requests.get(0));
        assertEquals(Answer.DONE, get(messenger.send(target(), "Poison message", "é \"q\"\n<!channel> & co", "http://ui/stations/a")));
        assertEquals("POST /api/chat.postMessage Bearer xoxb-very-secret {\"channel\":\"C1\",\"attachments\":[{\"author_name\":"
            + "\"Memphis\",\"color\":\"#6557FF\",\"title\":\"Poison message\",\"text\":\"é \\\"q\\\"\\n&lt;!channel&gt; &amp; co\","
            + "\"fallback\":\"Poison message: é \\\"q\\\"\\n&lt;!channel&gt; &amp; co\",\"title_link\":\"http://ui/stations/a\"}]}",
            requests.get(1));
    }

    @ParameterizedTest
    @CsvSource({"invalid_auth,BAD_TOKEN", "token_revoked,BAD_TOKEN", "channel_not_found,BAD_CHANNEL", "is_archived,BAD_CHANNEL",
        "ratelimited,LIMITED", "fatal_error,FAILED"})
    void shouldTellWhatSlackSays(String error, Outcome outcome) throws Exception {
        answer = "{\"ok\":false,\"error\":\"" + error + "\"}";
        Answer got = send();
        assertEquals(outcome + " " + error, got.outcome() + " " + got.reason());
    }

    @ParameterizedTest
    @CsvSource({"401,BAD_TOKEN", "403,BAD_TOKEN", "404,FAILED", "500,FAILED", "503,FAILED", "302,FAILED", "204,FAILED"})
    void shouldTellWhatAStatusMeans(int code, Outcome outcome) throws Exception {
        status = code;
        answer = "";
        assertEquals(outcome, send().outcome());
        assertEquals(1, requests.size(), "no redirect is followed");
    }

    @ParameterizedTest
    @CsvSource({"7,7", "'',30", "x,30", "99999999999999999999,30", "-1,30"})
    void shouldWaitAsSlackAsksFor(String header, long seconds) throws Exception {
        status = 429;
        retryAfter = header;
        assertEquals(new Answer(Outcome.LIMITED, "too many messages", TimeUnit.SECONDS.toNanos(seconds)), send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "<html>", "{\"ok\":\"no\"}", "{\"ok\":false,\"error\":\"xoxb-very-secret <b>\"}"})
    void shouldTakeNothingAsDoneThatDoesNotSaySo(String body) throws Exception {
        answer = body;
        assertEquals(Outcome.FAILED, send().outcome());
    }

    @Test
    void shouldTakeOnlySoMuchOfAnAnswer() throws Exception {
        answer = "{\"ok\":true,\"x\":\"" + "y".repeat(20 << 20) + "\"}";
        assertEquals(Outcome.FAILED, send().outcome());
    }

    /** A server that takes connections and never answers, and one that answers a byte at a time. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndInTimeWhateverTheOtherSideDoes(boolean dripping) throws Exception {
        List<Socket> sockets = new CopyOnWriteArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
             SlackMessenger hasty = new SlackMessenger(Thread::new, true, Duration.ofMillis(300))) {
            Thread acceptor = new Thread(() -> serve(silent, sockets, dripping));
            acceptor.start();
            Target nobody = new Target("http://127.0.0.1:" + silent.getLocalPort(), TOKEN, "C1");
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(hasty.check(nobody));
            }
            for (CompletableFuture<Answer> call : calls) {
                assertEquals(Outcome.FAILED, get(call).outcome());
            }
            silent.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            acceptor.join();
        }
    }

    private static void serve(ServerSocket server, List<Socket> sockets, boolean dripping) {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                if (dripping) {
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }
        } catch (IOException e) {
            assertTrue(server.isClosed(), e.toString());
        }
    }

    @Test
    void shouldSayWhyNobodyWasReached() throws Exception {
        int free = FreePort.any();
        assertEquals(Answer.of(Outcome.FAILED, "nobody listens there"),
            get(messenger.check(new Target("http://127.0.0.1:" + free, TOKEN, "C1"))));
        try (SlackMessenger hasty = new SlackMessenger(Thread::new, true, Duration.ofSeconds(1))) { // the server there waits for more
            assertEquals(Outcome.FAILED, get(hasty.check(new Target("https://127.0.0.1:" + server.getAddress().getPort(), TOKEN,
                "C1"))).outcome(), "no TLS there");
        }
        assertEquals(Outcome.BAD_TOKEN, get(messenger.check(new Target(target().url(), "a\r\nb", "C1"))).outcome());
        messenger.close();
        assertEquals(Answer.of(Outcome.FAILED, "the broker stops"), get(messenger.check(target())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1", "https://localhost", "https://[::1]", "https://10.1.2.3", "https://192.168.0.1",
        "https://172.16.9.9", "https://169.254.169.254", "https://0.0.0.0", "https://100.64.0.1", "https://[fd00::1]",
        "https://[fe80::1]", "https://[::ffff:10.0.0.1]", "https://[64:ff9b::a00:1]", "https://[2002:a00:1::]",
        "https://198.18.0.1", "https://224.0.0.1", "https://255.255.255.255", "https://2130706433", "http://93.184.216.34"})
    void shouldNotSpeakToPrivateAddressesUnlessAllowed(String url) throws Exception {
        try (SlackMessenger careful = new SlackMessenger(Thread::new, false, Duration.ofSeconds(10))) {
            assertEquals(Outcome.FORBIDDEN, get(careful.check(new Target(url, TOKEN, "C1"))).outcome(), url);
        }
        assertEquals(List.of(), requests);
    }

    @Test
    void shouldTakePublicAddresses() throws Exception {
        for (String address : Arrays.asList("93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1")) {
            assertTrue(AddressPolicy.open(InetAddress.getByName(address)), address);
        }
    }
}

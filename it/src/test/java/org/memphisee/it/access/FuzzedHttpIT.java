package org.memphisee.it.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.RawConnection;

/**
 * Requests that no client would send, to every HTTP port, with a client on 6666 beside them that must not notice. No
 * answer is a 500 or shows our insides. {@code -Dmemphisee.seed=} repeats a run, {@code -Dit.fuzz.requests=} makes it
 * longer.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class FuzzedHttpIT {
    private static final int REQUESTS = Integer.getInteger("it.fuzz.requests", 400);
    private static final int CONNECT_MILLIS = 5_000;
    /** Longer silence of the server on a complete request is a failure; an incomplete one is given up earlier. */
    private static final int ANSWER_MILLIS = 30_000;
    private static final int GIVE_UP_MILLIS = 300;
    private static final long SLOWEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final List<String> PATHS = List.of("/", "/api/status", "/api/usermgmt/login", "/api/usermgmt/addUser",
            "/api/usermgmt/refreshToken", "/api/stations/createStation", "/api/stations/removeStation",
            "/api/stations/getStations", "/api/stations/getMessageDetails", "/api/monitoring/getStationOverviewData",
            "/api/v2/live", "/index.html", "/auth/authenticate", "/auth/refreshToken", "/stations/fuzz/produce/single",
            "/stations/fuzz/produce/batch", "/stations/fuzz/consume/batch", "/monitoring/status", "/varz", "/healthz",
            "/connz", "/jsz", "/subsz", "/routez", "/health", "/health/ready", "/metrics");
    private static final List<String> METHODS = List.of("GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS",
            "PATCH", "TRACE", "CONNECT", "get", "XYZZY");
    private static final List<String> BODIES = List.of("", "{", "}", "[]", "null", "true", "{}", "\"x\"", "{\"username\":1}",
            "{\"username\":{\"a\":[]}}", "{\"station_names\":\"x\"}", "{\"name\":[\"a\"]}", "[".repeat(3_000),
            "{\"a\":".repeat(2_000), "{\"name\":\"\u0000\"}", "{\"n\":1e999999999}", "{\"n\":" + "9".repeat(2_000) + "}",
            "{\"username\":\"\\ud800\"}", "a=b&c=%zz", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
            "x".repeat(70_000));
    private static final List<String> QUERIES = List.of("", "?", "?station_name=", "?station_name=%00", "?station_name=%zz",
            "?partition_number=99999999999999999999", "?partition_number=-2&station_name=fuzz&message_seq=-1",
            "?station_name=..%2f..%2f", "?a=" + "b".repeat(3_000), "?authorization=x", "?&&&===", "?subs=1&limit=-1&offset=-1",
            "?station_name='%3Bdrop%20table%20users", "?callback=%3Cscript%3E");
    private static final List<String> HEADERS = List.of("Authorization: Bearer x", "Authorization: ", "Authorization: Bearer",
            "Authorization: Bearer a.b.c", "Authorization: Bearer " + "A".repeat(7_000), "Cookie: memphis-jwt-refresh-token=x",
            "Cookie: =;;=\"\\", "Content-Type: application/json; charset=nonsense", "Content-Type: \u0001",
            "Content-Type: multipart/form-data", "Content-Encoding: gzip", "Content-Encoding: br, gzip, nonsense",
            "Origin: null", "Origin: http://[", "X-Forwarded-Proto: https", "X-Forwarded-For: a, b, c", "Range: bytes=9-1",
            "If-Modified-Since: yesterday", "Accept: \u00e4", "Expect: 100-continue", "Upgrade: websocket",
            "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 99",
            "Transfer-Encoding: chunked", "Transfer-Encoding: nonsense", "Content-Length: -1", "Content-Length: 1e3",
            "Host: ", "Host: evil.example", "X: " + "y".repeat(20_000), "msg-id: \u0000", "$memphis_x: y");
    private static final List<String> INSIDES = List.of("\tat ", "java.lang.", "org.memphisee", "com.ibm.ws", "NullPointer",
            "stacktrace", "Stack Trace");

    private static BrokerProcess broker;

    @BeforeAll
    static void start() {
        Brokers.assumeMemphis(Brokers.shared());
        broker = (BrokerProcess) Brokers.shared();
    }

    @Test
    void shouldSurviveStrangeRequestsOnEveryPortWhileAClientGoesOn() throws Exception {
        long seed = Long.getLong("memphisee.seed", System.nanoTime());
        Random random = new Random(seed);
        String token = Management.root(broker).token();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong slowest = new AtomicLong();
        AtomicLong rounds = new AtomicLong();
        List<Throwable> failures = new ArrayList<>();
        Thread client = new Thread(() -> wellBehaved(stop, slowest, rounds), "well-behaved");
        client.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        client.start();
        int answered = 0;
        try {
            for (int i = 0; i < REQUESTS; i++) {
                int[] ports = {broker.ports().dashboard(), broker.ports().gateway(), broker.ports().monitor(),
                    broker.ports().metrics()};
                byte[] request = request(random, token);
                String answer = exchange(ports[random.nextInt(ports.length)], request, random);
                answered += answer.isEmpty() ? 0 : 1;
                String what = "seed " + seed + ", request " + i + ": " + shown(request) + " got " + shown(
                        answer.getBytes(StandardCharsets.ISO_8859_1));
                assertFalse(answer.startsWith("HTTP/1.1 500") || answer.startsWith("HTTP/1.0 500"), what);
                INSIDES.forEach(inside -> assertFalse(answer.contains(inside), what));
            }
        } finally {
            stop.set(true);
            client.join();
        }
        assertEquals(List.of(), failures);
        assertTrue(answered > REQUESTS / 2, answered + " of " + REQUESTS + " were answered");
        assertTrue(rounds.get() > 10, () -> "rounds of the client beside: " + rounds);
        assertTrue(slowest.get() < SLOWEST_NANOS, () -> "slowest round " + slowest.get() / 1_000_000 + " ms");
        assertEquals(200, Management.root(broker).get("stations/getStations").code());
    }

    /** Publishes into a stream and reads what it published, one after the other. */
    private static void wellBehaved(AtomicBoolean stop, AtomicLong slowest, AtomicLong rounds) {
        try (RawConnection connection = RawConnection.login(broker)) {
            connection.request("$JS.API.STREAM.CREATE.FUZZED", "{\"name\":\"FUZZED\",\"subjects\":[\"fuzzed.x\"]}");
            while (!stop.get()) {
                long begin = System.nanoTime();
                String payload = "round " + rounds.incrementAndGet();
                String ack = connection.request("fuzzed.x", payload);
                String sequence = ack.replaceAll(".*\"seq\":(\\d+).*", "$1");
                String stored = connection.request("$JS.API.STREAM.MSG.GET.FUZZED", "{\"seq\":" + sequence + "}");
                String data = java.util.Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8));
                if (!stored.contains(data)) {
                    throw new AssertionError("round " + rounds + ": " + ack + " then " + stored);
                }
                slowest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            }
            connection.request("$JS.API.STREAM.DELETE.FUZZED", "");
        } catch (IOException e) {
            throw new AssertionError("the client beside was disturbed", e);
        }
    }

    private static byte[] request(Random random, String token) {
        StringBuilder r = new StringBuilder();
        String path = mutated(random, pick(random, PATHS));
        r.append(pick(random, METHODS)).append(' ').append(path).append(pick(random, QUERIES))
                .append(random.nextInt(30) == 0 ? " HTTP/9.9" : " HTTP/1.1").append("\r\nHost: localhost\r\n");
        if (random.nextInt(3) == 0) {
            r.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (int n = random.nextInt(4); n > 0; n--) {
            r.append(pick(random, HEADERS)).append("\r\n");
        }
        String body = pick(random, BODIES);
        if (random.nextInt(10) > 0) {
            r.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
        }
        r.append("Connection: close\r\n\r\n").append(body);
        byte[] bytes = r.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(8) == 0) { // noise on the line
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private static String mutated(Random random, String path) {
        return switch (random.nextInt(12)) {
            case 0 -> path + "/";
            case 1 -> path + "/..;/" + path;
            case 2 -> "//" + path;
            case 3 -> path.toUpperCase(java.util.Locale.ROOT);
            case 4 -> path + "%00";
            case 5 -> "/../.." + path;
            case 6 -> path + "/" + "a".repeat(random.nextInt(5_000));
            case 7 -> path.replace("/", "%2f");
            case 8 -> "http://other.example" + path;
            case 9 -> path + ";jsessionid=x";
            default -> path;
        };
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Sends the request and reads the answer as far as it comes; empty when there is none. */
    private static String exchange(int port, byte[] request, Random random) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(broker.host(), port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            int cut = random.nextInt(15) == 0 ? random.nextInt(request.length) : request.length;
            socket.getOutputStream().write(request, 0, cut);
            socket.getOutputStream().flush();
            boolean complete = cut == request.length;
            socket.setSoTimeout(complete ? 2_000 : GIVE_UP_MILLIS);
            byte[] buffer = new byte[8_192];
            for (int n = socket.getInputStream().read(buffer); n >= 0; n = socket.getInputStream().read(buffer)) {
                answer.write(buffer, 0, n);
            }
        } catch (SocketTimeoutException e) {
            return answer.toString(StandardCharsets.ISO_8859_1); // waits for the rest of a request that never comes
        } catch (java.net.SocketException e) {
            return answer.toString(StandardCharsets.ISO_8859_1); // closed in the middle of a request that was refused
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.substring(0, Math.min(1_500, text.length()));
    }
}

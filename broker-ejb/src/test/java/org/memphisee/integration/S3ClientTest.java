package org.memphisee.integration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.memphisee.core.tiering.ObjectStore.Answer;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.ObjectStore.Content;
import org.memphisee.core.tiering.ObjectStore.Outcome;

/** What is sent, and what is made of answers. That a real server takes it is what {@code TieredStorageIT} shows. */
class S3ClientTest {

    private record Reply(int status, String body) { }

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Reply> replies = new ArrayDeque<>();
    private HttpServer server;
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] content = exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI().toASCIIString() + ' '
                + new String(content, StandardCharsets.UTF_8));
            Reply reply = replies.isEmpty() ? new Reply(200, "") : replies.poll();
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new S3Client(Thread::new, true, Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private Bucket bucket() {
        return new Bucket("http://127.0.0.1:" + server.getAddress().getPort() + "/base/", "eu-central-1", "bucket", true, "AK",
            "SECRET");
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    /** Examples of "Signature Calculations for the Authorization Header" in the API reference of Amazon S3. */
    @ParameterizedTest
    @CsvSource({
        "lifecycle,'',fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "prefix,J,34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"})
    void shouldSignAsAmazonsExamplesAreSigned(String name, String value, String signature) {
        Bucket bucket = new Bucket("", "us-east-1", "examplebucket", false, "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        Map<String, String> query = value.isEmpty() ? Map.of(name, value) : Map.of(name, value, "max-keys", "2");
        Map<String, String> headers = SignatureV4.headers(bucket, "GET",
            URI.create("https://examplebucket.s3.amazonaws.com/?" + SignatureV4.query(query)), query, new byte[0],
            Instant.parse("2013-05-24T00:00:00Z"));
        assertEquals("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            + "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + signature, headers.get("Authorization"));
    }

    @Test
    void shouldAskForObjectsByEscapedNames() throws Exception {
        assertEquals(Answer.DONE, get(client.put(bucket(), "memphis/global/a#b$1/1(2).json",
            "content".getBytes(StandardCharsets.UTF_8))));
        replies.add(new Reply(204, ""));
        assertEquals(Answer.DONE, get(client.delete(bucket(), "memphis")));
        replies.add(new Reply(404, "<Error><Code>NoSuchKey</Code></Error>"));
        assertEquals(Answer.DONE, get(client.delete(bucket(), "memphis")));
        replies.add(new Reply(200, "<ListBucketResult><Contents><Key>a&amp;b</Key></Contents><Contents><Key>c</Key></Contents>"
            + "</ListBucketResult>"));
        assertEquals(List.of("a&b", "c"), get(client.list(bucket(), "p/", "p/1", 7)).keys());
        assertEquals(List.of("PUT /base/bucket/memphis/global/a%23b%241/1%282%29.json content", "DELETE /base/bucket/memphis ",
            "DELETE /base/bucket/memphis ", "GET /base/bucket/?list-type=2&max-keys=7&prefix=p%2F&start-after=p%2F1 "), asked);
    }

    @Test
    void shouldReadNoMoreThanTheLimit() throws Exception {
        replies.add(new Reply(200, "12345"));
        assertArrayEquals("12345".getBytes(StandardCharsets.UTF_8), get(client.get(bucket(), "k", 5)).content());
        replies.add(new Reply(200, "123456"));
        Content tooLarge = get(client.get(bucket(), "k", 5));
        assertEquals(new Answer(Outcome.FAILED, "the object has more than 5 bytes"), tooLarge.answer());
        assertEquals(0, tooLarge.content().length);
    }

    @ParameterizedTest
    @CsvSource({"403,InvalidAccessKeyId,BAD_CREDENTIALS", "403,SignatureDoesNotMatch,BAD_CREDENTIALS", "403,AccessDenied,DENIED",
        "404,NoSuchBucket,NO_BUCKET", "404,NoSuchKey,NO_OBJECT", "301,PermanentRedirect,OTHER_REGION",
        "400,AuthorizationHeaderMalformed,OTHER_REGION", "400,InvalidBucketName,BAD_BUCKET", "503,SlowDown,FAILED",
        "403,RequestTimeTooSkewed,FAILED", "500,'',FAILED"})
    void shouldTellWhatTheOtherSideSaid(int status, String code, Outcome outcome) throws Exception {
        replies.add(new Reply(status, "<Error><Code>" + code + "</Code></Error>"));
        Answer answer = get(client.put(bucket(), "k", new byte[1]));
        assertEquals(outcome, answer.outcome());
        assertTrue(answer.reason().startsWith("status " + status), answer.reason());
        assertFalse(answer.reason().contains("SECRET"));
    }

    @Test
    void shouldEndByItselfWhenNobodyAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            S3Client impatient = new S3Client(Thread::new, true, Duration.ofMillis(300))) {
            Bucket nowhere = new Bucket("http://127.0.0.1:" + silent.getLocalPort(), "r", "b", true, "AK", "SECRET");
            assertEquals(Outcome.FAILED, get(impatient.put(nowhere, "k", new byte[1])).outcome());
        }
        Bucket closed = new Bucket("http://127.0.0.1:1", "r", "b", true, "AK", "SECRET");
        assertEquals(new Answer(Outcome.FAILED, "nobody listens there"), get(client.put(closed, "k", new byte[1])));
    }

    @Test
    void shouldNotSpeakToPrivateAddressesUnlessToldTo() throws Exception {
        try (S3Client careful = new S3Client(Thread::new, false)) {
            assertEquals(Outcome.FORBIDDEN, get(careful.put(bucket(), "k", new byte[1])).outcome());
            assertEquals(Outcome.FORBIDDEN, get(careful.put(new Bucket("https://127.0.0.1", "r", "b", true, "AK", "S"), "k",
                new byte[1])).outcome());
        }
        assertEquals(List.of(), asked);
    }

    @Test
    void shouldPutTheNameOfTheBucketIntoTheHostUnlessToldOtherwise() throws Exception {
        Bucket virtual = new Bucket("http://localhost.invalid", "r", "bucket", false, "AK", "SECRET");
        assertEquals(new Answer(Outcome.FAILED, "there is no such host"), get(client.put(virtual, "k", new byte[1])));
    }
}

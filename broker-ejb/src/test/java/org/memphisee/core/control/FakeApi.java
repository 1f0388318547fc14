package org.memphisee.core.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.memphisee.core.api.AnsweredPublisher;
import org.memphisee.core.api.ApiHandler;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.subject.Subjects;

/** Sends requests to bound handlers like the router would, and keeps what is published. */
public final class FakeApi implements ApiRegistry, AnsweredPublisher {

    public static final ClientIdentity PLAIN = new ClientIdentity("root", "", "nats.js", "$memphis");
    /** Header of the answer when nobody serves a subject. */
    public static final String NOBODY = "NATS/1.0 503\r\n\r\n";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long TIMEOUT_SECONDS = 10;

    public final List<String> published = Collections.synchronizedList(new ArrayList<>());
    /** The same with payloads. */
    public final List<String> texts = Collections.synchronizedList(new ArrayList<>());
    /** Nobody hears what is published. */
    public volatile boolean deaf;
    private final Map<String, ApiHandler> handlers = new ConcurrentHashMap<>();

    /** An answer: header block and payload. */
    public record Answer(String header, String payload) {
        public JsonNode json() {
            try {
                return MAPPER.readTree(payload);
            } catch (java.io.IOException e) {
                throw new AssertionError("not JSON: " + payload, e);
            }
        }
    }

    @Override
    public void serve(String pattern, ApiHandler handler) {
        if (handlers.put(pattern, handler) != null) {
            throw new AssertionError("bound twice: " + pattern);
        }
    }

    @Override
    public CompletableFuture<String> store(String subject, byte[] headerBlock, byte[] payload) {
        publish(subject, headerBlock, payload);
        return CompletableFuture.completedFuture("no stream stores " + subject);
    }

    @Override
    public void publish(String subject, byte[] headerBlock, byte[] payload) {
        published.add(subject);
        texts.add(subject + " " + new String(payload, StandardCharsets.UTF_8));
    }

    /** Payloads published to a subject. */
    public List<String> textsOf(String subject) {
        synchronized (texts) {
            return texts.stream().filter(text -> text.startsWith(subject + " "))
                .map(text -> text.substring(subject.length() + 1)).toList();
        }
    }

    @Override
    public void publish(String subject, String reply, byte[] headerBlock, byte[] payload) {
        published.add(subject);
    }

    @Override
    public boolean heard(String subject) {
        return !deaf;
    }

    public List<ApiHandler> handlersFor(String subject) {
        return handlers.entrySet().stream().filter(e -> Subjects.matches(e.getKey(), subject)).map(Map.Entry::getValue)
            .toList();
    }

    public CompletableFuture<Answer> send(ClientIdentity client, String subject, String payload) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        List<ApiHandler> bound = handlersFor(subject);
        if (bound.size() != 1) {
            throw new AssertionError(bound.size() + " handlers for " + subject);
        }
        bound.get(0).handle(new ApiRequest(client, subject, payload.getBytes(StandardCharsets.UTF_8), new Reply() {
            @Override
            public boolean wanted() {
                return true;
            }

            @Override
            public void send(byte[] bytes) {
                send(new byte[0], bytes);
            }

            @Override
            public void nobody() {
                send(NOBODY.getBytes(StandardCharsets.UTF_8), new byte[0]);
            }

            @Override
            public void send(byte[] header, byte[] bytes) {
                if (!answer.complete(new Answer(new String(header, StandardCharsets.UTF_8),
                    new String(bytes, StandardCharsets.UTF_8)))) {
                    throw new AssertionError("second answer to " + subject);
                }
            }
        }));
        return answer;
    }

    public Answer ask(ClientIdentity client, String subject, String payload) {
        return await(send(client, subject, payload));
    }

    public JsonNode js(String operation, String payload) {
        return ask(PLAIN, "$JS.API." + operation, payload.replace('\'', '"')).json();
    }

    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no answer in time", e);
        }
    }
}

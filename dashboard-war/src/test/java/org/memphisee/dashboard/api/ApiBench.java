package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.InvalidSettingsException;
import org.memphisee.config.SettingSource;
import org.memphisee.config.SettingsLoader;
import org.memphisee.core.Broker;
import org.memphisee.core.BrokerEvents;
import org.memphisee.core.BrokerOptions;
import org.memphisee.core.client.Fetched;
import org.memphisee.core.client.FetchSize;
import org.memphisee.core.client.GroupKey;
import org.memphisee.core.client.LocalConnection;
import org.memphisee.core.client.LocalDelivery;
import org.memphisee.core.client.LocalSettlement;
import org.memphisee.core.control.ControlSettings;
import org.memphisee.core.integrations.Integrations;
import org.memphisee.core.integrations.Messenger;
import org.memphisee.core.integrations.SecretBox;
import org.memphisee.core.log.StoreException;
import org.memphisee.ejb.RequestTimings;
import org.memphisee.core.tiering.ObjectStore;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.MetadataHealth;
import org.memphisee.port.AuthOutcome;
import org.memphisee.port.ConnectOptions;
import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;
import org.memphisee.port.PublishRequest;
import org.memphisee.port.SessionInfo;
import org.memphisee.port.SessionPort;
import org.memphisee.port.Verdict;
import org.memphisee.schema.Languages;
import org.memphisee.store.memory.MemoryLogStore;
import org.memphisee.token.Lifetimes;
import org.memphisee.token.SecretsFile;
import org.memphisee.token.SigningSecrets;
import org.memphisee.token.TokenOptions;
import org.memphisee.token.Tokens;

/**
 * The door of the management API before a whole broker, without container and network: requests go through the servlet. What the broker
 * has of the outside (Slack, a bucket) says yes to everything.
 */
final class ApiBench implements AutoCloseable {

    static final String PASSWORD = "Secret-1x";
    private static final long SECONDS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Broker broker;
    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private final ApiServlet servlet = new ApiServlet();
    private final Tokens tokens;
    private final BrokerEngine engine;

    /** An answer as it goes over the wire. */
    record Answer(int code, Map<String, String> headers, String body) {

        /** What it says, with 200. */
        JsonNode ok() {
            assertEquals(200, code, body);
            return json();
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError(body, e);
            }
        }

        /** Status and text in one, for what is refused. */
        String refusal() {
            return code + " " + json().path("message").asText(body);
        }
    }

    private static final class NoSource implements SettingSource {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public Optional<String> value(String key) {
            return Optional.empty();
        }
    }

    private final class Events implements BrokerEvents {
        @Override
        public void storageFull(boolean full) { }

        @Override
        public void partitionFrozen(String stream, StoreException cause) {
            happened.add(stream + " is frozen: " + cause);
        }

        @Override
        public void unexpected(String where, Throwable cause) {
            happened.add(where + ": " + cause);
        }
    }

    ApiBench(Path directory, Map<String, String> environment) {
        try {
            BrokerSettings settings = new SettingsLoader(new NoSource(), environment,
                new SettingsLoader.Machine(2, 1L << 30, directory.toString())).load().settings();
            ControlSettings control = ControlSettings.of(PASSWORD, settings.access().mode() == BrokerSettings.AuthMode.TOKEN
                ? ControlSettings.AuthMode.TOKEN : ControlSettings.AuthMode.USER_PASSWORD, settings.access().connectionToken(),
                settings.serverName()).withPasswordIterations(1_000);
            broker = Broker.open(new BrokerOptions(settings.serverName(), 1 << 20, 2, 32 << 20, 8 << 20, 32 << 20, 100_000_000,
                1_000_000, 0, 0,
                false, control), new MemoryLogStore(MemoryLogStore.Disk.FORGETS), ApiBench::daemon, new Events(),
                    new Languages());
            SigningSecrets secrets = SecretsFile.open(directory, new SigningSecrets.Configured(Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty()));
            Lifetimes lifetimes = new Lifetimes(15, 2_880, 0);
            tokens = new Tokens(secrets, new TokenOptions(lifetimes, lifetimes, false, ""), broker.control().users(),
                broker.control().authenticator(), "$memphis", () -> System.currentTimeMillis() / 1_000);
            Integrations integrations = get(broker.control().integrate(new Integrations.Services(yes(Messenger.class,
                Messenger.Answer.DONE),
                yes(ObjectStore.class, ObjectStore.Answer.DONE)), new SecretBox(SecretsFile.sealingKey(directory)), 1 << 20));
            engine = engine(secrets, integrations);
            servlet.serve(status(settings));
        } catch (IOException | InvalidSettingsException e) {
            throw new AssertionError(e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<T> type, Map<String, Supplier<Object>> answers) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            Supplier<Object> answer = answers.get(method.getName());
            if (answer == null) {
                throw new AssertionError("not thought of: " + method);
            }
            return answer.get();
        });
    }

    @SuppressWarnings("unchecked")
    private static <T> T yes(Class<T> type, Object answer) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (self, method, arguments) -> CompletableFuture.completedFuture(answer));
    }

    private BrokerEngine engine(SigningSecrets secrets, Integrations integrations) {
        BrokerEngine.Latencies latencies = new BrokerEngine.Latencies(broker.timings(), null, new RequestTimings(),
            new RequestTimings());
        BrokerEngine.Counters none = new BrokerEngine.Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Map<String, Supplier<Object>> parts = new HashMap<>();
        parts.put("tenant", () -> "$memphis");
        parts.put("users", () -> broker.control().users());
        parts.put("stations", () -> broker.control().memphis().administration());
        parts.put("runtime", () -> broker.control().runtime());
        parts.put("deadLetters", () -> broker.control().deadLetters());
        parts.put("schemas", () -> broker.control().memphis().schemas());
        parts.put("transfer", () -> broker.control().transfer());
        parts.put("tasks", () -> broker.control().tasks());
        parts.put("integrations", () -> integrations);
        parts.put("notices", () -> broker.control().notices());
        parts.put("serverLog", broker::serverLog);
        parts.put("audit", broker::audit);
        parts.put("local", broker::local);
        parts.put("tokens", () -> tokens);
        parts.put("topicPassword", secrets::topicPassword);
        parts.put("latencies", () -> latencies);
        parts.put("counters", () -> none);
        parts.put("cluster", Optional::empty);
        parts.put("brokers", () -> 1);
        parts.put("liveBrokers", () -> 1);
        return proxy(BrokerEngine.class, parts);
    }

    private BrokerStatus status(BrokerSettings settings) {
        return proxy(BrokerStatus.class, Map.of("engine", () -> Optional.of(engine), "settings", () -> Optional.of(settings),
            "wellKnownPassword", () -> false, "state", () -> BrokerStatus.State.RUNNING, "started", () -> Instant.EPOCH,
            "health", List::of, "metadata", () -> new MetadataHealth(true, true, 0, false)));
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks until the answer is as wanted. */
    static JsonNode await(String what, Supplier<JsonNode> ask, Predicate<JsonNode> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        JsonNode answer = ask.get();
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + SECONDS + " s: " + what + ", but " + answer);
            }
            LockSupport.parkNanos(1_000_000);
            answer = ask.get();
        }
        return answer;
    }

    BrokerEngine engine() {
        return engine;
    }

    /** What is told about a topic now. */
    JsonNode topic(String topic) {
        return new Answer(200, Map.of(), new String(servlet.topics().now(topic, 1 << 20).orElseThrow(), StandardCharsets.UTF_8))
            .ok();
    }

    TopicAnswers topics() {
        return servlet.topics();
    }

    // ---- requests

    /** A request of a user, root's when it is not said; single quotes in the body are double ones. */
    Answer call(String method, String path, String body, String... headers) {
        return callAs("root", method, path, body, headers);
    }

    Answer callAs(String user, String method, String path, String body, String... headers) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Host", "localhost:9000");
        if (!user.isEmpty()) {
            all.put("Authorization", "Bearer " + tokens.management().issue(engine.users().find(user).orElseThrow()).access());
        }
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        int question = path.indexOf('?');
        return serve(method, question < 0 ? path : path.substring(0, question), question < 0 ? null : path.substring(question
            + 1),
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), all);
    }

    Answer get(String path) {
        return call("GET", path, "");
    }

    Answer post(String path, String body) {
        return call("POST", path, body);
    }

    Answer put(String path, String body) {
        return call("PUT", path, body);
    }

    Answer delete(String path, String body) {
        return call("DELETE", path, body);
    }

    private Answer serve(String method, String path, String query, byte[] body, Map<String, String> headers) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(ApiBench.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class}, (self, called, arguments) -> switch (called.getName()) {
                case "getMethod" -> method;
                case "getPathInfo" -> "/" + path;
                case "getQueryString" -> query;
                case "getHeader" -> headers.get((String) arguments[0]);
                case "getContentType" -> headers.get("Content-Type");
                case "getContentLengthLong" -> (long) body.length;
                case "getInputStream" -> new Body(body);
                case "getRemoteAddr" -> "127.0.0.1";
                case "getServerName" -> "localhost";
                case "isSecure" -> false;
                case "getCookies" -> null;
                default -> throw new AssertionError("not thought of: " + called);
            });
        Map<String, String> answered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int[] status = {200};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(ApiBench.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class}, (self, called, arguments) -> {
                switch (called.getName()) {
                    case "setHeader", "addHeader" -> answered.put((String) arguments[0], (String) arguments[1]);
                    case "setContentType" -> answered.put("Content-Type", (String) arguments[0]);
                    case "setContentLength" -> { }
                    case "setStatus" -> status[0] = (int) arguments[0];
                    case "getStatus" -> {
                        return status[0];
                    }
                    case "getOutputStream" -> {
                        return new Out(out);
                    }
                    default -> throw new AssertionError("not thought of: " + called);
                }
                return null;
            });
        try {
            servlet.service(request, response);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Answer(status[0], answered, out.toString(StandardCharsets.UTF_8));
    }

    private static final class Body extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        Body(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Out extends ServletOutputStream {
        private final ByteArrayOutputStream bytes;

        Out(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    // ---- what applications do

    private LocalConnection client() {
        return broker.local().connection("rest", "root");
    }

    /** Consumer {@code m} of a group takes the next message, and what became of it is told. */
    private String taken(String station, String group, LocalSettlement settlement) {
        try (Fetched fetched = get(fetch(station, group, 10_000))) {
            assertEquals(1, fetched.messages().size(), "a message of " + station + " for " + group);
            LocalDelivery delivery = fetched.messages().get(0);
            assertEquals(List.of(true), get(client().settle(station, List.of(delivery.ackSubject()), settlement)));
            return new String(delivery.payload(), StandardCharsets.UTF_8);
        }
    }

    /** A group takes the next message and is done with it. */
    String consume(String station, String group) {
        return taken(station, group, LocalSettlement.ACKNOWLEDGED);
    }

    /** A group whose messages are delivered once gives up the next one, which is a dead letter then. */
    String giveUp(String station, String group) {
        String payload = taken(station, group, new LocalSettlement.Again(0));
        get(fetch(station, group, 1)).close(); // a group gives up when it asks again
        return payload;
    }

    private CompletableFuture<Fetched> fetch(String station, String group, long waitMillis) {
        return client().fetch(new GroupKey(station, "m", group, 30_000, 1), new FetchSize(1, waitMillis, 1 << 20));
    }

    /** A plain client of NATS sends something, which is answered. */
    void tell(String subject, String payload) {
        tell(SessionInfo.plain(1, "127.0.0.1", 1, SessionInfo.Transport.TCP), "", subject, payload);
    }

    /** The same from somewhere, under the name of its connection. */
    SessionPort tell(SessionInfo from, String name, String subject, String payload) {
        Answered answer = new Answered();
        SessionPort session = broker.port().open(from, answer);
        CompletableFuture<AuthOutcome> outcome = new CompletableFuture<>();
        session.authenticate(new ConnectOptions(false, false, true, true, true, 1, "root", PASSWORD, "", name, "", "", false),
            outcome::complete);
        assertTrue(get(outcome) instanceof AuthOutcome.Accepted, "root may come in");
        String reply = "_INBOX.answer";
        session.subscribe(reply.getBytes(StandardCharsets.UTF_8), new byte[0], new byte[] {'1'});
        byte[] all = (subject + reply + payload).getBytes(StandardCharsets.UTF_8);
        assertEquals(Verdict.ACCEPTED, session.publish(new PublishRequest(all, 0, subject.length(), subject.length(),
            reply.length(),
            subject.length() + reply.length(), 0, all.length - subject.length() - reply.length())));
        session.readComplete();
        get(answer.came);
        return session;
    }

    /** A connection that waits for one message. */
    private static final class Answered implements DeliverySink {
        private final CompletableFuture<Void> came = new CompletableFuture<>();

        @Override
        public OutboundBatch newBatch() {
            return new OutboundBatch() {
                @Override
                public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                    int replyOffset,
                                    int replyLength, byte[] body, int bodyOffset, int headerLength, int payloadLength) {
                    came.complete(null);
                }

                @Override
                public int size() {
                    return 0;
                }

                @Override
                public void send() { }
            };
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void pauseReading() { }

        @Override
        public void resumeReading() { }

        @Override
        public void close(String error) { }
    }

    /** What nobody expected. */
    List<String> happened() {
        return List.copyOf(happened);
    }

    @Override
    public void close() throws StoreException {
        broker.close();
    }
}

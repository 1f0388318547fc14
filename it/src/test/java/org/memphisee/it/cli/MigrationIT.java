package org.memphisee.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.cli.Shell.Result;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Brokers;
import org.memphisee.it.support.Eventually;

/**
 * A nats-server's streams come to the broker, interrupted twice by killing the command: limits, work queue, interest, gaps,
 * headers, message ids, a key-value bucket, durable consumers, partitions of a station. Needs a nats-server, named by
 * {@code MEMPHISEE_NATS_PEER} or on the path; skipped without one.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES) // for a million of messages; every wait inside has its own limit
@SuppressWarnings("try") // the close methods of jnats may throw InterruptedException
final class MigrationIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int MANY = Integer.getInteger("migration.messages", 300_000);
    private static final Duration LIMIT = Duration.ofMinutes(4).plusMillis(MANY / 2);
    private static final int WINDOW = 2_000;
    private static final long SENT = 6_000_000;

    @TempDir
    private Path directory;

    private Shell shell;
    private int port;
    private Connection old;
    private Connection here;

    @Test
    void shouldBringStreamsHereThoughItIsInterruptedTwice() throws Exception {
        Brokers.assumeMemphis(Brokers.shared());
        String program = peer();
        assumeTrue(!program.isEmpty(), "there is no nats-server: neither MEMPHISEE_NATS_PEER nor the path names one");
        BrokerProcess broker = (BrokerProcess) Brokers.shared();
        shell = new Shell(broker, directory);
        port = freePort();
        Process peer = new ProcessBuilder(program, "-a", "127.0.0.1", "-p", Integer.toString(port), "-js", "-sd",
            directory.resolve("js").toString()).redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
        try (Connection source = connect("nats://127.0.0.1:" + port, "", "");
             Connection target = connect("nats://" + broker.host() + ":" + broker.clientPort(), broker.user(),
                 broker.password())) {
            old = source;
            here = target;
            fill();
            JsonNode plan = JSON.readTree(migrate(0, "plan").out()).path("items");
            assertEquals(6, plan.size(), plan.toString());
            assertEquals("copy", plan.get(0).path("result").asText());
            JsonNode prepared = JSON.readTree(migrate(0, "run", "--prepare", "mig-events").out()).path("items").path(0);
            assertEquals("prepared", prepared.path("result").asText());
            assertEquals(495, prepared.path("copied").asInt());
            assertEquals(404, status("STREAM.INFO.mig-events"));

            long begin = System.nanoTime();
            interrupted();
            interrupted();
            double twice = seconds(begin);

            begin = System.nanoTime();
            Result run = migrate(0, "run");
            System.out.printf(Locale.ROOT, "migration: %d messages, interrupted after %.1f s together, the last run %.1f s%n", MANY,
                twice, seconds(begin));
            JsonNode items = JSON.readTree(run.out()).path("items");
            assertTrue(items.findValues("copiedBefore").stream().anyMatch(n -> n.asLong() > 0), "it went on: " + items);
            items.forEach(item -> {
                assertTrue(item.path("verified").asBoolean(), item::toString);
                assertEquals(item.path("digest"), item.path("targetDigest"));
            });
            System.out.println(run.err());
            assertSame();
            assertEquals(6, JSON.readTree(migrate(0, "run").out()).path("items").findValuesAsText("result").stream()
                .filter("present"::equals).count());
            assertPlanted();
        } finally {
            peer.destroy();
            peer.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS);
            here = connect("nats://" + broker.host() + ":" + broker.clientPort(), broker.user(), broker.password());
            for (String stream : List.of("mig-many", "mig-jobs", "mig-events", "KV_mig-kv", "mig#station$1", "mig#station$2")) {
                here.request("$JS.API.STREAM.DELETE." + stream, new byte[0], WAIT);
            }
            here.close();
        }
    }

    /** Users that a nats-server knows by a key, and by what an operator's account signed. */
    @Test
    void shouldReadFromServersThatKnowUsersByTheirKeys() throws Exception {
        Brokers.assumeMemphis(Brokers.shared());
        String program = peer();
        assumeTrue(!program.isEmpty(), "there is no nats-server: neither MEMPHISEE_NATS_PEER nor the path names one");
        shell = new Shell((BrokerProcess) Brokers.shared(), directory);
        NatsKeys.Key user = NatsKeys.Key.make(NatsKeys.Role.USER);
        Path seed = Files.writeString(directory.resolve("user.nk"), user.seed() + "\n");
        Path creds = directory.resolve("user.creds");
        asKeyed(program, NatsKeys.keyUsers(user), "--from-nkey", seed);
        asKeyed(program, NatsKeys.operator(creds, 0), "--from-creds", creds);
    }

    private void asKeyed(String program, String configuration, String option, Path file) throws Exception {
        port = freePort();
        Path js = Files.createTempDirectory(directory, "js");
        Path whole = Files.writeString(directory.resolve("peer.conf"), "host: 127.0.0.1\nport: " + port + "\njetstream { store_dir: \"" + js
            + "\" }\n" + configuration);
        Process peer = new ProcessBuilder(program, "-c", whole.toString()).redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile()).start();
        try {
            Eventually.await("the nats-server lets the key in", WAIT, () -> shell.run("migrate", "plan", "--from", "127.0.0.1:" + port,
                option, file.toString()).code() == 0);
            Result nobody = shell.run("migrate", "plan", "--from", "127.0.0.1:" + port);
            assertEquals(77, nobody.code(), nobody.err());
            NatsKeys.Key other = NatsKeys.Key.make(NatsKeys.Role.USER);
            Path unknown = Files.writeString(directory.resolve("unknown.nk"), other.seed());
            Result refused = shell.run("migrate", "plan", "--from", "127.0.0.1:" + port, "--from-nkey", unknown.toString());
            assertEquals(77, refused.code(), refused.err());
            assertTrue(refused.err().contains(other.publicPart()), refused.err());
        } finally {
            peer.destroy();
            peer.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    // ---- the old server

    private void fill() throws Exception {
        create("mig-many", "{\"subjects\":[\"mig.many.>\"],\"duplicate_window\":86400000000000}");
        create("mig-jobs", "{\"subjects\":[\"mig.jobs.>\"],\"retention\":\"workqueue\"}");
        create("mig-events", "{\"subjects\":[\"mig.events.>\"],\"retention\":\"interest\"}");
        for (int partition = 1; partition <= 2; partition++) {
            create("mig#station$" + partition, "{\"subjects\":[\"mig#station$" + partition
                + ".>\"],\"max_age\":604800000000000}");
        }
        durable("mig-jobs", "workers", "");
        durable("mig-events", "one", "");
        durable("mig-events", "two", "");
        byte[] payload = "x".repeat(128).getBytes(StandardCharsets.UTF_8);
        List<CompletableFuture<PublishAck>> stored = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            Headers headers = new Headers();
            if (i % 10 == 0) {
                headers.add("Nats-Msg-Id", "id-" + i).add("Kind", "a", "b");
            }
            stored.add(old.jetStream().publishAsync("mig.many." + i % 7, i % 10 == 0 ? headers : null, payload));
            if (stored.size() == WINDOW || i == MANY) {
                for (CompletableFuture<PublishAck> ack : stored) {
                    ack.get(WAIT.toSeconds(), TimeUnit.SECONDS);
                }
                stored.clear();
            }
        }
        for (int i = 1; i <= 500; i++) {
            store("mig.jobs." + i % 3, null, "job " + i);
            store("mig.events." + i % 3, null, "event " + i);
            store("mig#station$" + (1 + i % 2) + ".final", new Headers().add("$memphis_producedBy", "p").add("msg-id", "m"
                + i), "message " + i);
        }
        for (int gone : List.of(1, 2, 77, MANY / 2, MANY)) {
            api(old, "STREAM.MSG.DELETE.mig-many", "{\"seq\":" + gone + "}");
        }
        durable("mig-many", "readers", ",\"filter_subject\":\"mig.many.3\"");
        api(old, "CONSUMER.DURABLE.CREATE.mig-many.newest",
            "{\"stream_name\":\"mig-many\",\"config\":{\"durable_name\":\"newest\","
            + "\"deliver_policy\":\"new\",\"ack_policy\":\"explicit\"}}");
        durable("mig#station$1", "billing", ",\"filter_subject\":\"mig#station$1.final\"");
        durable("mig#station$2", "billing", ",\"filter_subject\":\"mig#station$2.final\"");
        take("mig-many", "readers", 50, 20);
        take("mig-jobs", "workers", 40, 30);
        take("mig-events", "one", 25, 25);
        take("mig-events", "two", 10, 5);
        take("mig#station$1", "billing", 12, 9);
        KeyValue bucket = bucket();
        for (int i = 0; i < 300; i++) {
            bucket.put("key." + i % 60, "value " + i);
        }
        bucket.delete("key.7");
    }

    private KeyValue bucket() throws Exception {
        old.keyValueManagement().create(KeyValueConfiguration.builder().name("mig-kv").maxHistoryPerKey(3).build());
        return old.keyValue("mig-kv");
    }

    private void create(String stream, String config) throws Exception {
        api(old, "STREAM.CREATE." + stream, "{\"name\":\"" + stream + "\"," + config.substring(1));
    }

    private void durable(String stream, String name, String more) throws Exception {
        api(old, "CONSUMER.DURABLE.CREATE." + stream + "." + name, "{\"stream_name\":\"" + stream
            + "\",\"config\":{\"durable_name\":\""
            + name + "\",\"ack_policy\":\"explicit\",\"ack_wait\":600000000000" + more + "}}");
    }

    private void store(String subject, Headers headers, String payload) throws Exception {
        Message answer = old.request(subject, headers, payload.getBytes(StandardCharsets.UTF_8)).get(WAIT.toSeconds(),
            TimeUnit.SECONDS);
        assertFalse(JSON.readTree(answer.getData()).has("error"), new String(answer.getData(), StandardCharsets.UTF_8));
    }

    /** Takes messages as a member and acknowledges the first of them. */
    private void take(String stream, String consumer, int count, int acknowledged) throws Exception {
        String inbox = old.createInbox();
        Subscription pulled = old.subscribe(inbox);
        old.publish("$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer, inbox,
            ("{\"batch\":" + count + ",\"expires\":20000000000}").getBytes(StandardCharsets.UTF_8));
        for (int i = 1; i <= count; i++) {
            Message m = pulled.nextMessage(WAIT);
            if (i <= acknowledged) {
                old.request(m.getReplyTo(), "+ACK".getBytes(StandardCharsets.UTF_8), WAIT);
            }
        }
        pulled.unsubscribe();
    }

    // ---- the command

    private List<String> words(String command, String... more) {
        List<String> words = new ArrayList<>(List.of("migrate", command, "--from", "127.0.0.1:" + port, "-o", "json"));
        words.addAll(List.of(more));
        return words;
    }

    private Result migrate(int code, String command, String... more) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = shell.start(Map.of(), Files.writeString(directory.resolve("in"), ""), out, err,
            words(command, more).toArray(String[]::new));
        assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), () -> command + " goes on for too long");
        Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        assertEquals(code, result.code(), () -> command + "\n" + result.out() + result.err());
        return result;
    }

    /** Begins a run and kills it while it copies; nothing is seen of what it had begun. */
    private void interrupted() throws Exception {
        Path in = Files.writeString(directory.resolve("run.in"), "");
        Process run = shell.start(Map.of(), in, directory.resolve("run.out"), directory.resolve("run.err"),
            words("run").toArray(String[]::new));
        try {
            Eventually.await("something was copied", Duration.ofSeconds(60), () -> !run.isAlive() || moving(run));
        } finally {
            run.destroyForcibly();
            run.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertNotEquals(0, run.exitValue(), "it was done before it could be killed");
        assertEquals(404, status("STREAM.INFO.mig-many"), "nobody sees what is not complete");
        for (JsonNode stream : api(here, "STREAM.LIST", "{}").path("streams")) {
            String name = stream.path("config").path("name").asText();
            if (name.startsWith("mig") || name.equals("KV_mig-kv")) {
                assertEquals(api(old, "STREAM.INFO." + name, "").path("state").path("messages"),
                    stream.path("state").path("messages"), name);
            }
        }
    }

    /** Whether the command has sent so much that it must have come to the large stream: the broker knows part of it by now. */
    private static boolean moving(Process run) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(run.pid()), "io"))) {
            return lines.anyMatch(line -> line.startsWith("wchar: ") && Long.parseLong(line.substring(7)) > SENT);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    // ---- what is here

    private void assertSame() throws Exception {
        for (JsonNode info : api(old, "STREAM.LIST", "{}").path("streams")) {
            String name = info.path("config").path("name").asText();
            JsonNode a = api(old, "STREAM.INFO." + name, "{\"deleted_details\":true}");
            JsonNode b = api(here, "STREAM.INFO." + name, "{\"deleted_details\":true}");
            for (String member : List.of("messages", "first_seq", "last_seq", "first_ts", "last_ts", "num_deleted", "deleted")) {
                assertEquals(a.path("state").path(member), b.path("state").path(member), name + " " + member);
            }
            for (JsonNode consumer : api(old, "CONSUMER.LIST." + name, "{}").path("consumers")) {
                if (consumer.path("config").path("durable_name").asText("").isEmpty()) {
                    continue; // of a command that was killed
                }
                JsonNode c = api(here, "CONSUMER.INFO." + name + "." + consumer.path("name").asText(), "");
                boolean all = consumer.path("num_ack_pending").asInt() == 0; // nats-server 2.9 tells no floor then
                assertEquals(consumer.path(all ? "delivered" : "ack_floor").path("stream_seq"), c.path("ack_floor").path("stream_seq"),
                    c::toString);
                assertEquals(consumer.path("num_pending").asInt() + consumer.path("num_ack_pending").asInt(),
                    c.path("num_pending").asInt(), c::toString);
            }
        }
        Message again = here.request("mig.many.0", new Headers().add("Nats-Msg-Id", "id-" + (MANY - 10)), new byte[1])
            .get(WAIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(JSON.readTree(again.getData()).path("duplicate").asBoolean(), new String(again.getData(),
            StandardCharsets.UTF_8));
        assertEquals("value 299", here.keyValue("mig-kv").get("key.59").getValueAsString());
        assertEquals(3, here.keyValue("mig-kv").history("key.5").size());
        Result group = shell.run("group", "info", "mig.station", "billing", "--columns", "name,lag", "--no-headers");
        assertEquals("billing\t491\n", group.out(), group.err());
    }

    /** A message more than the source has, and one less. */
    private void assertPlanted() throws Exception {
        api(here, "STREAM.MSG.DELETE.mig-jobs", "{\"seq\":" + 100 + "}");
        JsonNode verify = JSON.readTree(migrate(1, "verify", "mig-jobs").out()).path("items").path(0);
        assertEquals("differs", verify.path("result").asText());
        assertTrue(verify.path("problems").path(0).asText().contains("470 messages in the source, 469 in the target"),
            verify.toString());
    }

    private int status(String operation) throws Exception {
        return JSON.readTree(here.request("$JS.API." + operation, new byte[0],
            WAIT).getData()).path("error").path("code").asInt();
    }

    private static JsonNode api(Connection connection, String operation, String json) throws Exception {
        JsonNode read = JSON.readTree(connection.request("$JS.API." + operation, json.getBytes(StandardCharsets.UTF_8),
            WAIT).getData());
        assertFalse(read.has("error"), () -> operation + ": " + read);
        return read;
    }

    private static Connection connect(String url, String user, String password) throws Exception {
        Options.Builder options = new Options.Builder().server(url).connectionTimeout(WAIT).maxReconnects(100)
            .reconnectWait(Duration.ofMillis(100)).errorListener(new io.nats.client.ErrorListener() { });
        return Nats.connectReconnectOnConnect((user.isEmpty() ? options : options.userInfo(user, password)).build());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The program, empty when there is none. */
    private static String peer() throws Exception {
        String named = System.getenv("MEMPHISEE_NATS_PEER");
        String program = named == null ? "nats-server" : named;
        try {
            Process version = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            version.getInputStream().readAllBytes();
            return version.waitFor() == 0 ? program : "";
        } catch (IOException e) {
            return ""; // it is not there
        }
    }
}

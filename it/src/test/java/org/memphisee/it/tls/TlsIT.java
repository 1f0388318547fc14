package org.memphisee.it.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.BrokerProcess;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.support.NodePrograms;
import org.memphisee.it.support.RawConnection;

/**
 * Servers with TLS on their ports: with a key store and encoded secrets, with PEM files and certificates of clients, with
 * the container's own key. Real clients: jnats, nats.js, nats.ws, the JDK's HTTP client. There are two servers, and one
 * starts while the other is tested or waited for; a test whose predecessor failed starts its own.
 *
 * <p>With {@code handshake.first} on {@code auto} a client that needs more than a moment from connecting to its first byte gets
 * INFO and does not understand it. Clients try again then, and so do the tests: on a busy machine that happens.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TlsIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration RENEWED = Duration.ofMinutes(3);
    private static final Duration UNNOTICED = Duration.ofSeconds(1);
    private static final long LOOK_NANOS = 250_000_000;

    private static final String AES_KEY = "a-key-that-operators-choose";

    @TempDir
    private static Path directory;
    private static TestKeys keys;
    /** With a key store, HTTPS and encoded secrets, then with the container's key. */
    private static BrokerProcess first;
    /** With a wrong password, then with PEM files. */
    private static BrokerProcess second;
    /** The one of them that is tested. */
    private static BrokerProcess broker;
    private static boolean pemFilesLaunched;
    private static boolean containerKeyLaunched;

    @BeforeAll
    static void prepare() throws Exception {
        keys = new TestKeys(directory);
        first = BrokerProcess.prepared();
        second = BrokerProcess.prepared();
        first.useTlsFile("https.xml");
        second.useTlsFile("https.xml");
        Files.writeString(first.serverDirectory().resolve("configDropins/overrides/aes-key.xml"),
                "<server><variable name=\"wlp.password.encryption.key\" value=\"" + AES_KEY + "\"/></server>");
        launchWithWrongPassword();
        launchWithKeystore();
    }

    @AfterAll
    static void remove() {
        first.close();
        second.close();
    }

    private static void launchWithWrongPassword() {
        Map<String, String> settings = keystore();
        settings.put("MEMPHISEE_TLS_CLIENT", "required");
        settings.put("MEMPHISEE_TLS_KEYSTORE_PASSWORD", "not-it");
        second.launch(settings);
    }

    private static void launchWithKeystore() throws Exception {
        Map<String, String> settings = keystore();
        settings.put("MEMPHISEE_TLS_CLIENT", "required");
        settings.put("MEMPHISEE_TLS_HANDSHAKE_FIRST", "auto");
        settings.put("MEMPHISEE_TLS_WEBSOCKET", "true");
        settings.put("MEMPHISEE_WEBSOCKET_COMPRESSION", "true");
        settings.put("ROOT_PASSWORD", aes(first.password()));
        first.launch(settings);
    }

    /** Ends what a test that failed has left running. */
    private static void end(BrokerProcess server) {
        if (!server.awaitExit(Duration.ZERO)) {
            server.kill();
        }
    }

    private static void launchWithPemFiles() throws IOException {
        end(second);
        pemFilesLaunched = true;
        Map<String, String> settings = new LinkedHashMap<>(Map.of("MEMPHISEE_TLS_CLIENT", "mutual",
                "MEMPHISEE_TLS_HANDSHAKE_FIRST", "auto", "MEMPHISEE_TLS_KEY", keys.keyFile("server").toString(),
                "MEMPHISEE_TLS_CERTIFICATE", keys.certificate("server").toString(),
                "MEMPHISEE_TLS_CA", keys.certificate("ca").toString(), "MEMPHISEE_TLS_GATEWAY", "true"));
        Path token = Files.writeString(directory.resolve("password"), second.password() + "\n");
        settings.put("ROOT_PASSWORD_FILE", token.toString());
        second.removeTlsFile("https.xml");
        second.launch(settings);
    }

    private static void launchWithKeyOfTheContainer() throws IOException {
        end(first);
        containerKeyLaunched = true;
        Path drop = first.serverDirectory().resolve("configDropins/overrides/container-key.xml");
        Files.writeString(drop, """
                <server>
                  <featureManager><feature>transportSecurity-1.0</feature></featureManager>
                  <keyStore id="ours" location="%s" password="%s" type="PKCS12" updateTrigger="polled" pollingRate="2s"/>
                  <ssl id="oursSsl" keyStoreRef="ours" trustStoreRef="ours"/>
                </server>
                """.formatted(keys.keystore(), xor(TestKeys.PASSWORD)));
        Path password = Files.writeString(directory.resolve("encoded"), xor(first.password()) + "\n");
        first.removeTlsFile("https.xml");
        first.launch(Map.of("MEMPHISEE_TLS_CLIENT", "mutual", "MEMPHISEE_TLS_LIBERTY_SSL", "oursSsl",
                "MEMPHISEE_TLS_HANDSHAKE_FIRST", "auto", "ROOT_PASSWORD_FILE", password.toString()));
    }

    /** As {@code securityUtility encode} does it by default. */
    private static String xor(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= '_';
        }
        return "{xor}" + java.util.Base64.getEncoder().encodeToString(bytes);
    }

    private static Map<String, String> keystore() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("MEMPHISEE_TLS_KEYSTORE", keys.keystore().toString());
        settings.put("MEMPHISEE_TLS_KEYSTORE_PASSWORD", xor(TestKeys.PASSWORD));
        return settings;
    }

    /** As an operator encodes a secret with a key that only the server knows. */
    private static String aes(String secret) throws Exception {
        Process encode = new ProcessBuilder(Path.of(System.getProperty("it.wlp"), "bin", "securityUtility").toString(),
                "encode", "--encoding=aes", "--key=" + AES_KEY, secret).redirectErrorStream(true).start();
        String output = new String(encode.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, encode.waitFor(), output);
        return output.lines().filter(line -> line.startsWith("{aes}")).findFirst().orElseThrow();
    }

    /** An answer of the monitor, without blanks. */
    private static String monitor(String path) {
        return broker.http(broker.ports().monitor(), path).body().replaceAll("\\s", "");
    }

    /** Whose certificate a port shows to a client that has the alias's. */
    private static String subject(int port, String alias) {
        try (SSLSocket socket = (SSLSocket) keys.context(alias).getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout((int) WAIT.toMillis());
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        } catch (GeneralSecurityException | IOException e) {
            return e.toString();
        }
    }

    /** Does it again until it succeeds or the time is over. */
    private static <T> T patiently(Callable<T> attempt) throws Exception {
        long end = System.nanoTime() + WAIT.toNanos();
        while (true) {
            try {
                return attempt.call();
            } catch (IOException | AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /** The server's own words come a moment after what they tell of. */
    private static void assertRenewedOnce() {
        assertEquals(1, Eventually.value("word of the renewal", WAIT, () -> broker.log().lines()
                .filter(line -> line.contains("MEE0506")).count(), count -> count > 0), broker::log);
    }

    /** Waits for a renewal, and does not keep from work what else starts meanwhile. */
    private static void awaitSubject(String expected, String alias, int port) {
        Eventually.value("certificate on port " + port, RENEWED, () -> {
            LockSupport.parkNanos(LOOK_NANOS);
            return subject(port, alias);
        }, expected::equals);
    }

    private static Options.Builder options(String alias) throws Exception {
        return new Options.Builder().server("nats://127.0.0.1:" + broker.clientPort())
                .userInfo(broker.user(), broker.password()).connectionTimeout(WAIT).maxReconnects(0)
                .errorListener(new io.nats.client.ErrorListener() { }).sslContext(keys.context(alias));
    }

    private static Connection connected(Options options) throws Exception {
        return options.isTlsFirst() ? patiently(() -> Nats.connect(options)) : Nats.connect(options);
    }

    private static void assertRoundTrip(Options options) throws Exception {
        try (Connection connection = connected(options)) {
            String name = "tls" + System.nanoTime();
            connection.jetStreamManagement().addStream(StreamConfiguration.builder().name(name).subjects(name).build());
            assertEquals(1, connection.jetStream().publish(name, new byte[100_000]).getSeqno());
            connection.jetStreamManagement().deleteStream(name);
        }
    }

    /** The server refuses the alias's certificate, or that there is none if that is empty, at once and by an alert. */
    private static void assertRefused(String alias) throws Exception {
        patiently(() -> {
            try (SSLSocket socket = (SSLSocket) keys.context(alias).getSocketFactory().createSocket("localhost",
                    broker.clientPort())) {
                socket.setSoTimeout((int) WAIT.toMillis());
                SSLException alert = assertThrows(SSLException.class, () -> {
                    socket.startHandshake();
                    socket.getInputStream().read(); // TLS 1.3: the server judges after the client's last word
                });
                assertTrue(alert.getMessage().contains("alert"), alert::toString);
                return alert;
            }
        });
        // this client does not notice, and waits for its answer
        assertThrows(IOException.class, () -> Nats.connect(options(alias).connectionTimeout(UNNOTICED).build()));
    }

    private static void node(Map<String, String> environment, String program, String... arguments) throws Exception {
        if (NodePrograms.available()) {
            NodePrograms.run(broker, directory.resolve("errors").toFile(), environment, program, arguments);
        }
    }

    private static void nodeFirst(String program, String... arguments) throws Exception {
        patiently(() -> {
            node(Map.of(), program, arguments);
            return program;
        });
    }

    private static int https(SSLContext context, int port) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WAIT).build();
        return client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/")).timeout(WAIT).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    @Order(1)
    void shouldSayWhatIsWrongWithTheKeyAndEnd() {
        broker = second;
        assertTrue(broker.awaitExit(Duration.ofMinutes(4)), broker::output);
        List<String> lines = broker.output().lines().filter(line -> line.contains("MEE0501")).toList();
        assertEquals(1, lines.size(), broker::output);
        assertTrue(lines.get(0).contains("password of key store") && lines.get(0).contains(keys.keystore().toString())
                && lines.get(0).contains("MEMPHISEE_TLS_KEYSTORE_PASSWORD_FILE"), lines.get(0));
        assertTrue(!broker.output().contains("not-it"));
    }

    @Test
    @Order(2)
    void shouldEncryptEveryPort() throws Exception {
        broker = first;
        broker.awaitReady();
        assertTrue(broker.output().contains("wss://localhost:" + broker.ports().webSocket()), broker::output);
        assertTrue(broker.output().contains("https://localhost:" + broker.ports().dashboard()), broker::output);

        assertRoundTrip(options("").build());
        assertRoundTrip(options("").tlsFirst().build());
        String ca = keys.certificate("ca").toString();
        String port = Integer.toString(broker.clientPort());
        node(Map.of(), "tls.mjs", "localhost", port, ca);
        nodeFirst("tls.mjs", "localhost", port, ca, "first");
        node(Map.of("NODE_EXTRA_CA_CERTS", ca), "web-socket.mjs", "wss://localhost:" + broker.ports().webSocket(),
                "permessage-deflate");
        try (RawConnection plain = RawConnection.open(broker)) {
            String info = plain.readLine();
            assertTrue(info.contains("\"tls_required\":true"), info);
            plain.send(RawConnection.connect(broker, "") + "PING\r\n");
            assertEquals("-ERR 'Secure Connection - TLS Required'\n", plain.readToEnd());
        }
        assertThrows(IOException.class, () -> Nats.connect(options("").sslContext(SSLContext.getDefault()).build()));

        assertEquals(200, https(keys.context(""), broker.ports().dashboard()));
        assertEquals(404, https(keys.context(""), broker.ports().gateway()));
        assertThrows(IOException.class, () -> https(SSLContext.getDefault(), broker.ports().dashboard()));
        assertEquals(0, broker.http(broker.ports().dashboard(), "/").code(), "no plain HTTP");
        assertEquals(200, broker.http(broker.ports().metrics(), "/health/ready").code());
    }

    @Test
    @Order(3)
    void shouldTellMonitorsAndTakeANewCertificateWithoutARestart() throws Exception {
        String varz = monitor("/varz");
        String series = broker.http(broker.ports().metrics(), "/metrics").body();
        long left = series.lines().filter(line -> line.startsWith("memphis_broker_certificate_expiry_seconds{"))
                .map(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ')))).findFirst().orElseThrow();
        assertTrue(left > 0 && left < Duration.ofDays(4_000).toSeconds(), () -> left + " s until the certificate ends");
        assertTrue(varz.contains("\"tls_required\":true") && !varz.contains("tls_verify") && !varz.contains("no_tls"), varz);
        try (Connection open = Nats.connect(options("").build()); Connection early = connected(options("").tlsFirst()
                .build())) {
            String connections = monitor("/connz");
            assertTrue(connections.contains("\"tls_version\":\"1.3\",\"tls_cipher_suite\":\"TLS_AES_"), connections);
            assertEquals(2, connections.split("\"tls_first\":true").length, connections);

            awaitSubject("CN=server", "", broker.clientPort());
            keys.putKeystore("renewed");
            launchWithPemFiles(); // starts while the renewal is waited for
            awaitSubject("CN=renewed", "", broker.clientPort());
            awaitSubject("CN=renewed", "", broker.ports().dashboard());
            open.flush(WAIT);
            early.flush(WAIT);
        }
        assertRoundTrip(options("").build());
        assertRenewedOnce();
        broker.stop();
        launchWithKeyOfTheContainer(); // starts while the other server is tested
    }

    @Test
    @Order(4)
    void shouldAskForCertificatesOfClients() throws Exception {
        if (!pemFilesLaunched) {
            launchWithPemFiles();
        }
        broker = second;
        broker.awaitReady();
        assertTrue(broker.output().contains("http://localhost:" + broker.ports().dashboard()), "HTTPS is off again");
        assertEquals(404, https(keys.context(""), broker.ports().gateway()), "the gateway has its own switch, and asks no client");
        assertThrows(IOException.class, () -> https(SSLContext.getDefault(), broker.ports().gateway()));
        assertEquals(0, broker.http(broker.ports().gateway(), "/monitoring/status").code(), "no plain HTTP");

        assertRoundTrip(options("client").build());
        assertRoundTrip(options("client").tlsFirst().build());
        assertRefused("");
        assertRefused("stranger");
        String port = Integer.toString(broker.clientPort());
        node(Map.of(), "tls.mjs", "localhost", port, keys.certificate("ca").toString(),
                keys.certificate("client").toString(), keys.keyFile("client").toString());
        nodeFirst("tls.mjs", "localhost", port, keys.certificate("ca").toString(),
                keys.certificate("client").toString(), keys.keyFile("client").toString(), "first");
        try (RawConnection plain = RawConnection.open(broker)) {
            assertTrue(plain.readLine().contains("\"tls_required\":true,\"tls_verify\":true"));
        }
        assertTrue(monitor("/varz").contains("\"tls_required\":true,\"tls_verify\":true"));
        broker.stop();
    }

    @Test
    @Order(5)
    void shouldUseTheKeyOfTheContainer() throws Exception {
        if (!containerKeyLaunched) {
            launchWithKeyOfTheContainer();
        }
        broker = first;
        broker.awaitReady();
        assertRoundTrip(options("client").build());
        assertRefused("");
        assertRefused("stranger");
        assertRoundTrip(options("client").build());
        assertTrue(broker.log().contains("Memphis EE starts") && !broker.log().contains("MEE0506"), broker::log);

        String shown = Eventually.value("certificate", WAIT, () -> subject(broker.clientPort(), "client"),
                subject -> subject.startsWith("CN="));
        String next = shown.equals("CN=renewed") ? "server" : "renewed";
        try (Connection open = Nats.connect(options("client").build())) {
            keys.putKeystore(next);
            awaitSubject("CN=" + next, "client", broker.clientPort());
            open.flush(WAIT);
        }
        assertRefused("stranger");
        assertRoundTrip(options("client").build());
        assertRenewedOnce();
    }
}

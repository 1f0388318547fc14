package org.memphisee.it.installed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.it.support.Eventually;
import org.memphisee.it.tls.TestKeys;

/**
 * An installed server with settings alone: HTTPS on the dashboard's port from PEM files, renewed while it runs, and definitions from a file;
 * and one that is refused its data. The tests follow each other on the same server. About a minute: two starts.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class InstalledHttpsIT {
    private static final Duration RENEWED = Duration.ofMinutes(2);
    private static final String DEFINITIONS = """
            {"format":"memphisee.definitions","version":1,"tags":[{"name":"red"}],
            "stations":[{"name":"orders","partitions":2,"groups":[{"name":"billing"}]},{"name":"audit","dls_station":"orders"}]}""";

    @TempDir
    private static Path places;
    private static TestKeys keys;
    private static InstalledServer server;
    private static Path certificate;
    private static Path key;

    @BeforeAll
    static void start() throws Exception {
        Path directory = Files.createDirectory(places.resolve("keys"));
        keys = new TestKeys(directory);
        certificate = Files.copy(keys.certificate("server"), directory.resolve("tls.crt"));
        key = Files.copy(keys.keyFile("server"), directory.resolve("tls.key"));
        Files.writeString(directory.resolve("definitions.json"), DEFINITIONS);
        server = new InstalledServer(places);
        Map<String, String> settings = settings();
        assertTrue(server.startAgain(settings), server::output);
    }

    private static Map<String, String> settings() {
        return new HashMap<>(Map.of("MEMPHISEE_TLS_HTTP", "true", "MEMPHISEE_TLS_CERTIFICATE", certificate.toString(), "MEMPHISEE_TLS_KEY",
                key.toString(), "MEMPHISEE_DEFINITIONS_FILE", places.resolve("keys/definitions.json").toString(),
                "MEMPHISEE_LOG_CONSOLE_LEVEL", "INFO"));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static SSLSocket connect() throws Exception {
        SSLSocket socket = (SSLSocket) keys.context("").getSocketFactory().createSocket("127.0.0.1", server.ports().dashboard());
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    private static String name() throws Exception {
        try (SSLSocket socket = connect()) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private static String statusLine(Socket socket, String host) throws IOException {
        socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    }

    private static InstalledServer.Ended cli(String... arguments) throws Exception {
        return server.command(Map.of("MEMPHISEE_CLI_API", "https://127.0.0.1:" + server.ports().dashboard(), "MEMPHISEE_CLI_TLS_CA",
                keys.certificate("ca").toString(), "MEMPHISEE_CLI_USER", "root", "MEMPHISEE_CLI_PASSWORD", "memphis"), "memphisee", arguments);
    }

    @Test
    @Order(1)
    void shouldServeTheDashboardByHttpsOnly() throws Exception {
        assertEquals("CN=server", name());
        try (SSLSocket socket = connect()) {
            assertTrue(statusLine(socket, "127.0.0.1:" + server.ports().dashboard()).contains(" 200"));
        }
        try (Socket plain = new Socket("127.0.0.1", server.ports().dashboard())) {
            plain.setSoTimeout(30_000);
            assertFalse(statusLine(plain, "127.0.0.1").contains(" 200"));
        } catch (IOException e) {
            assertTrue(e.getMessage() != null, "closed");
        }
        Path store = places.resolve("work/memphis/https.p12");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(store)));
    }

    /** As an ingress asks, and as somebody does who came by a published port. */
    @Test
    @Order(1)
    void shouldAnswerForThePortsOfProxies() throws Exception {
        for (String host : new String[] {"ui.example.com", "ui.example.com:443", "ui.example.com:80"}) {
            try (SSLSocket socket = connect()) {
                String line = statusLine(socket, host);
                assertFalse(line.contains(" 404") || line.isEmpty(), host + ": " + line);
            }
        }
    }

    @Test
    @Order(1)
    void shouldHaveImportedItsDefinitions() throws Exception {
        assertTrue(server.output().contains("MEE0820"), server::output);
        InstalledServer.Ended diff = cli("definitions", "diff", places.resolve("keys/definitions.json").toString());
        assertEquals(0, diff.status(), diff::output);
        InstalledServer.Ended export = cli("definitions", "export");
        assertEquals(0, export.status(), export::output);
        assertTrue(export.output().contains("\"billing\""), export::output);
        InstalledServer.Ended dry = cli("definitions", "import", places.resolve("keys/definitions.json").toString(), "--dry-run", "-o", "json");
        assertEquals(0, dry.status(), dry::output);
        assertTrue(dry.output().contains("\"same\"") && !dry.output().contains("\"create\""), dry::output);
    }

    @Test
    @Order(2)
    void shouldServeARenewedCertificateWithoutARestart() throws Exception {
        Path directory = certificate.getParent();
        Files.copy(keys.keyFile("renewed"), directory.resolve("new.key"));
        Files.copy(keys.certificate("renewed"), directory.resolve("new.crt"));
        Files.move(directory.resolve("new.key"), key, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(directory.resolve("new.crt"), certificate, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Eventually.await("the renewed certificate", RENEWED, () -> name().equals("CN=renewed"));
    }

    @Test
    @Order(3)
    void shouldNotTouchDataOfANewerRelease() throws Exception {
        assertEquals("memphisee-data 1", Files.readString(server.data().resolve("version")).lines().findFirst().orElse(""));
        server.stop();
        assertEquals(0, server.process().exitValue(), server::output);
        Files.writeString(server.data().resolve("version"), "memphisee-data 2\nproduct 2.0.0\n");
        long log = Files.getLastModifiedTime(server.data().resolve("log")).toMillis();
        assertFalse(server.startAgain(Map.of()));
        assertEquals(78, server.process().exitValue(), server::output);
        assertTrue(server.output().contains("MEE0822") && server.output().contains("release 2.0.0"), server::output);
        assertEquals(log, Files.getLastModifiedTime(server.data().resolve("log")).toMillis());
        assertFalse(Files.exists(places.resolve("work/memphis/https.p12")), "HTTPS is off, and so is its key");
    }

    @Test
    @Order(4)
    void shouldRefuseAKeyThatDoesNotFitBeforeItStarts() throws Exception {
        Map<String, String> settings = settings();
        settings.put("MEMPHISEE_TLS_KEY", keys.keyFile("stranger").toString());
        InstalledServer.Ended ended = server.command(settings, "memphisee-server", "run");
        assertEquals(78, ended.status(), ended::output);
        assertTrue(ended.output().contains("MEE0501") && ended.output().contains("stranger-key.pem"), ended::output);
        assertThrows(IOException.class, () -> new Socket("127.0.0.1", server.ports().dashboard()).close());
    }
}

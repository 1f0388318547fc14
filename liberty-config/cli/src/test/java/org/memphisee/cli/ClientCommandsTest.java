package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;

/** Commands over the port of clients, on real sockets. */
class ClientCommandsTest extends CliFixture {

    private void use(FakeClientPort port) {
        environment.put("MEMPHISEE_CLI_SERVER", "localhost:" + port.port());
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
    }

    @Test
    void shouldPing() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            shouldEnd(0, "server", "ping", "-c", "3", "--no-headers");
            assertEquals(3, out.lines().count());
        }
    }

    @Test
    void shouldEndWithTheCodeOfTheReason() {
        environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
        shouldEnd(69, "server", "ping", "--server", "127.0.0.1:1");
        assertTrue(err.contains("nobody listens there"), err);
        shouldEnd(69, "server", "ping", "--server", "no.such.host.invalid");
        assertTrue(err.contains("is not known"), err);
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            environment.put("MEMPHISEE_CLI_PASSWORD", "wrong");
            shouldEnd(77, "server", "ping");
            environment.put("MEMPHISEE_CLI_PASSWORD", "secret");
            shouldEnd(69, "server", "ping", "--tls");
            assertTrue(err.contains("no TLS"), err);
        }
    }

    @Test
    void shouldShowTheTokenOfABrokerThatWantsOneAndNoPassword() throws java.io.IOException {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            environment.remove("MEMPHISEE_CLI_PASSWORD");
            environment.put("MEMPHISEE_CLI_TOKEN_FILE", Files.writeString(home.resolve("t"), "t0ken\n").toString());
            shouldEnd(0, "server", "ping", "-c", "1");
            assertTrue(port.connects().get(0).contains("\"auth_token\":\"t0ken\"") && !port.connects().get(0).contains("\"pass\""),
                port.connects()::toString);
        }
    }

    @Test
    void shouldStoreEachLineOfItsInput() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            input = "one\ntwo\nthree";
            shouldEnd(0, "station", "produce", "orders", "--partition", "2", "--columns", "messages,lastPartition,lastSequence",
                "--no-headers");
            assertEquals("3\t2\t3\n", out);
            shouldEnd(0, "station", "produce", "orders", "one", "-H", "a=b", "--columns", "messages", "--no-headers");
            assertEquals("1\n", out);
            shouldEnd(64, "station", "produce", "orders", "one", "-H", "$memphis=b");
            shouldEnd(64, "station", "produce", "orders", "one", "--file", "f");
            shouldEnd(65, "station", "produce", "orders", "--file", home.resolve("nothing").toString());
            port.refuseFrom(6);
            input = "five\nsix";
            shouldEnd(1, "station", "produce", "orders");
            assertTrue(err.contains("1 messages before it are stored"), err);
        }
    }

    @Test
    void shouldMeasureWhatIsAcknowledged() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            shouldEnd(0, "bench", "produce", "--count", "5000", "--in-flight", "100", "--connections", "3", "--columns", "messages",
                "--no-headers");
            assertEquals("5000\n", out);
            assertEquals(5000, port.stored());
            shouldEnd(0, "bench", "produce", "--count", "10", "--sync-produce", "--csv");
            assertEquals(2, out.lines().count());
            assertTrue(out.startsWith("mode,connections,size,inFlight,messages,"), out);
            shouldEnd(0, "bench", "produce", "--rate", "1000", "--count", "100", "-o", "json");
            assertTrue(out.contains("\"lateP50Micros\""), out);
            shouldEnd(0, "bench", "request", "--count", "300", "--in-flight", "7", "--columns", "messages", "--no-headers");
            assertEquals("300\n", out);
        }
    }

    @Test
    void shouldNotCallALoadMeasuredThatFailed() {
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            port.refuseFrom(50);
            shouldEnd(1, "bench", "produce", "--count", "5000");
            assertTrue(err.contains("full"), err);
            assertEquals("", out);
        }
        try (FakeClientPort port = new FakeClientPort(Optional.empty())) {
            use(port);
            port.fallSilent();
            shouldEnd(1, "bench", "produce", "--count", "5000", "--timeout", "1");
            assertTrue(err.contains("within 1 s"), err);
        }
    }

    @Test
    void shouldRefuseLoadsThatCannotBe() {
        shouldEnd(64, "bench", "produce", "--in-flight", "0");
        shouldEnd(64, "bench", "produce", "--connections", "0");
        shouldEnd(64, "bench", "produce", "--size", "1g");
        shouldEnd(64, "bench", "consume", "--fill");
        shouldEnd(64, "bench", "latency", "--size", "4");
        shouldEnd(64, "bench", "produce", "--password", "x");
    }

    @Test
    void shouldEncryptAndTrustOnlyWhoIsToBeTrusted() throws Exception {
        Path store = home.resolve("key.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "a",
            "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-storetype", "PKCS12", "-keystore", store.toString(),
            "-storepass", "changeit").redirectErrorStream(true).start();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        Path ca = Files.writeString(home.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("a").getEncoded()) + "\n-----END CERTIFICATE-----\n");
        try (FakeClientPort port = new FakeClientPort(Optional.of(context))) {
            use(port);
            shouldEnd(0, "bench", "produce", "--count", "500", "--tls-ca", ca.toString(), "--columns", "messages", "--no-headers");
            assertEquals("500\n", out);
            shouldEnd(69, "server", "ping");
            assertTrue(err.contains("certification path") || err.contains("PKIX"), err);
            shouldEnd(69, "server", "ping", "--server", "127.0.0.1:" + port.port(), "--tls-ca", ca.toString());
            shouldEnd(0, "server", "check", "certificates", "--tls", "--api", "http://x", "--warn", "30", "--crit", "20");
            shouldEnd(1, "server", "check", "certificates", "--tls", "--warn", "1000", "--crit", "20");
        }
    }
}

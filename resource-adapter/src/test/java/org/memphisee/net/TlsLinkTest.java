package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.SessionSettings;

/** Links that are encrypted after INFO: the peer is a JDK socket with a certificate for {@code localhost}. */
class TlsLinkTest {

    @TempDir
    private Path directory;
    private SSLContext before;
    private SSLContext context;
    private ServerSocket server;
    private final Links links = new Links(1, task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }, new NetCounters(), 5_000);

    @BeforeEach
    void listen() throws Exception {
        before = SSLContext.getDefault();
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost",
            "-validity", "2", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", "changeit")
            .redirectErrorStream(true).redirectOutput(directory.resolve("keytool.log").toFile()).start();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue(), Files.readString(directory.resolve("keytool.log")));
        context = context(keys);
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void end() throws IOException {
        SSLContext.setDefault(before);
        links.close();
        server.close();
    }

    private static SSLContext context(Path keys) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket plain = server.accept()) {
                plain.getOutputStream().write("INFO {\"max_payload\":1000,\"tls_required\":true}\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
                socket.setUseClientMode(false);
                BufferedReader lines = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.equals("PING")) {
                        socket.getOutputStream().write("PONG\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // the client went, or the test is over
            }
        }
    }

    private CompletableFuture<BrokerSession> open(String host) {
        return BrokerSession.open(links.tcp(), new BrokerAddress(host, server.getLocalPort(), true),
            new Credentials("root", "secret", ""), SessionSettings.DEFAULTS, reason -> { });
    }

    @Test
    void shouldTalkEncryptedToACertificateItTrusts() throws Exception {
        SSLContext.setDefault(context);
        BrokerSession session = open("localhost").get(10, TimeUnit.SECONDS);
        session.flush().get(10, TimeUnit.SECONDS);
        session.close();
    }

    @Test
    void shouldRefuseACertificateForAnotherHost() {
        SSLContext.setDefault(context);
        ExecutionException refused =
            assertThrows(ExecutionException.class, () -> open("127.0.0.1").get(10, TimeUnit.SECONDS));
        assertTrue(refused.getMessage().contains("127.0.0.1"), refused.getMessage());
    }

    @Test
    void shouldRefuseACertificateItDoesNotTrust() {
        ExecutionException refused =
            assertThrows(ExecutionException.class, () -> open("localhost").get(10, TimeUnit.SECONDS));
        assertTrue(refused.getMessage().contains("certification path"), refused.getMessage());
    }
}

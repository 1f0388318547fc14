package org.memphisee.net.link;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.Credentials;
import org.memphisee.client.SessionSettings;
import org.memphisee.net.NetCounters;
import org.memphisee.net.TestKeys;

/** Links that are encrypted after INFO: the peer is a JDK socket with a certificate for {@code localhost}. */
class TlsLinkTest {

    @TempDir
    private static Path directory;
    private static TestKeys keys;
    private SSLContext before;
    private volatile SSLContext context;
    private volatile boolean mutual;
    private ServerSocket server;
    private final Links links = new Links(1, task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }, new NetCounters(), 5_000);

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new TestKeys(directory);
    }

    @BeforeEach
    void listen() throws Exception {
        before = SSLContext.getDefault();
        context = keys.context("server");
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

    private void serve() {
        while (!server.isClosed()) {
            try (Socket plain = server.accept()) {
                plain.getOutputStream().write("INFO {\"max_payload\":1000,\"tls_required\":true}\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
                socket.setUseClientMode(false);
                socket.setNeedClientAuth(mutual);
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

    private String refusal(String host) {
        ExecutionException refused =
            assertThrows(ExecutionException.class, () -> open(host).get(10, TimeUnit.SECONDS));
        String text = refused.getCause().getMessage();
        assertTrue(text.contains(host) && !text.contains("\n"), text);
        return text;
    }

    @Test
    void shouldTalkEncryptedToACertificateItTrusts() throws Exception {
        SSLContext.setDefault(keys.context(""));
        BrokerSession session = open("localhost").get(10, TimeUnit.SECONDS);
        session.flush().get(10, TimeUnit.SECONDS);
        session.close();
    }

    @Test
    void shouldSayThatACertificateIsForAnotherHost() throws Exception {
        SSLContext.setDefault(keys.context(""));
        context = keys.context("elsewhere");
        String text = refusal("localhost");
        assertTrue(text.contains("certificate is for another host") && text.contains("use a host name"), text);
        text = refusal("127.0.0.1");
        assertTrue(text.contains("certificate is for another host"), text);
    }

    @Test
    void shouldSayThatACertificateIsNotTrusted() {
        String text = refusal("localhost");
        assertTrue(text.contains("not trusted") && text.contains("javax.net.ssl.trustStore"), text);
    }

    @Test
    void shouldSayThatACertificateHasExpired() throws Exception {
        SSLContext.setDefault(keys.context(""));
        context = keys.context("expired");
        String text = refusal("localhost");
        assertTrue(text.contains("has expired") && text.contains("renew it at the broker"), text);
    }

    @Test
    void shouldShowTheCertificateOfItsJvmAndSayWhenOneIsMissing() throws Exception {
        mutual = true;
        SSLContext.setDefault(keys.context("client"));
        open("localhost").get(10, TimeUnit.SECONDS).close();
        SSLContext.setDefault(keys.context(""));
        String text = refusal("localhost");
        assertTrue(text.contains("wants a certificate") && text.contains("javax.net.ssl.keyStore"), text);
    }
}

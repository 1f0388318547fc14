package org.memphisee.cluster.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.memphisee.cluster.jgroups.ChannelCluster.await;
import static org.memphisee.cluster.jgroups.ChannelCluster.identity;
import static org.memphisee.cluster.jgroups.ChannelCluster.loopback;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.config.ClusterSettings.ClusterTlsFiles;
import org.memphisee.core.cluster.link.LinkProbe;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerLinks.Sent;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.tls.ClusterTls;
import org.memphisee.tls.TlsException;

/** Nodes that show each other certificates of the cluster's own authority. */
class ChannelTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private final List<ChannelLinks> nodes = new ArrayList<>();
    private final LinkProbe probeA = new LinkProbe();
    private final LinkProbe probeB = new LinkProbe();

    @BeforeAll
    static void keys() throws Exception {
        Path store = directory.resolve("all.p12");
        keytool(store, "ca", "-ext", "bc=ca:true");
        keytool(store, "a", "-signer", "ca", "-ext", "san=dns:a");
        keytool(store, "b", "-signer", "ca");
        keytool(store, "client", "-signer", "ca", "-ext", "san=dns:client");
        keytool(store, "stranger");
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            all.load(in, PASSWORD.toCharArray());
        }
        for (String alias : List.of("ca", "a", "b", "client", "stranger")) {
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : all.getCertificateChain(alias)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(directory.resolve(alias + ".pem"), chain);
            Key key = all.getKey(alias, PASSWORD.toCharArray());
            Files.writeString(directory.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    @AfterEach
    void end() {
        nodes.forEach(ChannelLinks::close);
    }

    @Test
    void shouldLinkNodesThatShowEachOtherCertificates() throws Exception {
        ChannelLinks b = start("b", "b", "a", 1, probeB);
        ChannelLinks a = start("a", "a", "b", b.port(), probeA);
        await("linked", () -> probeA.isLinked("b") && probeB.isLinked("a"));
        for (long number = 1; number <= 20; number++) {
            assertEquals(Sent.TAKEN, a.links().send("b", Traffic.ANSWERS, LinkProbe.numbered(number, 100_000)));
        }
        await("arrived", () -> probeB.got("a", Traffic.ANSWERS).size() == 20);
    }

    @Test
    void shouldKeepOutWhoHasNoCertificateOfANode() throws Exception {
        ChannelLinks b = start("b", "b", "a", 1, probeB);
        start("a", "stranger", "b", b.port(), probeA);
        start("a", "client", "b", b.port(), probeA);
        start("a", "", "b", b.port(), probeA);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            silent.add(new Socket(InetAddress.getLoopbackAddress(), b.port()));
        }
        LinkProbe real = new LinkProbe();
        start("a", "a", "b", b.port(), real);
        await("the real one is let in", () -> real.isLinked("b") && probeB.isLinked("a"));
        assertTrue(probeA.told().isEmpty(), probeA.told().toString());
        for (Socket socket : silent) {
            socket.close();
        }
    }

    private ChannelLinks start(String node, String certificate, String peer, int port, LinkProbe probe)
            throws IOException, TlsException {
        PeerIdentity self = identity(node);
        Optional<Supplier<SSLContext>> tls = Optional.empty();
        if (!certificate.isEmpty()) {
            SSLContext context = ClusterTls.load(new ClusterTlsFiles(file(certificate + ".pem"), file(certificate + ".key"), "",
                file("ca.pem")), List.of("a", "b"));
            tls = Optional.of(() -> context);
        }
        ChannelLinks started = ChannelLinks.start(self, new ChannelSettings(loopback(0), null, Map.of(peer, loopback(port)),
            "secret".getBytes(), tls), LinkSettings.DEFAULT, BrokerClock.SYSTEM, Thread::new, probe);
        nodes.add(started);
        return started;
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END "
            + what + "-----\n";
    }

    private static void keytool(Path store, String alias, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias, "-validity", "2", "-storetype", "PKCS12",
            "-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }
}

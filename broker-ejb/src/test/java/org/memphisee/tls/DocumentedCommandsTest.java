package org.memphisee.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memphisee.config.BrokerSettings;

/** The commands on keys and certificates in docs/configuration.md, as they stand there. */
class DocumentedCommandsTest {

    @TempDir
    private Path directory;

    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(here.resolve("docs/configuration.md"))) {
            here = here.getParent();
        }
        return here.resolve("docs/configuration.md");
    }

    private static String command(String begin) throws IOException {
        List<String> lines = Files.readAllLines(page()).stream().filter(line -> line.startsWith(begin)).toList();
        assertEquals(1, lines.size(), () -> begin + " in " + page());
        return lines.get(0);
    }

    private void run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
            (path, java) -> java + ":" + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(50, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), () -> command + "\n" + output);
    }

    private X509Certificate pem(String file) throws Exception {
        try (var in = Files.newInputStream(directory.resolve(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void shouldExportTheCertificateForDevelopment() throws Exception {
        ServerTls made = ServerTls.load(new BrokerSettings.Tls(BrokerSettings.ClientTls.REQUIRED,
            BrokerSettings.HandshakeFirst.OFF, false, false, false, new BrokerSettings.TlsKey("", "", "", "", "", "", "", true)),
            "127.0.0.1", directory.resolve("data"), Instant.now());

        run(command("keytool -exportcert"));

        assertEquals(made.certificate().orElseThrow(), pem("memphis-ee.pem"));
    }

    @Test
    void shouldMakeAKeyStoreFromPemFiles() throws Exception {
        Path file = directory.resolve("source.p12");
        SelfSigned.create(file, "127.0.0.1", Instant.now());
        KeyStore store = KeyStore.getInstance(file.toFile(), SelfSigned.PASSWORD.toCharArray());
        X509Certificate certificate = (X509Certificate) store.getCertificate(SelfSigned.ALIAS);
        write("cert.pem", "CERTIFICATE", certificate.getEncoded());
        write("key.pem", "PRIVATE KEY", store.getKey(SelfSigned.ALIAS, SelfSigned.PASSWORD.toCharArray()).getEncoded());

        run(command("openssl pkcs12 -export") + " -passout pass:chosen"); // what one is asked for

        assertEquals(certificate, ServerTls.load(new BrokerSettings.Tls(BrokerSettings.ClientTls.REQUIRED,
            BrokerSettings.HandshakeFirst.OFF, false, false, false, new BrokerSettings.TlsKey(
            directory.resolve("server.p12").toString(), "chosen", "", "", "", "", "", false)), "127.0.0.1", directory,
            Instant.now()).certificate().orElseThrow());
    }

    private void write(String name, String type, byte[] content) throws IOException {
        Files.writeString(directory.resolve(name), "-----BEGIN " + type + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type + "-----\n");
    }
}

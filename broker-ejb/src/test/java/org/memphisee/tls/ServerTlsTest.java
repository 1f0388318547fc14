package org.memphisee.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.memphisee.config.BrokerSettings.ClientTls;
import org.memphisee.config.BrokerSettings.HandshakeFirst;
import org.memphisee.config.BrokerSettings.Tls;
import org.memphisee.config.BrokerSettings.TlsKey;

class ServerTlsTest {

    private static final Instant NOW = Instant.now();

    @TempDir
    private Path directory;

    private static Tls tls(ClientTls client, TlsKey key) {
        return new Tls(client, HandshakeFirst.OFF, false, false, false, key);
    }

    private static TlsKey selfSigned() {
        return new TlsKey("", "", "", "", "", "", "", true);
    }

    private static TlsKey keystore(String file, String password) {
        return new TlsKey(file, password, "", "", "", "", "", false);
    }

    private static TlsKey pem(Path certificate, Path key, String password) {
        return new TlsKey("", "", certificate.toString(), key.toString(), password, "", "", false);
    }

    private ServerTls load(ClientTls client, TlsKey key) throws TlsException {
        return ServerTls.load(tls(client, key), "127.0.0.1", directory, NOW);
    }

    private TlsException refusal(ClientTls client, TlsKey key) {
        return assertThrows(TlsException.class, () -> load(client, key));
    }

    private KeyStore made() throws Exception {
        SelfSigned.create(SelfSigned.file(directory), "127.0.0.1", NOW);
        return KeyStore.getInstance(SelfSigned.file(directory).toFile(), SelfSigned.PASSWORD.toCharArray());
    }

    private static Path pemFile(Path file, String type, byte[] content) throws IOException {
        return Files.writeString(file, "some words before\n-----BEGIN " + type + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type + "-----\n");
    }

    /** Shakes hands in memory, as a client that trusts exactly this certificate and checks the name. */
    private static String handshake(Supplier<SSLEngine> engines, X509Certificate trusted, String host, String... protocols)
            throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("it", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLEngine client = context.createSSLEngine(host, 6666);
        client.setUseClientMode(true);
        var parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        if (protocols.length > 0) {
            client.setEnabledProtocols(protocols);
        }
        SSLEngine server = engines.get();
        server.setUseClientMode(false);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < 100 && !(done(client) && done(server)); i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        return client.getSession().getProtocol();
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
            && !engine.getSession().getProtocol().equals("NONE");
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(1 << 16));
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out);
    }

    @Test
    void shouldMakeACertificateThatClientsCanTrust() throws Exception {
        ServerTls tls = load(ClientTls.REQUIRED, selfSigned());

        assertTrue(tls.made());
        X509Certificate certificate = tls.certificate().orElseThrow();
        assertEquals(3, certificate.getVersion());
        certificate.checkValidity();
        assertTrue(certificate.getNotAfter().toInstant().isAfter(NOW.plus(Duration.ofDays(364))));
        assertTrue(certificate.getNotAfter().toInstant().isBefore(NOW.plus(Duration.ofDays(366))));
        assertEquals(-1, certificate.getBasicConstraints(), "nobody can sign others with it");
        List<String> names = certificate.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString()).toList();
        assertTrue(names.containsAll(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1")), names::toString);
        assertEquals("TLSv1.3", handshake(tls::engine, certificate, "localhost"));
        assertEquals("TLSv1.2", handshake(tls::engine, certificate, "127.0.0.1", "TLSv1.2"));
        assertThrows(Exception.class, () -> handshake(tls::engine, certificate, "elsewhere.example"));
        assertEquals("rw-------", PosixFilePermissions.toString(
            Files.getPosixFilePermissions(SelfSigned.file(directory))));
    }

    @Test
    void shouldKeepItsCertificateUntilItExpires() throws Exception {
        String first = ServerTls.fingerprint(load(ClientTls.REQUIRED, selfSigned()).certificate().orElseThrow());
        ServerTls again = load(ClientTls.REQUIRED, selfSigned());
        assertFalse(again.made());
        assertEquals(first, ServerTls.fingerprint(again.certificate().orElseThrow()));

        ServerTls later = ServerTls.load(tls(ClientTls.REQUIRED, selfSigned()), "127.0.0.1", directory,
            NOW.plus(Duration.ofDays(366)));
        assertTrue(later.made());
        assertNotEquals(first, ServerTls.fingerprint(later.certificate().orElseThrow()));
    }

    @Test
    void shouldAllowTls12AndForwardSecrecyOnly() throws Exception {
        SSLEngine engine = load(ClientTls.REQUIRED, selfSigned()).engine();
        assertEquals(List.of("TLSv1.3", "TLSv1.2"), Arrays.asList(engine.getEnabledProtocols()));
        for (String cipher : engine.getEnabledCipherSuites()) {
            assertFalse(cipher.contains("_CBC_") || cipher.startsWith("TLS_RSA_") || cipher.contains("NULL"), cipher);
        }
        assertTrue(engine.getEnabledCipherSuites().length >= 4);
    }

    @Test
    void shouldReadAKeyStoreAndSayWhatIsWrongWithOne() throws Exception {
        made();
        String file = SelfSigned.file(directory).toString();
        X509Certificate certificate = load(ClientTls.REQUIRED, keystore(file, SelfSigned.PASSWORD)).certificate()
            .orElseThrow();
        assertEquals("TLSv1.3", handshake(load(ClientTls.REQUIRED, keystore(file, SelfSigned.PASSWORD))::engine,
            certificate, "localhost"));

        TlsException wrong = refusal(ClientTls.REQUIRED, keystore(file, "not-the-secret"));
        assertTrue(wrong.getMessage().contains("password") && wrong.getMessage().contains(file), wrong.getMessage());
        assertFalse((wrong.getMessage() + wrong.remedy()).contains("not-the-secret"));
        assertTrue(wrong.remedy().contains("memphisee.tls.keystore.password"), wrong.remedy());
        assertTrue(refusal(ClientTls.REQUIRED, keystore(directory.resolve("none").toString(), "")).getMessage()
            .contains("cannot be read (NoSuchFileException)"));
        Path text = Files.writeString(directory.resolve("text"), "no key store");
        assertTrue(refusal(ClientTls.REQUIRED, keystore(text.toString(), "")).getMessage().contains("no key store"));
        Path empty = directory.resolve("empty.p12");
        KeyStore nothing = KeyStore.getInstance("PKCS12");
        nothing.load(null, null);
        try (var out = Files.newOutputStream(empty)) {
            nothing.store(out, "x".toCharArray());
        }
        assertTrue(refusal(ClientTls.REQUIRED, keystore(empty.toString(), "x")).getMessage().contains("no private key"));
        assertTrue(refusal(ClientTls.MUTUAL, keystore(file, SelfSigned.PASSWORD)).remedy().contains("memphisee.tls.ca"));
    }

    @Test
    void shouldReadPemFilesAndSayWhatIsWrongWithThem() throws Exception {
        KeyStore store = made();
        X509Certificate certificate = (X509Certificate) store.getCertificate(SelfSigned.ALIAS);
        byte[] pkcs8 = store.getKey(SelfSigned.ALIAS, SelfSigned.PASSWORD.toCharArray()).getEncoded();
        Path cert = pemFile(directory.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
        Path key = pemFile(directory.resolve("key.pem"), "PRIVATE KEY", pkcs8);
        assertEquals("TLSv1.3", handshake(load(ClientTls.REQUIRED, pem(cert, key, ""))::engine, certificate,
            "localhost"));
        TlsKey withCa = new TlsKey("", "", cert.toString(), key.toString(), "", cert.toString(), "", false);
        assertEquals(certificate, load(ClientTls.MUTUAL, withCa).certificate().orElseThrow());

        byte[] other = made().getKey(SelfSigned.ALIAS, SelfSigned.PASSWORD.toCharArray()).getEncoded();
        Path foreign = pemFile(directory.resolve("other.pem"), "PRIVATE KEY", other);
        assertTrue(refusal(ClientTls.REQUIRED, pem(cert, foreign, "")).getMessage().contains("belongs to another one"));
        Path damaged = pemFile(directory.resolve("damaged.pem"), "EC PRIVATE KEY", pkcs8);
        assertTrue(refusal(ClientTls.REQUIRED, pem(cert, damaged, "")).getMessage().contains("is damaged"));
        assertTrue(refusal(ClientTls.REQUIRED, pem(cert, cert, "")).getMessage().contains("no private key"));
        assertTrue(refusal(ClientTls.REQUIRED, pem(key, key, "")).getMessage().contains("certificate"));
        assertTrue(refusal(ClientTls.MUTUAL, pem(cert, key, "")).getMessage().contains("nobody is trusted"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec1", "pkcs1"})
    void shouldReadKeysAsOtherToolsWriteThem(String form) throws Exception {
        Path cert = written(form + "-certificate.pem");
        ServerTls tls = load(ClientTls.REQUIRED, pem(cert, written(form + "-key.pem"), ""));
        X509Certificate certificate = tls.certificate().orElseThrow();
        assertEquals("CN=localhost", certificate.getSubjectX500Principal().getName());
        String other = form.equals("sec1") ? "pkcs1" : "sec1";
        assertTrue(refusal(ClientTls.REQUIRED, pem(cert, written(other + "-key.pem"), "")).getMessage()
            .contains("belongs to another one"));
    }

    @Test
    void shouldSayHowToConvertAKeyThatIsEncryptedInTheOldWay() throws Exception {
        TlsException refused = refusal(ClientTls.REQUIRED, pem(written("pkcs1-certificate.pem"),
            written("pkcs1-encrypted-key.pem"), "x"));
        assertTrue(refused.getMessage().contains("encrypted in an old way"), refused.getMessage());
        assertEquals("Convert it: openssl pkcs8 -topk8 -in old.pem -out key.pem", refused.remedy());
    }

    /** A file that openssl wrote. */
    private Path written(String name) throws IOException {
        try (var in = ServerTlsTest.class.getResourceAsStream(name)) {
            return Files.write(directory.resolve(name), in.readAllBytes());
        }
    }

    @Test
    void shouldReadAnEncryptedKeyWithItsPasswordOnly() throws Exception {
        KeyStore store = made();
        X509Certificate certificate = (X509Certificate) store.getCertificate(SelfSigned.ALIAS);
        Path cert = pemFile(directory.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
        var factory = javax.crypto.SecretKeyFactory.getInstance("PBEWithHmacSHA256AndAES_256");
        var cipher = javax.crypto.Cipher.getInstance("PBEWithHmacSHA256AndAES_256");
        cipher.init(javax.crypto.Cipher.ENCRYPT_MODE,
            factory.generateSecret(new javax.crypto.spec.PBEKeySpec("open sesame".toCharArray())));
        byte[] sealed = cipher.doFinal(store.getKey(SelfSigned.ALIAS, SelfSigned.PASSWORD.toCharArray()).getEncoded());
        var pbes2 = java.security.AlgorithmParameters.getInstance("1.2.840.113549.1.5.13"); // as which it is written
        pbes2.init(cipher.getParameters().getEncoded());
        Path key = pemFile(directory.resolve("key.pem"), "ENCRYPTED PRIVATE KEY",
            new javax.crypto.EncryptedPrivateKeyInfo(pbes2, sealed).getEncoded());
        assertEquals(certificate, load(ClientTls.REQUIRED, pem(cert, key, "open sesame")).certificate().orElseThrow());
        TlsException wrong = refusal(ClientTls.REQUIRED, pem(cert, key, "guess"));
        assertTrue(wrong.getMessage().contains("wrong password"), wrong.getMessage());
        assertTrue(wrong.remedy().contains("MEMPHISEE_TLS_KEY_PASSWORD_FILE"), wrong.remedy());
    }

    @Test
    void shouldSayThatOnlyLibertyHasItsSslElements() {
        TlsException none = refusal(ClientTls.REQUIRED, new TlsKey("", "", "", "", "", "", "mySsl", false));
        assertTrue(none.getMessage().contains("memphisee.tls.liberty.ssl") && none.getMessage().contains("mySsl"));
        assertTrue(none.remedy().contains("transportSecurity-1.0"), none.remedy());
    }
}

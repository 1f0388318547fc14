package org.memphisee.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsStoreTest {

    @TempDir
    private Path directory;

    /** A pair in PEM files; the key of a new one each time. */
    private KeyStore pair() throws Exception {
        Path made = directory.resolve("made.p12");
        Files.deleteIfExists(made);
        SelfSigned.create(made, "127.0.0.1", Instant.now());
        KeyStore store = load(made, SelfSigned.PASSWORD);
        String alias = store.aliases().nextElement();
        pem("cert.pem", "CERTIFICATE", store.getCertificate(alias).getEncoded());
        pem("key.pem", "PRIVATE KEY", store.getKey(alias, SelfSigned.PASSWORD.toCharArray()).getEncoded());
        return store;
    }

    private void pem(String name, String type, byte[] bytes) throws Exception {
        Files.writeString(directory.resolve(name), "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(bytes) + "\n-----END " + type + "-----\n");
    }

    private static KeyStore load(Path file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return store;
    }

    private Path write(String key) throws TlsException {
        Path file = directory.resolve("https.p12");
        HttpsStore.write(file, directory.resolve("cert.pem").toString(), directory.resolve(key).toString(), "");
        return file;
    }

    @Test
    void shouldHoldThePairForItsUserAlone() throws Exception {
        KeyStore source = pair();
        Path file = write("key.pem");
        KeyStore written = load(file, HttpsStore.PASSWORD);
        assertEquals(source.getCertificate(source.aliases().nextElement()), written.getCertificate("server"));
        assertArrayEquals(source.getKey(source.aliases().nextElement(), SelfSigned.PASSWORD.toCharArray()).getEncoded(),
            written.getKey("server", HttpsStore.PASSWORD.toCharArray()).getEncoded());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldTakeTheRenewedPairAndKeepTheOldOneWhenTheNewOneDoesNotFit() throws Exception {
        pair();
        Files.copy(directory.resolve("key.pem"), directory.resolve("old.pem"));
        Path file = write("key.pem");
        KeyStore renewed = pair();
        assertThrows(TlsException.class, () -> write("old.pem"));
        assertFalse(load(file, HttpsStore.PASSWORD).getCertificate("server").equals(renewed.getCertificate(renewed.aliases().nextElement())));
        write("key.pem");
        assertEquals(renewed.getCertificate(renewed.aliases().nextElement()), load(file, HttpsStore.PASSWORD).getCertificate("server"));
    }

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        pair();
        assertTrue(assertThrows(TlsException.class, () -> write("gone.pem")).getMessage().contains("gone.pem"));
        TlsException unwritable = assertThrows(TlsException.class, () -> HttpsStore.write(directory.resolve("no/https.p12"),
            directory.resolve("cert.pem").toString(), directory.resolve("key.pem").toString(), ""));
        assertTrue(unwritable.getMessage().contains("cannot be written") && unwritable.remedy().contains("right"), unwritable.getMessage());
    }

    @Test
    void shouldTakeThePasswordOfTheKeyFromAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "secret\n");
        assertEquals("secret", HttpsStore.password(Map.of("MEMPHISEE_TLS_KEY_PASSWORD_FILE", file.toString())));
        assertEquals("other", HttpsStore.password(Map.of("MEMPHISEE_TLS_KEY_PASSWORD", "other", "MEMPHISEE_TLS_KEY_PASSWORD_FILE", "x")));
        assertEquals("", HttpsStore.password(Map.of()));
    }

    /** The two places that have to say the same word. */
    @Test
    void shouldHaveThePasswordThatTheServersFileHas() throws Exception {
        String file = Files.readString(Path.of("../liberty-config/src/main/liberty/config/tls/https-pem.xml"));
        assertTrue(file.contains("password=\"" + HttpsStore.PASSWORD + "\""), file);
    }
}

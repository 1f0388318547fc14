package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.config.BrokerSettings;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.postgresql.Driver;
import org.postgresql.ssl.PEMKeyManager;

/** What the driver of the metadata database is told of an external one. */
class MetadataDatabaseTest {

    private static final String PASSWORD = "a-Key-store-2";

    @TempDir
    private Path directory;

    private Properties told(DatabaseTls tls) throws Exception {
        MetadataDatabase database = new MetadataDatabase(new BrokerSettings.Database(DatabaseMode.EXTERNAL, "db.example.com", 5433, true,
            "memphis", "someone", "secret", 4, tls, "/ca.pem", directory.resolve("cert.pem").toString(),
            directory.resolve("key.pem").toString(), Optional.empty()), directory);
        return Driver.parseURL(database.open().url(), null);
    }

    private KeyStore pair(String algorithm) throws Exception {
        Path file = directory.resolve("pair.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "a",
            "-keyalg", algorithm, "-dname", "CN=a", "-validity", "2", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass",
            PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        pem("cert.pem", "CERTIFICATE", store.getCertificate("a").getEncoded());
        pem("key.pem", "PRIVATE KEY", store.getKey("a", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(directory.resolve("key.pem"), PosixFilePermissions.fromString("rw-------")); // the driver looks
        return store;
    }

    private void pem(String name, String type, byte[] bytes) throws Exception {
        Files.writeString(directory.resolve(name), "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(bytes) + "\n-----END " + type + "-----\n");
    }

    /** As certificate managers write it; the driver reads the file with what it is told. */
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void shouldGiveTheDriverAKeyInAPemFile(String algorithm) throws Exception {
        KeyStore store = pair(algorithm);
        Properties told = told(DatabaseTls.MUTUAL);
        assertEquals(algorithm, told.getProperty("pemKeyAlgorithm"));
        PEMKeyManager driver = new PEMKeyManager(told.getProperty("sslkey"), told.getProperty("sslcert"), told.getProperty("pemKeyAlgorithm"));
        var key = driver.getPrivateKey("user");
        driver.throwKeyManagerException();
        assertArrayEquals(store.getKey("a", PASSWORD.toCharArray()).getEncoded(), key.getEncoded());
        assertEquals(store.getCertificate("a"), driver.getCertificateChain("user")[0]);
    }

    @Test
    void shouldLeaveItToTheDriverToSayThatThereIsNoCertificate() throws Exception {
        Properties told = told(DatabaseTls.MUTUAL);
        assertEquals("RSA", told.getProperty("pemKeyAlgorithm"));
        assertTrue(told.getProperty("sslcert").endsWith("cert.pem"));
        assertEquals("verify-full", told.getProperty("sslmode"));
        assertEquals(null, told(DatabaseTls.OFF).getProperty("sslmode"));
    }
}

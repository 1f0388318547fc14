package org.memphisee.meta.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.memphisee.config.BrokerSettings.Database;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.memphisee.meta.TestDatabase;
import org.memphisee.support.Await;

/** An external database is spoken to by TLS, one-way and mutual (F-175). */
class MetadataTlsTest {

    private static final String PASSWORD = "a-Key-store-2";

    @TempDir
    private static Path directory;
    private static TestDatabase server;

    @BeforeAll
    static void start() throws Exception {
        for (String name : new String[] {"server", "client", "stranger"}) {
            pair(name);
        }
        server = new TestDatabase(directory.resolve("database"));
        server.execute("postgres", "alter system set ssl_cert_file = '" + file("server", "cert") + "'");
        server.execute("postgres", "alter system set ssl_key_file = '" + file("server", "key") + "'");
        server.execute("postgres", "alter system set ssl_ca_file = '" + file("client", "cert") + "'");
        server.execute("postgres", "alter system set ssl = on");
        Path rules = Path.of(server.rows("postgres", "show hba_file").get(0));
        server.execute("postgres", "create role certified login superuser password '" + PASSWORD + "'");
        Files.writeString(rules, "hostssl all certified all scram-sha-256 clientcert=verify-ca\n" + Files.readString(rules));
        server.execute("postgres", "select pg_reload_conf()");
        Await.until("connections by TLS", () -> {
            try {
                return encrypted("127.0.0.1", DatabaseTls.VERIFY, "server", "").equals("t");
            } catch (SQLException e) {
                return false;
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String file(String name, String what) {
        return directory.resolve(name + "-" + what + ".pem").toString();
    }

    /** A certificate of its own for 127.0.0.1, and its key. */
    private static void pair(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1", "-ext", "bc=ca:true",
            "-validity", "2", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        pem(file(name, "cert"), "CERTIFICATE", store.getCertificate("a").getEncoded());
        pem(file(name, "key"), "PRIVATE KEY", store.getKey("a", PASSWORD.toCharArray()).getEncoded());
    }

    private static void pem(String name, String type, byte[] bytes) throws Exception {
        Path file = Files.writeString(Path.of(name), "-----BEGIN " + type + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------")); // both sides look
    }

    /** Whether the server takes a connection as the broker makes it for one that is encrypted. */
    private static String encrypted(String host, DatabaseTls tls, String ca, String client) throws SQLException {
        Database known = server.settings(TestDatabase.NAME);
        boolean mutual = tls == DatabaseTls.MUTUAL;
        MetadataDatabase.Access access;
        try {
            access = new MetadataDatabase(new Database(DatabaseMode.EXTERNAL, host, server.port(), true, TestDatabase.NAME, "", "",
                4, tls, file(ca, "cert"), mutual ? file(client, "cert") : "", mutual ? file(client, "key") : "", Optional.empty()),
                directory).open();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        try (Connection connection = client.isEmpty() ? DriverManager.getConnection(access.url(), known.user(), known.password())
                : DriverManager.getConnection(access.url(), "certified", PASSWORD);
             Statement statement = connection.createStatement();
             ResultSet result = statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
            assertTrue(result.next());
            return result.getString(1);
        }
    }

    @Test
    void shouldEncryptAndCheckWhoTheServerIs() throws SQLException {
        assertEquals("t", encrypted("127.0.0.1", DatabaseTls.VERIFY, "server", ""));
        SQLException stranger = assertThrows(SQLException.class,
            () -> encrypted("127.0.0.1", DatabaseTls.VERIFY, "stranger", ""));
        assertTrue(stranger.getMessage().contains("PKIX path"), stranger.getMessage());
        SQLException name = assertThrows(SQLException.class, () -> encrypted("localhost", DatabaseTls.VERIFY, "server", ""));
        assertTrue(name.getMessage().contains("could not be verified"), name.getMessage());
    }

    @Test
    void shouldShowItsCertificateWhereItIsWanted() throws SQLException {
        assertEquals("t", encrypted("127.0.0.1", DatabaseTls.MUTUAL, "server", "client"));
        assertThrows(SQLException.class, () -> encrypted("127.0.0.1", DatabaseTls.MUTUAL, "server", "stranger"));
        SQLException without = assertThrows(SQLException.class,
            () -> encrypted("127.0.0.1", DatabaseTls.VERIFY, "server", "client"));
        assertTrue(without.getMessage().contains("certificate"), without.getMessage());
    }
}

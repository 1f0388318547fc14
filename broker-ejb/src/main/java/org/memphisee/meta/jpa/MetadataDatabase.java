package org.memphisee.meta.jpa;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.memphisee.config.BrokerSettings;
import org.memphisee.config.BrokerSettings.DatabaseMode;
import org.memphisee.config.BrokerSettings.DatabaseTls;
import org.memphisee.message.OperatorMessage;
import org.memphisee.meta.postgres.EmbeddedPostgres;
import org.memphisee.meta.postgres.PostgresException;
import org.memphisee.meta.postgres.PostgresPrograms;

/** The database, whoever runs it: makes sure that it is there and says how to connect. One thread. */
final class MetadataDatabase {

    private static final java.util.logging.Logger LOG = java.util.logging.Logger.getLogger(
        MetadataDatabase.class.getName());
    private static final String EMBEDDED_NAME = "memphis";
    /** Of the server, which is started in its directory: its own programs are run from there too. */
    private static final Path WORK_AREA = Path.of("workarea").toAbsolutePath();
    private static final String OBJECT_NOT_FOUND = "3D000";

    private final BrokerSettings.Database settings;
    private final EmbeddedPostgres embedded;

    /**
     * How to connect.
     *
     * @param url JDBC address, without secrets
     * @param user user name
     * @param password password
     */
    record Access(String url, String user, String password) {
        @Override
        public String toString() { // never print secrets
            return url + " as " + user;
        }
    }

    MetadataDatabase(BrokerSettings.Database settings, Path postgresDirectory) {
        this.settings = settings;
        PostgresPrograms programs = settings.programs().map(PostgresPrograms::in)
            .orElseGet(() -> PostgresPrograms.packed(MetadataDatabase.class.getClassLoader(), WORK_AREA));
        this.embedded = new EmbeddedPostgres(postgresDirectory, settings.port(), programs);
    }

    /** Starts the embedded one unless it runs. */
    Access open() throws PostgresException, InterruptedException {
        if (settings.mode() == DatabaseMode.EXTERNAL) {
            return new Access(externalUrl(), settings.user(), settings.password());
        }
        if (!embedded.alive()) {
            embedded.start();
            OperatorMessage.POSTGRES_STARTED.log(LOG, embedded.port());
        }
        Access access = new Access(url("127.0.0.1", EMBEDDED_NAME, Map.of()), EmbeddedPostgres.USER,
            embedded.password());
        createDatabase(access);
        return access;
    }

    /** Whether the embedded one, if it is ours, still runs; an external one shows when it is used. */
    boolean alive() {
        return settings.mode() == DatabaseMode.EXTERNAL || embedded.alive();
    }

    /** Nobody else writes into it from now on; the embedded one is nobody else's anyway. */
    Optional<DatabaseClaim> claim(Access access) {
        return settings.mode() == DatabaseMode.EXTERNAL ? Optional.of(DatabaseClaim.of(access)) : Optional.empty();
    }

    /** Beside the one of the claim. */
    int maxConnections() {
        return settings.mode() == DatabaseMode.EXTERNAL ? Math.max(1, settings.maxConnections() - 1) : settings.maxConnections();
    }

    int port() {
        return settings.port();
    }

    /** Host, port and name for people. */
    String shown() {
        return settings.mode() == DatabaseMode.EXTERNAL
            ? settings.host() + ":" + settings.port() + "/" + settings.name() : "127.0.0.1:" + settings.port();
    }

    void close() throws PostgresException, InterruptedException {
        if (settings.mode() == DatabaseMode.EMBEDDED && embedded.alive()) {
            embedded.stop();
            OperatorMessage.POSTGRES_STOPPED.log(LOG);
        }
    }

    private void createDatabase(Access access) throws PostgresException {
        try {
            connect(access.url(), access).close();
            return;
        } catch (SQLException e) {
            if (!OBJECT_NOT_FOUND.equals(e.getSQLState())) {
                throw new MetadataException(e.getMessage(), e);
            }
        }
        try (Connection connection = connect(url("127.0.0.1", "postgres", Map.of()), access);
             var statement = connection.createStatement()) {
            statement.execute("create database " + EMBEDDED_NAME);
        } catch (SQLException e) {
            throw new MetadataException(e.getMessage(), e);
        }
    }

    private static Connection connect(String url, Access access) throws SQLException {
        return DriverManager.getConnection(url, access.user(), access.password());
    }

    private String externalUrl() {
        Map<String, String> tls = new LinkedHashMap<>();
        if (settings.tls() != DatabaseTls.OFF) {
            tls.put("sslmode", "verify-full");
            if (settings.tlsCa().isEmpty()) {
                tls.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            } else {
                tls.put("sslrootcert", settings.tlsCa());
            }
        }
        if (settings.tls() == DatabaseTls.MUTUAL) {
            tls.put("sslcert", settings.tlsCertificate());
            tls.put("sslkey", settings.tlsKey());
            tls.put("pemKeyAlgorithm", keyAlgorithm(settings.tlsCertificate())); // of a PEM file the driver wants to be told
        }
        return url(settings.host(), settings.name(), tls);
    }

    /** What cannot be read here, the driver cannot read either, and says so. */
    private static String keyAlgorithm(String certificate) {
        try (InputStream in = Files.newInputStream(Path.of(certificate))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey().getAlgorithm();
        } catch (IOException | CertificateException | InvalidPathException e) {
            return "RSA";
        }
    }

    /** A frozen database must become an error, never a wait without end. */
    private String url(String host, String name, Map<String, String> more) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("loginTimeout", "5");
        parameters.put("connectTimeout", "5");
        parameters.put("socketTimeout", "20");
        parameters.put("tcpKeepAlive", "true");
        parameters.put("ApplicationName", "memphis-ee");
        parameters.putAll(more);
        StringBuilder url = new StringBuilder("jdbc:postgresql://").append(host.contains(":") ? "[" + host + "]" : host)
            .append(':').append(settings.port()).append('/').append(name);
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            url.append(separator).append(parameter.getKey()).append('=')
                .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return url.toString();
    }
}

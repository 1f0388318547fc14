package org.memphisee.meta;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.memphisee.config.BrokerSettings;
import org.memphisee.meta.postgres.EmbeddedPostgres;
import org.memphisee.meta.postgres.PostgresException;
import org.memphisee.meta.postgres.PostgresPrograms;
import org.memphisee.support.FreePort;

/**
 * A PostgreSQL server for the tests of a class, to brokers one of others: to make and start one takes longer than most of what is
 * tested with it. One thread uses it.
 */
public final class TestDatabase implements AutoCloseable {

    /** A database that is there from the beginning, without tables. */
    public static final String NAME = "memphis";

    private final EmbeddedPostgres server;
    private final String password;

    /** Starts one, with what belongs to it in a directory. */
    public TestDatabase(Path directory) throws IOException, PostgresException, InterruptedException, SQLException {
        server = new EmbeddedPostgres(directory, FreePort.any(), PostgresPrograms.packed(TestDatabase.class.getClassLoader()));
        server.start();
        password = server.password();
        execute("postgres", "create database " + NAME);
    }

    public int port() {
        return server.port();
    }

    /** How a broker is told of a database. */
    public BrokerSettings.Database settings(String database) {
        return new BrokerSettings.Database(BrokerSettings.DatabaseMode.EXTERNAL, "127.0.0.1", server.port(), true, database,
            EmbeddedPostgres.USER, password, 4, BrokerSettings.DatabaseTls.OFF, "", "", "", Optional.empty());
    }

    public void execute(String database, String sql) throws SQLException {
        execute(server.port(), database, password, sql);
    }

    /** At a server that somebody else has started. */
    public static void execute(int port, String database, String password, String sql) throws SQLException {
        try (Connection connection = connect(port, database, password); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** All rows, values separated by blanks. */
    public List<String> rows(String database, String sql) throws SQLException {
        return rows(server.port(), database, password, sql);
    }

    /** All rows of a server that somebody else has started. */
    public static List<String> rows(int port, String database, String password, String sql) throws SQLException {
        try (Connection connection = connect(port, database, password); Statement statement = connection.createStatement();
             ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(shown(result.getString(i)));
                }
                rows.add(String.join(" ", values));
            }
            return rows;
        }
    }

    private static String shown(String value) {
        return value == null ? "null" : value.equals("t") ? "true" : value.equals("f") ? "false" : value;
    }

    private static Connection connect(int port, String database, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?loginTimeout=10",
            EmbeddedPostgres.USER, password);
    }

    @Override
    public void close() throws PostgresException {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

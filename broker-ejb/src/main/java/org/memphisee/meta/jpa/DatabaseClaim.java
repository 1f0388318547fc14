package org.memphisee.meta.jpa;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * That this broker alone writes into a database: a lock of PostgreSQL that lasts as long as a connection does (ADR 0232). Two
 * would each write anew what the other one wrote. One thread.
 */
final class DatabaseClaim implements AutoCloseable {

    private static final String KEY = "hashtext('memphisee.metadata'), hashtext(coalesce(current_schema(), ''))";
    /** A machine that is gone without a word loses the lock after a minute, not after hours. */
    private static final String[] KEEP_ALIVE = {"set tcp_keepalives_idle = 30", "set tcp_keepalives_interval = 10",
        "set tcp_keepalives_count = 3"};

    private final Connection connection;

    private DatabaseClaim(Connection connection) {
        this.connection = connection;
    }

    /** Another broker has it. */
    static final class TakenException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private TakenException(String who) {
            super(who);
        }
    }

    /**
     * Claims the tables of a database.
     *
     * @throws TakenException when another broker has them; says from where it is connected
     */
    static DatabaseClaim of(MetadataDatabase.Access access) {
        Connection connection = null;
        try {
            connection = DriverManager.getConnection(access.url(), access.user(), access.password());
            String who = claim(connection);
            if (who.isEmpty()) {
                DatabaseClaim claim = new DatabaseClaim(connection);
                connection = null;
                return claim;
            }
            throw new TakenException(who);
        } catch (SQLException e) {
            throw new MetadataException(e.getMessage(), e);
        } finally {
            close(connection);
        }
    }

    /** Empty when it is ours. */
    private static String claim(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : KEEP_ALIVE) {
                statement.execute(setting);
            }
            try (ResultSet ours = statement.executeQuery("select pg_try_advisory_lock(" + KEY + ")")) {
                ours.next();
                if (ours.getBoolean(1)) {
                    return "";
                }
            }
            try (ResultSet other = statement.executeQuery("select coalesce(host(a.client_addr), 'this machine') from pg_locks l join "
                + "pg_stat_activity a on a.pid = l.pid where l.locktype = 'advisory' and l.granted and l.database = (select oid from "
                + "pg_database where datname = current_database()) and l.classid = hashtext('memphisee.metadata')::bigint & 4294967295")) {
                return other.next() ? "connected from " + other.getString(1) : "which has just gone";
            }
        }
    }

    /** Fails when the connection, and the claim with it, was lost. */
    void ask() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException e) {
            throw new MetadataException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                System.getLogger(DatabaseClaim.class.getName()).log(System.Logger.Level.DEBUG, "gone anyway", e);
            }
        }
    }
}

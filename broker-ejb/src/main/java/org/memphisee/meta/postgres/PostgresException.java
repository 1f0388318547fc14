package org.memphisee.meta.postgres;

/** The embedded PostgreSQL could not be started or stopped; the message is one line for people. */
public final class PostgresException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean portInUse;

    PostgresException(String message) {
        this(message, null, false);
    }

    PostgresException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private PostgresException(String message, Throwable cause, boolean portInUse) {
        super(message, cause);
        this.portInUse = portInUse;
    }

    static PostgresException portInUse(int port) {
        return new PostgresException("port " + port + " is in use", null, true);
    }

    /** Whether another program holds the port. */
    public boolean isPortInUse() {
        return portInUse;
    }
}

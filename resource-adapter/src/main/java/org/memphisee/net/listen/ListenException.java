package org.memphisee.net.listen;

import java.net.BindException;

/** The listener could not be opened. */
public final class ListenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String host;
    private final int port;
    private final boolean portInUse;

    ListenException(String host, int port, Throwable cause) {
        super("Cannot listen on " + host + ":" + port + ": " + reason(cause), cause);
        this.host = host;
        this.port = port;
        portInUse = inUse(cause);
    }

    /** The address that was tried. */
    public String host() {
        return host;
    }

    /** The port that was tried. */
    public int port() {
        return port;
    }

    /** Whether another socket holds the port; otherwise the address is wrong or may not be used. */
    public boolean portInUse() {
        return portInUse;
    }

    private static String reason(Throwable cause) {
        return inUse(cause) ? "the port is in use; stop the other program or set another port"
                : String.valueOf(cause.getMessage());
    }

    private static boolean inUse(Throwable cause) { // epoll's exception type differs, its text does not
        return String.valueOf(cause.getMessage()).contains("Address already in use")
                || cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use");
    }
}

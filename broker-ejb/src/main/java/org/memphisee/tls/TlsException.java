package org.memphisee.tls;

import java.util.Objects;

/** TLS cannot be set up as configured. The message says what is wrong, {@link #remedy()} what to do; neither has secrets. */
public final class TlsException extends Exception {

    private static final long serialVersionUID = 1;

    private final String remedy;

    TlsException(String message, String remedy) {
        super(message);
        this.remedy = Objects.requireNonNull(remedy, "remedy is required");
    }

    TlsException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = Objects.requireNonNull(remedy, "remedy is required");
    }

    /** What an operator should do. */
    public String remedy() {
        return remedy;
    }
}

package org.memphisee.port;

/** The answer to CONNECT. */
public sealed interface AuthOutcome {

    /** The client may go on. */
    record Accepted() implements AuthOutcome { }

    /**
     * The client is refused and closed.
     *
     * @param error text for {@code -ERR}, without quotes, e.g. {@code Authorization Violation}
     */
    record Refused(String error) implements AuthOutcome { }
}

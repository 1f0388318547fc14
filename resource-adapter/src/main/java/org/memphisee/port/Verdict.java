package org.memphisee.port;

/** Whether the broker took a publish or subscribe. */
public sealed interface Verdict {

    /** The one accepted verdict. */
    Verdict ACCEPTED = new Accepted();

    /** Taken; a verbose client gets {@code +OK}. */
    record Accepted() implements Verdict { }

    /**
     * Not taken; the connection stays open.
     *
     * @param error text for {@code -ERR}, without the outer quotes
     */
    record Refused(String error) implements Verdict { }
}

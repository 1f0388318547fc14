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

    /**
     * Not taken yet: whom the message is for has too much waiting already. Nothing was done; the same message is to be
     * offered again when that is over.
     *
     * @param until who has to read first
     */
    record Deferred(DeliverySink until) implements Verdict { }
}

package org.memphisee.core.stations;

/** The text of a schema is refused, with what is wrong with it. Carries no stack trace: it is an answer. */
public final class SchemaRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SchemaRefusal(String text) {
        super(text, null, false, false);
    }
}

package org.memphisee.core.schema;

/** A text that is no schema of its language, in the words of the reference. Carries no stack trace: it is an answer. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    public SchemaException(String text) {
        super(text, null, false, false);
    }
}

package org.memphisee.core.errand;

/** An errand or an answer that cannot be read: another release wrote it, or it is damaged. */
public final class ErrandFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ErrandFormatException(String text) {
        super(text, null, false, false);
    }
}

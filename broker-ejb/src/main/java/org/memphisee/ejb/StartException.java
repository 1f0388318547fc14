package org.memphisee.ejb;

import org.memphisee.message.OperatorMessage;

/** The broker must not start; says what an operator should know. */
final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    /** With lines that are complete already. */
    StartException(String lines) {
        super(lines);
    }

    StartException(OperatorMessage message, Object... arguments) {
        super(message.lineWithRemedy(arguments));
    }

    StartException(OperatorMessage message, Throwable cause, Object... arguments) {
        super(message.lineWithRemedy(arguments), cause);
    }
}

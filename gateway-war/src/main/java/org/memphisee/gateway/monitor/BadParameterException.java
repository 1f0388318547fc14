package org.memphisee.gateway.monitor;

/** A parameter makes no sense; the message is what the caller is told. */
final class BadParameterException extends Exception {

    private static final long serialVersionUID = 1;

    BadParameterException(String message) {
        super(message);
    }
}

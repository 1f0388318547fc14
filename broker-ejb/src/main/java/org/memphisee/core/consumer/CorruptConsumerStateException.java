package org.memphisee.core.consumer;

/** A stored consumer state cannot be read; the message says why. Nothing of it has been used. */
public final class CorruptConsumerStateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CorruptConsumerStateException(String message) {
        super(message);
    }
}

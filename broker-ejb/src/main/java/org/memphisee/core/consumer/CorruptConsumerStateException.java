package org.memphisee.core.consumer;

/** A stored consumer state cannot be read; the message says why. Nothing of it has been used. */
public final class CorruptConsumerStateException extends RuntimeException {

    CorruptConsumerStateException(String message) {
        super(message);
    }
}

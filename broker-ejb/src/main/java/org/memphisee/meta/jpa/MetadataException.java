package org.memphisee.meta.jpa;

/** The metadata database did not do what it was asked for; the message is one line for people. */
final class MetadataException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MetadataException(String message) {
        super(message);
    }

    MetadataException(String message, Throwable cause) {
        super(message, cause);
    }
}

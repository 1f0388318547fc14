package org.memphisee.cli.migrate;

/** Messages of one stream, ascending. One thread. */
public interface MessageReader extends AutoCloseable {

    /** The next one; null at the end. */
    StoredMessage next();

    /** Whether there is any; the reader is closed. */
    default boolean any() {
        try (this) {
            return next() != null;
        }
    }

    @Override
    void close();
}

package org.memphisee.core.jetstream;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.jetstream.transfer.IncomingRestore;

/** Restores that can be gone on with, under the names that their clients gave them (ADR 0165). Thread-safe. */
final class Imports {

    /** So long is one kept while nobody goes on with it. */
    static final long KEPT_NANOS = 24L * 3600 * 1_000_000_000L;
    static final int MAX_NAME = 128;

    /**
     * Whose it is.
     *
     * @param name what the client calls it
     */
    record Key(String user, String stream, String name) { }

    /** One that has not ended. */
    record Open(RestoredStream stream, IncomingRestore transfer) { }

    private final Map<Key, Open> open = new ConcurrentHashMap<>();

    Optional<Open> find(Key key) {
        return Optional.ofNullable(open.get(key));
    }

    void put(Key key, Open one) {
        open.put(key, one);
    }

    /** What the stream came from has ended, unless another one has taken its place. */
    void ended(Key key, RestoredStream stream) {
        open.computeIfPresent(key, (k, one) -> one.stream() == stream ? null : one);
    }
}

package org.memphisee.core.api;

/** Where handlers are bound to subjects; they count as responders (wire-protocol.md 1.9). */
public interface ApiRegistry {

    /** Binds a handler to a subject or pattern for the lifetime of the broker. */
    void serve(String pattern, ApiHandler handler);

    /** Gives a request to whoever serves its subject, on this node or another one; false when nobody does. Any thread. */
    default boolean request(ApiRequest request) {
        return false;
    }
}

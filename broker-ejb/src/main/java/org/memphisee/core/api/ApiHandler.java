package org.memphisee.core.api;

/** Serves requests to one subject pattern. Called on the requester's I/O thread: must hand over, never block. */
@FunctionalInterface
public interface ApiHandler {
    void handle(ApiRequest request);
}

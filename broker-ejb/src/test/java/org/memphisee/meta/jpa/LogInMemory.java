package org.memphisee.meta.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.SystemEventListener;

/** A system log whose snapshot is simply everything that was appended. Any thread. */
final class LogInMemory implements MetadataFeed {

    private final String id;
    private final List<SystemEvent> events = new ArrayList<>();
    private final List<SystemEventListener> listeners = new ArrayList<>();

    LogInMemory(String id) {
        this.id = id;
    }

    synchronized void append(SystemEvent event) {
        events.add(event);
        listeners.forEach(listener -> listener.event(events.size(), event));
    }

    /** A broker that ends listens no more. */
    synchronized void forgetListeners() {
        listeners.clear();
    }

    synchronized long index() {
        return events.size();
    }

    @Override
    public String logId() {
        return id;
    }

    @Override
    public synchronized CompletableFuture<DefinitionsSnapshot> follow(SystemEventListener listener) {
        listeners.add(listener);
        return snapshot();
    }

    @Override
    public synchronized CompletableFuture<DefinitionsSnapshot> snapshot() {
        return CompletableFuture.completedFuture(new DefinitionsSnapshot(events.size(), 1000, events));
    }
}

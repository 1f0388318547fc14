package org.memphisee.core.control;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Integrations and what is remembered of them, as part of the fold over all durable events. Control loop only. */
public final class IntegrationDefinitions {

    /** Notes that are kept for each name, also of one that was removed (F-154). */
    static final int NOTES = 200;

    private final TreeMap<String, IntegrationDefinition> byName = new TreeMap<>();
    private final TreeMap<String, Deque<SystemEvent.IntegrationNoted>> notes = new TreeMap<>();

    /** An integration by name. */
    public Optional<IntegrationDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All that are there, by name. */
    public List<IntegrationDefinition> all() {
        return List.copyOf(byName.values());
    }

    /** What happened to an integration, the newest first. */
    public List<SystemEvent.IntegrationNoted> notes(String name) {
        List<SystemEvent.IntegrationNoted> newest = new ArrayList<>();
        Deque<SystemEvent.IntegrationNoted> kept = notes.getOrDefault(name, new ArrayDeque<>());
        for (Iterator<SystemEvent.IntegrationNoted> all = kept.descendingIterator(); all.hasNext();) {
            newest.add(all.next());
        }
        return newest;
    }

    void saved(SystemEvent.IntegrationSaved e) {
        byName.put(e.name(), IntegrationDefinition.of(e));
    }

    void removed(SystemEvent.IntegrationRemoved e) {
        byName.remove(e.name());
    }

    void noted(SystemEvent.IntegrationNoted e) {
        Deque<SystemEvent.IntegrationNoted> kept = notes.computeIfAbsent(e.name(), name -> new ArrayDeque<>());
        kept.addLast(e);
        if (kept.size() > NOTES) {
            kept.removeFirst();
        }
    }

    /** What makes all this from nothing. */
    List<SystemEvent> events() {
        List<SystemEvent> events = new ArrayList<>();
        byName.values().forEach(i -> events.add(new SystemEvent.IntegrationSaved(i.name(), i.keys(), i.sealed(), i.on())));
        notes.values().forEach(events::addAll);
        return events;
    }
}

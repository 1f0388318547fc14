package org.memphisee.core.control;

import java.util.List;

/**
 * All definitions at one moment, as the shortest list of events that makes them from nothing. Immutable.
 *
 * @param index last event that is in it, 0 for none
 * @param nextId the next number to give
 * @param events in an order in which they can be applied
 */
public record DefinitionsSnapshot(long index, long nextId, List<SystemEvent> events) {
    public DefinitionsSnapshot {
        events = List.copyOf(events);
    }
}

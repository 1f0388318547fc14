package org.memphisee.core.control;

import java.util.List;
import java.util.Map;

/**
 * An integration as the log knows it. Immutable.
 *
 * @param name which one
 * @param keys how to reach it, as people wrote it
 * @param sealed secrets, sealed
 * @param on names of the switches that are on
 */
public record IntegrationDefinition(String name, Map<String, String> keys, Map<String, String> sealed, List<String> on) {

    static IntegrationDefinition of(SystemEvent.IntegrationSaved e) {
        return new IntegrationDefinition(e.name(), e.keys(), e.sealed(), e.on());
    }

    @Override
    public String toString() { // never print secrets, sealed or not
        return "IntegrationDefinition[" + name + "]";
    }
}

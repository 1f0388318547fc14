package org.memphisee.core.definitions;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An integration in a document; its secrets stay where they are.
 *
 * @param name which one
 * @param keys how to reach it
 * @param on names of the switches that are on
 */
record IntegrationItem(String name, Map<String, String> keys, List<String> on) {
    IntegrationItem {
        keys = java.util.Collections.unmodifiableMap(new TreeMap<>(keys));
        on = on.stream().sorted().toList();
    }
}

package org.memphisee.config;

import java.util.List;

/**
 * Settings and what people should know about them.
 *
 * @param settings the validated settings
 * @param notes one line per variable that is set and has no effect
 */
public record LoadedSettings(BrokerSettings settings, List<String> notes) {
    public LoadedSettings {
        notes = List.copyOf(notes);
    }
}

package org.memphisee.config;

import java.util.List;

/**
 * Settings and what people should know about them.
 *
 * @param settings the validated settings
 * @param notes one line per variable that is set and has no effect
 * @param unknown one line per name that looks like a setting of ours and is none
 */
public record LoadedSettings(BrokerSettings settings, List<String> notes, List<String> unknown) {
    public LoadedSettings {
        notes = List.copyOf(notes);
        unknown = List.copyOf(unknown);
    }
}

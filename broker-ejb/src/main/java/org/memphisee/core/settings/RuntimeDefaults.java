package org.memphisee.core.settings;

import java.util.EnumMap;
import java.util.Map;

/**
 * What holds where nobody changed a setting while the broker ran.
 *
 * @param configured values that somebody configured, in their stored form; they need not keep to the ranges of changes
 * @param maxMessageBytes largest message by the configuration, bytes
 * @param mostMessageBytes largest message that buffers have room for, bytes
 */
public record RuntimeDefaults(Map<RuntimeSetting, String> configured, int maxMessageBytes, long mostMessageBytes) {

    /** Nothing is configured. */
    public static final RuntimeDefaults NONE = new RuntimeDefaults(Map.of(), 1 << 20, Long.MAX_VALUE);

    public RuntimeDefaults {
        configured = configured.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(configured));
    }
}

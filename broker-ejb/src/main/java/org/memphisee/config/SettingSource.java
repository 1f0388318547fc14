package org.memphisee.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where values of settings come from. */
public interface SettingSource {

    /** What people call it, e.g. {@code environment}. */
    String name();

    /**
     * The value of a key.
     *
     * @param key name of a setting, or of a setting with {@code .file} behind it
     */
    Optional<String> value(String key);

    /** Names that this source has values for, ours and others; some sources cannot tell. */
    default Set<String> names() {
        return Set.of();
    }

    /** A source over a map of keys. */
    static SettingSource of(String name, Map<String, String> values) {
        Map<String, String> copy = Map.copyOf(values);
        return new SettingSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(copy.get(key));
            }

            @Override
            public Set<String> names() {
                return copy.keySet();
            }
        };
    }
}

package org.memphisee.config;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One row of the table of settings.
 *
 * @param <T> type of the value
 * @param key name in server.xml and MicroProfile Config, e.g. {@code memphisee.client.port}
 * @param kind what is allowed
 * @param defaultText value when no source has one
 * @param description one or two sentences for the documentation
 * @param container whether server.xml uses it too, so that two sources must not disagree
 * @param secret whether its value must never be shown
 * @param aliases names of the environment variables of the reference broker that mean the same
 */
record Setting<T>(String key, SettingKind<T> kind, String defaultText, String description, boolean container,
                  boolean secret, List<Alias> aliases) {

    /**
     * An environment variable of the reference broker.
     *
     * @param variable its name
     * @param translate turns its value into ours
     */
    record Alias(String variable, UnaryOperator<String> translate) { }

    Setting {
        Objects.requireNonNull(key, "key is required");
        aliases = List.copyOf(aliases);
    }

    static <T> Setting<T> of(String key, SettingKind<T> kind, String defaultText, String description) {
        return new Setting<>(key, kind, defaultText, description, false, false, List.of());
    }

    /** The same, read by server.xml as well. */
    Setting<T> inContainer() {
        return new Setting<>(key, kind, defaultText, description, true, secret, aliases);
    }

    /** The same, never to be shown. */
    Setting<T> hidden() {
        return new Setting<>(key, kind, defaultText, description, container, true, aliases);
    }

    /** The same with one more variable of the reference. */
    Setting<T> alias(String variable) {
        return alias(variable, UnaryOperator.identity());
    }

    /** The same with one more variable of the reference whose values mean something else here. */
    Setting<T> alias(String variable, UnaryOperator<String> translate) {
        List<Alias> more = new java.util.ArrayList<>(aliases);
        more.add(new Alias(variable, translate));
        return new Setting<>(key, kind, defaultText, description, container, secret, more);
    }

    /** The environment variable of the same name. */
    String variable() {
        return variable(key);
    }

    /** The environment variable of a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** A value as it may be shown. */
    String shown(String value) {
        return secret ? "(hidden)" : "\"" + value + "\"";
    }
}

package org.memphisee.ejb;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import org.eclipse.microprofile.config.Config;

import org.memphisee.config.SettingSource;

/** Settings from the container: server.xml variables, system properties, MicroProfile Config. */
final class ContainerSettings implements SettingSource {

    private final Config config;

    ContainerSettings(Config config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "server.xml";
    }

    @Override
    public Optional<String> value(String key) {
        return config.getOptionalValue(key, String.class);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        config.getPropertyNames().forEach(names::add);
        return names;
    }
}

package org.memphisee.core.control;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;

import org.memphisee.core.control.SystemEvent.TagDefined;

/** The tags that somebody defined, by name; others exist by being attached only. Control loop only. */
public final class TagTable {

    private final TreeMap<String, TagDefined> byName = new TreeMap<>();

    /** A defined tag. */
    public Optional<TagDefined> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All defined tags, by name. */
    public Collection<TagDefined> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    void define(TagDefined tag) {
        byName.put(tag.name(), tag);
    }
}

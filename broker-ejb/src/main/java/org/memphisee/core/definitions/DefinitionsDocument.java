package org.memphisee.core.definitions;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.memphisee.core.stations.Tag;

/**
 * What is defined in an installation, without numbers, times and positions, which are its own. Immutable. Streams of plain clients are
 * not in it: they move as snapshots.
 *
 * @param settings settings that were changed while the broker ran, by key
 * @param users users but root, whose password is a matter of the settings
 * @param tags tags that somebody defined
 * @param schemas schemas with all their versions
 * @param stations native stations with their schema and groups
 * @param integrations integrations, never with their secrets
 */
public record DefinitionsDocument(SortedMap<String, String> settings, List<UserItem> users, List<Tag> tags, List<SchemaItem> schemas,
                                  List<StationItem> stations, List<IntegrationItem> integrations) {

    /** The word that tells such a document from other JSON. */
    public static final String FORMAT = "memphisee.definitions";
    /** The newest version of the format, which is the one that is written. */
    public static final int VERSION = 1;

    public DefinitionsDocument {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        users = List.copyOf(users);
        tags = List.copyOf(tags);
        schemas = List.copyOf(schemas);
        stations = List.copyOf(stations);
        integrations = List.copyOf(integrations);
    }

    /** Whether nothing is defined at all. */
    boolean empty() {
        return settings.isEmpty() && users.isEmpty() && tags.isEmpty() && schemas.isEmpty() && stations.isEmpty()
            && integrations.isEmpty();
    }
}

package org.memphisee.core.definitions;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stations.SchemaOrder;
import org.memphisee.core.stations.Tag;

/**
 * A schema in a document.
 *
 * @param name external name
 * @param type its language
 * @param compatibility what new versions owe to those before them
 * @param tags tags for people
 * @param active number of the active version
 * @param versions all versions; number n is at index n - 1
 */
record SchemaItem(String name, SchemaType type, Compatibility compatibility, List<Tag> tags, int active, List<Version> versions) {

    /**
     * What a version says.
     *
     * @param content the text
     * @param messageName Protobuf: the message at the root; else empty
     */
    record Version(String content, String messageName) {

        /** Whether it says what the other one says; a root that is not named is the one that the other has. */
        boolean says(Version other) {
            return content.equals(other.content) && (messageName.isEmpty() || messageName.equals(other.messageName));
        }
    }

    SchemaItem {
        tags = List.copyOf(tags);
        versions = List.copyOf(versions);
    }

    /** The same with roots named as the other has them, where this one names none. */
    SchemaItem namedAs(SchemaItem other) {
        List<Version> named = new ArrayList<>(versions);
        for (int i = 0; i < Math.min(named.size(), other.versions.size()); i++) {
            if (named.get(i).says(other.versions.get(i))) {
                named.set(i, other.versions.get(i));
            }
        }
        return new SchemaItem(name, type, compatibility, tags, active, named);
    }

    /** One version as it is asked for. */
    SchemaOrder order(int number) {
        Version version = versions.get(number - 1);
        // a history is taken as it was: what its versions owed to each other was looked at when they were made
        return new SchemaOrder(name, type.word(), version.content(), version.messageName(), Compatibility.NONE.word(), tags);
    }
}

package org.memphisee.core.stations;

import java.util.List;
import java.util.Objects;

/**
 * A schema, or a new version of one, as somebody asks for it, not yet checked (management-api.md M-040, wire-protocol.md 3.8).
 *
 * @param name name in any case
 * @param type {@code json}, {@code avro}, {@code protobuf} or {@code graphql}
 * @param content the text
 * @param messageName Protobuf: the message at the root, empty for the first one
 * @param compatibility {@code none}, {@code backward}, {@code forward} or {@code full}; empty for what it was, or none
 * @param tags tags for people
 */
public record SchemaOrder(String name, String type, String content, String messageName, String compatibility, List<Tag> tags) {
    public SchemaOrder {
        Objects.requireNonNull(name, "name is required");
        tags = List.copyOf(tags);
    }
}

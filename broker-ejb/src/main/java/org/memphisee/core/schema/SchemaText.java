package org.memphisee.core.schema;

import java.util.Objects;

/**
 * What a version of a schema says, with what was computed of it when it was made (ADR 0064).
 *
 * @param content the text as it was given
 * @param messageName Protobuf: the message that stands at the root; else empty
 * @param descriptor Protobuf: the file as a serialised descriptor set, in base64; else empty
 */
public record SchemaText(String content, String messageName, String descriptor) {
    public SchemaText {
        Objects.requireNonNull(content, "content is required");
        Objects.requireNonNull(messageName, "message name is required");
        Objects.requireNonNull(descriptor, "descriptor is required");
    }

    /** Characters that it keeps in memory. */
    public int size() {
        return content.length() + messageName.length() + descriptor.length();
    }
}

package org.memphisee.core.schema;

import java.util.Locale;
import java.util.Optional;

/** The language of a schema (features.md 6.1). */
public enum SchemaType {
    /** A JSON Schema; messages are JSON. */
    JSON,
    /** An Avro schema; messages are JSON that conforms to it. */
    AVRO,
    /** One .proto file; messages are the binary form of one of its messages. */
    PROTOBUF,
    /** A GraphQL schema; messages are GraphQL documents. */
    GRAPHQL;

    /** The word that clients use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that name, in any case. */
    public static Optional<SchemaType> of(String word) {
        for (SchemaType type : values()) {
            if (type.word().equalsIgnoreCase(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}

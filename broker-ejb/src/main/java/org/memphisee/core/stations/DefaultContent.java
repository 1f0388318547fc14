package org.memphisee.core.stations;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.access.Users;
import org.memphisee.core.api.Author;

/**
 * What there is to try a new installation with: the station {@value #STATION} with the schema {@value #SCHEMA}
 * (features.md 1.8, F-036). Called once, at the start that makes root. Any thread.
 */
public final class DefaultContent {

    /** Name of the station. */
    public static final String STATION = "default";
    /** Name of the schema. */
    public static final String SCHEMA = "demo-schema";

    private static final Author BY = new Author(Users.ROOT, Author.Door.BROKER, "", "");
    private static final long RETENTION_SECONDS = 3_600;
    private static final String ADDRESS = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Address",
          "type": "object",
          "properties": {
            "street": {"type": "string"},
            "house_number": {"type": "string"},
            "postal_code": {"type": "string"},
            "city": {"type": "string"},
            "country": {"type": "string"}
          },
          "required": ["street", "city", "country"]
        }
        """;

    private final StationAdministration stations;
    private final SchemaAdministration schemas;

    public DefaultContent(StationAdministration stations, SchemaAdministration schemas) {
        this.stations = stations;
        this.schemas = schemas;
    }

    /** Makes both; complete when the station takes messages. */
    public CompletableFuture<Void> make() {
        return schemas.create(BY, new SchemaOrder(SCHEMA, "json", ADDRESS, "", "", List.of(Tag.DEFAULT)))
            .thenCompose(schema -> stations.create(BY, new StationOrder(STATION, "message_age_sec", RETENTION_SECONDS, "file", 1, 1,
                0, true, true, "", false, List.of(Tag.DEFAULT)), SCHEMA))
            .thenApply(station -> null);
    }
}

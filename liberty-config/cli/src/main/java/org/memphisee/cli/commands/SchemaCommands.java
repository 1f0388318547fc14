package org.memphisee.cli.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Schemas of messages. */
@Command(name = "schema", description = "schemas: what messages of a station have to look like")
public final class SchemaCommands {

    private static final List<String> COLUMNS = List.of("name", "type", "activeVersion", "used", "compatibility", "createdBy");
    private static final List<String> VERSIONS = List.of("version", "active", "createdBy", "created", "message", "content");
    private static final String NAME = "schema_name";

    private final Tools tools;

    public SchemaCommands(Tools tools) {
        this.tools = tools;
    }

    /** Languages. */
    public enum Type { json, avro, protobuf, graphql }

    /** What a new version owes to those before it. */
    public enum Compatibility { none, backward, forward, full }

    /** What the broker does with messages that do not fit. */
    public enum Enforcement { off, warn, refuse }

    @Command(description = "lists the schemas")
    int ls() {
        tools.print("SchemaList", COLUMNS, Tools.items(tools.api().get("schemas/getAllSchemas"), schema -> {
            ObjectNode n = Tools.object().put("name", schema.path("name").asText()).put("type", schema.path("type").asText())
                .put("activeVersion", schema.path("active_version_number").asInt()).put("used", schema.path("used").asBoolean())
                .put("compatibility", schema.path("compatibility").asText())
                .put("createdBy", schema.path("created_by_username").asText()).put("created", schema.path("created_at").asText());
            Tools.names(n.putArray("tags"), schema.path("tags"));
            return n;
        }));
        return ExitCode.DONE;
    }

    @Command(description = "shows a schema: its versions, the newest first")
    int show(@Parameters(paramLabel = "SCHEMA") String name,
             @Option(names = "--raw", description = "write the text of the active version and nothing else") boolean raw) {
        JsonNode schema = tools.api().get("schemas/getSchemaDetails", NAME, name);
        if (raw) {
            schema.path("versions").forEach(version -> {
                if (version.path("active").asBoolean()) {
                    tools.surroundings().out().writeBytes(version.path("schema_content").asText().getBytes(StandardCharsets.UTF_8));
                }
            });
            tools.surroundings().out().flush();
        } else {
            versions(schema);
        }
        return ExitCode.DONE;
    }

    private void versions(JsonNode schema) {
        tools.print("SchemaVersionList", VERSIONS, Tools.items(schema.path("versions"), version -> Tools.object()
            .put("schema", schema.path(NAME).asText()).put("type", schema.path("type").asText())
            .put("version", version.path("version_number").asInt()).put("active", version.path("active").asBoolean())
            .put("createdBy", version.path("created_by_username").asText()).put("created", version.path("created_at").asText())
            .put("message", version.path("message_struct_name").asText()).put("content", version.path("schema_content").asText())));
    }

    @Command(description = "lists the stations that have a schema")
    int stations(@Parameters(paramLabel = "SCHEMA") String name) {
        tools.print("SchemaStationList", List.of("schema", "station"), Tools.items(tools.api()
            .get("schemas/getSchemaDetails", NAME, name).path("used_stations"),
            station -> Tools.object().put("schema", name).put("station", station.asText())));
        return ExitCode.DONE;
    }

    @Command(description = "makes a schema; its first version is active")
    int create(@Parameters(paramLabel = "SCHEMA") String name,
               @Option(names = {"-t", "--type"}, paramLabel = "TYPE", required = true, description = "json, avro, protobuf or graphql") Type type,
               @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true, description = "the text; - for the input") Path file,
               @Option(names = "--message", paramLabel = "NAME", description = "Protobuf: the message at the root") String message,
               @Option(names = "--compatibility", paramLabel = "WHAT", description = "none, backward, forward or full: what new versions owe "
                   + "to those before") Compatibility compatibility,
               @Option(names = "--tag", paramLabel = "NAME", description = "a tag; may be repeated") List<String> tags) {
        ObjectNode body = Tools.object().put("name", name).put("type", type.name()).put("schema_content", text(file))
            .put("message_struct_name", message == null ? "" : message)
            .put("compatibility", compatibility == null ? "" : compatibility.name());
        ArrayNode list = body.putArray("tags");
        (tags == null ? List.<String>of() : tags).forEach(tag -> list.addObject().put("name", tag));
        tools.api().post("schemas/createNewSchema", body);
        return ExitCode.DONE;
    }

    private String text(Path file) {
        try {
            return file.toString().equals("-") ? new String(tools.surroundings().in().readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(file);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.NOT_FOUND, file + " cannot be read as text: " + e.getClass().getSimpleName());
        }
    }

    @Command(name = "new-version", description = "adds a version, which is not active until \"activate\"")
    int newVersion(@Parameters(paramLabel = "SCHEMA") String name,
                   @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true, description = "the text; - for the input") Path file,
                   @Option(names = "--message", paramLabel = "NAME", description = "Protobuf: the message at the root") String message,
                   @Option(names = "--activate", description = "make it the active one at once") boolean activate) {
        JsonNode schema = tools.api().post("schemas/createNewVersion", Tools.object().put(NAME, name)
            .put("schema_content", text(file)).put("message_struct_name", message == null ? "" : message));
        int version = 0;
        for (JsonNode each : schema.path("versions")) {
            version = Math.max(version, each.path("version_number").asInt());
        }
        versions(activate ? activated(name, version) : schema);
        return ExitCode.DONE;
    }

    private JsonNode activated(String name, int version) {
        return tools.api().put("schemas/rollBackVersion", Tools.object().put(NAME, name).put("version_number", version));
    }

    @Command(description = "makes a version the active one; stations keep what they have until \"attach\"")
    int activate(@Parameters(paramLabel = "SCHEMA") String name, @Parameters(paramLabel = "VERSION") int version) {
        versions(activated(name, version));
        return ExitCode.DONE;
    }

    @Command(description = "tells what breaks between two versions, for who reads and for who writes; ends with 1 if anything does")
    int compare(@Parameters(paramLabel = "SCHEMA") String name, @Parameters(paramLabel = "FROM") int from,
                @Parameters(paramLabel = "TO") int to) {
        JsonNode answer = tools.api().get("schemas/compareVersions", NAME, name, "from", Integer.toString(from),
            "to", Integer.toString(to));
        List<ObjectNode> items = Tools.items(answer.path("backward"), text -> broken("backward", text));
        items.addAll(Tools.items(answer.path("forward"), text -> broken("forward", text)));
        tools.print("SchemaBreakList", List.of("direction", "what"), items);
        return items.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static ObjectNode broken(String direction, JsonNode text) {
        return Tools.object().put("direction", direction).put("what", text.asText());
    }

    @Command(description = "changes what new versions owe to those before")
    int edit(@Parameters(paramLabel = "SCHEMA") String name,
             @Option(names = "--compatibility", paramLabel = "WHAT", required = true, description = "none, backward, forward or full")
             Compatibility compatibility) {
        tools.api().put("schemas/updateSchema", Tools.object().put(NAME, name).put("compatibility", compatibility.name()));
        return ExitCode.DONE;
    }

    @Command(description = "gives stations the active version of a schema; if one of them is not there, none gets it")
    int attach(@Parameters(paramLabel = "SCHEMA") String name,
               @Parameters(paramLabel = "STATION", arity = "1..*") List<String> stations,
               @Option(names = "--enforcement", paramLabel = "WHAT", description = "off, warn or refuse; without it what it was, or refuse")
               Enforcement enforcement) {
        ObjectNode body = Tools.object().put(NAME, name).put("enforcement", enforcement == null ? "" : enforcement.name());
        stations.forEach(body.putArray("station_names")::add);
        tools.api().post("stations/useSchema", body);
        return ExitCode.DONE;
    }

    @Command(description = "sets what the broker does with messages of a station that do not fit")
    int enforce(@Parameters(paramLabel = "STATION") String station,
                @Parameters(paramLabel = "WHAT", description = "off, warn or refuse") Enforcement enforcement) {
        tools.api().put("stations/updateSchemaEnforcement", Tools.object().put("station_name", station)
            .put("enforcement", enforcement.name()));
        return ExitCode.DONE;
    }

    @Command(description = "takes the schema from a station")
    int detach(@Parameters(paramLabel = "STATION") String station) {
        tools.api().delete("stations/removeSchemaFromStation", Tools.object().put("station_name", station));
        return ExitCode.DONE;
    }

    @Command(description = "removes schemas; stations that have one lose it, unless --unused is given")
    int rm(@Parameters(paramLabel = "SCHEMA", arity = "1..*") List<String> names,
           @Option(names = "--unused", description = "refuse if a station has one of them") boolean unused) {
        tools.confirm("Remove schema " + String.join(", ", names));
        ObjectNode body = Tools.object().put("only_unused", unused);
        names.forEach(body.putArray("schema_names")::add);
        tools.api().delete("schemas/removeSchema", body);
        return ExitCode.DONE;
    }

    @Command(description = "looks whether a text is a schema; ends with 65 if it is none")
    int validate(@Option(names = {"-t", "--type"}, paramLabel = "TYPE", required = true, description = "json, avro, protobuf or graphql")
                 Type type,
                 @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true, description = "the text; - for the input") Path file) {
        tools.api().post("schemas/validateSchema", Tools.object().put("schema_type", type.name()).put("schema_content", text(file)));
        return ExitCode.DONE;
    }
}

package org.memphisee.cli.commands;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keys with which programs use the management API. */
@Command(name = "key", description = "keys with which programs use the management API without a password")
public final class KeyCommands {

    private static final List<String> COLUMNS = List.of("id", "user", "name", "created", "expires");

    private final Tools tools;

    public KeyCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists your keys; root sees everybody's")
    int ls() {
        tools.print("KeyList", COLUMNS, Tools.items(tools.api().get("v2/api-keys").path("keys"), KeyCommands::item));
        return ExitCode.DONE;
    }

    private static ObjectNode item(JsonNode key) {
        return Tools.object().put("id", key.path("id").asLong()).put("user", key.path("user").asText())
            .put("name", key.path("name").asText()).put("created", key.path("created_at").asText())
            .put("expires", key.path("expires_at").asText());
    }

    @Command(description = "makes a key of yours, and shows it this one time")
    int make(@Parameters(paramLabel = "NAME", description = "what it is for") String name,
             @Option(names = "--days", paramLabel = "NUMBER", defaultValue = "0", description = "it ends after so many; never without it") int days) {
        JsonNode made = tools.api().post("v2/api-keys", Tools.object().put("name", name).put("expires_days", days));
        tools.print("KeyList", List.of("id", "name", "expires", "key"), List.of(item(made).put("key", made.path("key").asText())));
        return ExitCode.DONE;
    }

    @Command(description = "ends a key")
    int revoke(@Parameters(paramLabel = "ID") long id) {
        tools.confirm("End key " + id);
        tools.api().delete("v2/api-keys", Tools.object().put("id", id));
        return ExitCode.DONE;
    }
}

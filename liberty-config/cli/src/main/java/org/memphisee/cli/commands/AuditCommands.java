package org.memphisee.cli.commands;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who changed what. */
@Command(name = "audit", description = "audit: who changed what, and what it was before")
public final class AuditCommands {

    private final Tools tools;

    public AuditCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = "lists changes, the newest first")
    int ls(@Option(names = "--kind", paramLabel = "KIND", defaultValue = "", description = "station, group, user, schema, setting, ...") String kind,
           @Option(names = "--object", paramLabel = "NAME", defaultValue = "", description = "what was changed") String object,
           @Option(names = "--station", paramLabel = "STATION", defaultValue = "", description = "what is about this station") String station,
           @Option(names = "--of", paramLabel = "USER", defaultValue = "", description = "what this user changed") String user,
           @Option(names = "--action", paramLabel = "NAME", defaultValue = "", description = "for example station_created") String action,
           @Option(names = "--from", paramLabel = "TIME", defaultValue = "", description = "not before, 2026-01-31T10:00:00Z") String from,
           @Option(names = "--to", paramLabel = "TIME", defaultValue = "", description = "not after") String to,
           @Option(names = "--activity", description = "also which producers and consumers came and went") boolean activity,
           @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "50", description = "default ${DEFAULT-VALUE}") int limit,
           @Option(names = "--start", paramLabel = "ID", defaultValue = "0", description = "go on where the page before ended") long start) {
        JsonNode answer = tools.api().get("v2/audit", "kind", kind, "object", object, "station", station, "user", user,
            "action", action, "from", from, "to", to, "activity", Boolean.toString(activity), "limit", Integer.toString(limit),
            "start", Long.toString(start));
        tools.print("AuditList", List.of("time", "user", "door", "address", "action", "kind", "object"),
            Tools.items(answer.path("entries"), AuditCommands::item));
        long next = answer.path("next").asLong();
        if (next > 0) {
            tools.say("There is more: --start " + next);
        }
        return ExitCode.DONE;
    }

    private static ObjectNode item(JsonNode entry) {
        ObjectNode n = Tools.object().put("id", entry.path("id").asLong()).put("time", entry.path("at").asText())
            .put("user", entry.path("user").asText()).put("door", entry.path("door").asText())
            .put("address", entry.path("address").asText()).put("program", entry.path("program").asText())
            .put("action", entry.path("action").asText()).put("kind", entry.path("kind").asText())
            .put("object", entry.path("object").asText());
        n.set("before", entry.path("before").deepCopy());
        n.set("after", entry.path("after").deepCopy());
        return n.put("problem", entry.path("problem").asText());
    }

    @Command(description = "shows a definition as it was at a time")
    int definition(@Parameters(paramLabel = "KIND", description = "station, group, user, setting") String kind,
                   @Parameters(paramLabel = "NAME", description = "of a group: STATION/GROUP") String object,
                   @Option(names = "--at", paramLabel = "TIME", required = true, description = "2026-01-31T10:00:00Z") String at) {
        JsonNode answer = tools.api().get("v2/audit/definition", "kind", kind, "object", object, "at", at);
        if (!answer.path("known").asBoolean()) {
            throw CliFailure.notFound("Nothing is known of " + kind + " " + object + " at that time; the oldest change that is kept is of "
                + answer.path("oldest").asText());
        }
        ObjectNode n = Tools.object().put("kind", kind).put("object", object).put("at", at);
        n.set("definition", answer.path("definition").deepCopy());
        tools.print("DefinitionList", List.of("kind", "object", "at", "definition"), List.of(n));
        return ExitCode.DONE;
    }
}

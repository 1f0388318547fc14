package org.memphisee.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Definitions of a broker as one document: out, compared, in. */
@Command(name = "definitions", description = {"stations, groups, users, schemas, tags, settings and integrations as one document",
    "Without messages, positions and secrets; docs/guide/definitions.md says what is in it."})
public final class DefinitionCommands {

    private static final List<String> COLUMNS = List.of("kind", "name", "action", "result", "details");
    private static final List<String> DIFFERENCES = List.of("kind", "name", "action", "details");
    private static final Set<String> PARTS = Set.of("settings", "users", "tags", "schemas", "stations", "integrations");
    /** As large as the broker takes. */
    private static final int MAX_BYTES = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tools tools;

    public DefinitionCommands(Tools tools) {
        this.tools = tools;
    }

    /** What to do with what is there already. */
    enum Conflict { fail, skip, update }

    @Command(description = "writes the definitions of the broker as JSON")
    int export(@Option(names = "--out", paramLabel = "FILE", description = "a file that does not exist yet, instead of the output; only "
                   + "its owner may read it")
               Path out,
               @Option(names = "--with-password-hashes", description = "users with the hashes of their passwords, which only root gets: "
                   + "keep the document as you keep passwords")
               boolean hashes,
               @Option(names = "--without", paramLabel = "PART", split = ",",
                   description = "leave out settings, users, tags, schemas, stations or integrations")
               List<String> without) {
        JsonNode document = hashes ? tools.api().get("v2/definitions", "with_password_hashes", "true")
            : tools.api().get("v2/definitions");
        String text = text(reduced(document, without));
        if (out == null) {
            tools.line(text);
        } else {
            write(out, text + "\n");
        }
        return ExitCode.DONE;
    }

    @Command(name = "import", description = {"brings a document in",
        "The broker looks at all of it first and changes nothing when something is wrong. What is exactly so already is left alone; "
            + "nothing is ever removed. Exit code 1: not all of it is in."})
    int bringIn(@Parameters(paramLabel = "FILE", description = "a document, - for the input") Path file,
                @Option(names = {"-n", "--dry-run"}, description = "tell what would be done, and do nothing") boolean dryRun,
                @Option(names = "--on-conflict", paramLabel = "POLICY", defaultValue = "fail", description = "what happens when something is "
                    + "there already and is otherwise: fail changes nothing at all, skip leaves it, update changes it; default "
                    + "${DEFAULT-VALUE}")
                Conflict policy,
                @Option(names = "--without", paramLabel = "PART", split = ",",
                    description = "leave out settings, users, tags, schemas, stations or integrations")
                List<String> without,
                @Option(names = "--replicas", paramLabel = "NUMBER", description = "of all stations, instead of those that the document has")
                Integer replicas) {
        JsonNode answer = tools.api().post("v2/definitions/import?on_conflict=" + policy + (dryRun ? "&dry_run=true" : ""),
            withReplicas(reduced(read(file), without), replicas));
        List<ObjectNode> changes = changes(answer);
        tools.print("DefinitionList", COLUMNS, changes.stream().filter(change -> tools.json() || !same(change)).toList());
        changes.stream().filter(change -> change.path("result").asText().equals("failed")).forEach(change -> tools.say(
            "memphisee: " + change.path("kind").asText() + " " + change.path("name").asText() + ": " + change.path("error").asText()));
        boolean conflict = changes.stream().anyMatch(change -> change.path("action").asText().equals("conflict"));
        return conflict || !dryRun && !answer.path("complete").asBoolean() ? ExitCode.REFUSED : ExitCode.DONE;
    }

    @Command(description = {"shows where a document and the broker differ", "Exit code 1: they differ."})
    int diff(@Parameters(paramLabel = "FILE", description = "a document, - for the input") Path file) {
        List<ObjectNode> changes = changes(tools.api().post("v2/definitions/diff", read(file)));
        tools.print("DefinitionList", DIFFERENCES, changes);
        return changes.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static boolean same(ObjectNode change) {
        return change.path("action").asText().equals("same");
    }

    private static List<ObjectNode> changes(JsonNode answer) {
        List<ObjectNode> changes = new ArrayList<>();
        answer.path("changes").forEach(change -> changes.add((ObjectNode) change));
        return changes;
    }

    private static JsonNode withReplicas(JsonNode document, Integer replicas) {
        if (replicas == null) {
            return document;
        }
        JsonNode changed = document.deepCopy();
        changed.path("stations").forEach(station -> {
            if (station instanceof ObjectNode one) {
                one.put("replicas", replicas);
            }
        });
        return changed;
    }

    private static JsonNode reduced(JsonNode document, List<String> without) {
        if (without == null) {
            return document;
        }
        without.stream().filter(part -> !PARTS.contains(part)).findFirst().ifPresent(part -> {
            throw CliFailure.usage("A document has no part " + part + "; there are settings, users, tags, schemas, stations, integrations");
        });
        return document instanceof ObjectNode object ? object.deepCopy().without(without) : document;
    }

    private JsonNode read(Path file) {
        try (InputStream in = file.toString().equals("-") ? tools.surroundings().in() : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CliFailure(ExitCode.BAD_DATA, file + " is larger than 16 MiB, which is the most that a broker takes; split it");
            }
            JsonNode document = JSON.readTree(bytes);
            if (document == null || !document.isObject()) {
                throw new CliFailure(ExitCode.BAD_DATA, file + " has no JSON object");
            }
            return document;
        } catch (JsonProcessingException e) {
            throw new CliFailure(ExitCode.BAD_DATA, file + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CliFailure.notFound(file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static String text(JsonNode document) {
        try {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            return JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines)).writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
            Files.writeString(file, text, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw CliFailure.usage(file + " cannot be written (" + e.getClass().getSimpleName() + "); name a file that does not exist yet");
        }
    }
}

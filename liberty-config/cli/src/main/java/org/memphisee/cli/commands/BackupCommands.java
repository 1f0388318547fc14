package org.memphisee.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Backups of a node (docs/guide/backup.md): the broker makes them, on its schedule and when it is asked; the rest is work on files.
 */
@Command(name = "backup", description = "backups of a whole node; of one station: station backup")
public final class BackupCommands {

    /** As OnlineBackup names them: times sort as they passed. */
    private static final String NAME = "\\d{8}T\\d{6}Z";
    private static final String PARTIAL = NAME + "\\.partial";

    private static final List<String> COLUMNS = List.of("name", "complete", "bytes");

    private final Tools tools;

    public BackupCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = {"makes a backup of the broker that is asked, now, into the directory that memphisee.backup.dir names",
        "Publishing goes on. Refused when there is no directory, no room, when one is being made, and at a node of a cluster that is behind.",
        "With --all-nodes each node of the cluster makes one, of what it has, where its own settings say; one that is not there is not waited "
            + "for.",
        "Exit code 1: it was refused, stopped, or failed. Exit code 3: some nodes made one, which stays; who did not is named, and why."})
    int create(@Option(names = "--all-nodes", description = "at each node of the cluster") boolean all,
               @Option(names = "--wait", description = "until it is complete; else task ls tells how far it is") boolean wait) {
        JsonNode task = tools.api().post("v2/backups", all ? Tools.object().put("all_nodes", true) : Tools.object());
        if (!wait) {
            TaskCommands.print(tools, task);
            return ExitCode.DONE;
        }
        JsonNode ended = TaskCommands.await(tools, task);
        List<ObjectNode> made = new ArrayList<>();
        ended.path("data").properties().stream().filter(each -> each.getValue().isTextual()).forEach(each -> made.add(
            Tools.object().put("name", each.getValue().asText()).put("complete", true)
                .put("node", each.getKey().equals("backup") ? "" : each.getKey())));
        made.sort(Comparator.comparing(each -> each.path("node").asText())); // the task has them in no order
        String state = ended.path("state").asText();
        if (made.size() == 1 && made.get(0).path("node").asText().isEmpty()) {
            made.get(0).put("bytes", ended.path("done").asLong()).remove("node");
            tools.print("BackupList", COLUMNS, made);
        } else if (!made.isEmpty()) {
            tools.print("BackupList", List.of("node", "name", "complete"), made);
        }
        if (!state.equals("completed")) {
            String why = ended.path("failure_reason").asText();
            String said = why.isEmpty() ? state : why;
            if (made.isEmpty()) {
                throw CliFailure.refused("There is no backup: " + said);
            }
            throw new CliFailure(ExitCode.PARTLY, "Not all nodes made one: " + said + "\nThose above are complete. Of the stations with one replica on"
                + " the others there is none: when such a node is there and ready, ask it for its own with memphisee backup create --wait.");
        }
        return ExitCode.DONE;
    }

    @Command(description = {"lists backups, the newest first: those of the broker that is asked, or those in a directory here",
        "Exit code 66: there is none that is complete."})
    int ls(@Parameters(paramLabel = "DIR", arity = "0..1", description = "a directory on this machine, as memphisee.backup.dir names it; no "
            + "broker is asked") Path directory) {
        List<ObjectNode> items = directory == null ? ofBroker() : in(directory);
        tools.print("BackupList", COLUMNS, items);
        return items.stream().anyMatch(item -> item.path("complete").asBoolean()) ? ExitCode.DONE : ExitCode.NOT_FOUND;
    }

    private List<ObjectNode> ofBroker() {
        return Tools.items(tools.api().get("v2/backups").path("backups"), backup -> Tools.object().put("name",
            backup.path("name").asText()).put("complete", true).put("bytes", backup.path("bytes").asLong()));
    }

    private static List<ObjectNode> in(Path directory) {
        List<ObjectNode> items = new ArrayList<>();
        try (Stream<Path> found = Files.list(directory)) {
            for (Path one : found.sorted(Comparator.reverseOrder()).toList()) {
                String name = one.getFileName().toString();
                if (Files.isDirectory(one) && name.matches(NAME + "|" + PARTIAL)) {
                    items.add(Tools.object().put("name", name)
                        .put("complete", name.matches(NAME) && Files.isRegularFile(one.resolve("MANIFEST"))).put("bytes", bytes(one)));
                }
            }
        } catch (IOException e) {
            throw CliFailure.notFound(directory + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return items;
    }

    private static long bytes(Path directory) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    @Command(description = {"reads a backup and compares it with its checksums", "Exit code 65: it is damaged."})
    int verify(@Parameters(paramLabel = "BACKUP") Path backup) {
        return StoreTool.run(tools, "verify-backup", List.of(backup.toString()));
    }

    @Command(description = {"removes old backups from a directory of them, on this machine",
        "Reads backups from the newest on, until it found as many good ones as are to stay; what is older than these goes. So the last good one "
            + "always stays, and nothing goes when there is none. With both rules only what both let go is removed.",
        "Exit code 65: a damaged one was found. It stays, and does not count."})
    int prune(@Parameters(paramLabel = "DIR", description = "as memphisee.backup.dir names it") Path directory,
              @Option(names = "--keep", paramLabel = "N", description = "good backups that stay, at least 1") Integer keep,
              @Option(names = "--older-than", paramLabel = "AGE", description = "only what was begun before, as 12h, 30d or 8w") String age,
              @Option(names = "--dry-run", description = "says what would be removed") boolean dry) {
        if (keep == null && age == null) {
            throw CliFailure.usage("Say what stays: --keep N, --older-than AGE or both");
        }
        List<String> words = new ArrayList<>(List.of(directory.toString()));
        if (keep != null) {
            words.addAll(List.of("--keep", keep.toString()));
        }
        if (age != null) {
            Instant before = Instant.now().minusSeconds(Quantities.seconds(age)).truncatedTo(ChronoUnit.SECONDS);
            words.addAll(List.of("--before", before.toString()));
        }
        if (dry) {
            words.add("--dry-run");
        } else {
            tools.confirm("Remove old backups from " + directory);
        }
        return StoreTool.run(tools, "prune-backups", words);
    }

    @Command(description = {"puts a backup into the data directory of a stopped broker",
        "The directory must hold no log unless --replace is given. Nothing is replaced by a backup that is damaged."})
    int restore(@Parameters(paramLabel = "BACKUP") Path backup,
                @Option(names = "--data", required = true, paramLabel = "DIR", description = "the data directory") Path data,
                @Option(names = "--replace", description = "replace the log that is there; it stays beside it as log.before-restore")
                boolean replace,
                @Option(names = "--same", description = "it takes the place of a node that will not come back") boolean same) {
        if (replace) {
            tools.confirm("Replace the log in " + data);
        }
        List<String> words = new ArrayList<>(List.of(backup.toString(), "--data", data.toString()));
        if (replace) {
            words.add("--replace");
        }
        if (same) {
            words.add("--same");
        }
        return StoreTool.run(tools, "restore", words);
    }
}

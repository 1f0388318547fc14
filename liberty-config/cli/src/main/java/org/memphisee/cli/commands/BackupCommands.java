package org.memphisee.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Backups of a node, which the broker makes on its schedule (docs/guide/backup.md). Work on files; no broker is asked. */
@Command(name = "backup", description = "backups of a whole node; of one station: station backup")
public final class BackupCommands {

    /** As OnlineBackup names them: times sort as they passed. */
    private static final String NAME = "\\d{8}T\\d{6}Z";
    private static final String PARTIAL = NAME + "\\.partial";

    private final Tools tools;

    public BackupCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = {"lists the backups in a directory, the newest first",
        "Exit code 66: there is none that is complete."})
    int ls(@Parameters(paramLabel = "DIR", description = "what memphisee.backup.dir names") Path directory) {
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
        tools.print("BackupList", List.of("name", "complete", "bytes"), items);
        return items.stream().anyMatch(item -> item.path("complete").asBoolean()) ? ExitCode.DONE : ExitCode.NOT_FOUND;
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

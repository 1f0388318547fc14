package org.memphisee.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.cli.backup.NewName;
import org.memphisee.cli.backup.StationBackup;
import org.memphisee.cli.backup.StationRestore;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A station in a directory, and back. */
public final class StationBackupCommands {

    private static final List<String> COLUMNS = List.of("stream", "messages", "bytes", "sha256");
    /** An answer may wait for much to become durable. */
    private static final int LEAST_TIMEOUT = 60;

    private StationBackupCommands() { }

    private static Broker broker(Tools tools) {
        return new Broker(tools.target(), Math.max(LEAST_TIMEOUT, tools.options().timeout));
    }

    private static void print(Tools tools, List<? extends JsonNode> streams) {
        tools.print("BackupList", COLUMNS, streams.stream().map(ObjectNode.class::cast).toList());
    }

    /** {@code station backup}. */
    @Command(name = "backup", description = {"writes a station with all its partitions and groups into a directory",
        "Publishing goes on meanwhile; each partition is saved as it is when its turn comes."})
    public static final class Backup implements Callable<Integer> {

        private final Tools tools;

        @Parameters(paramLabel = "STATION")
        private String station;

        @Option(names = "--to", required = true, paramLabel = "DIR", description = "a directory that does not exist yet; only its owner may "
            + "read it")
        private Path to;

        @Option(names = "--without-groups", description = "messages only, no positions of groups")
        private boolean messagesOnly;

        public Backup(Tools tools) {
            this.tools = tools;
        }

        @Override
        public Integer call() {
            try (Broker broker = broker(tools)) {
                print(tools, new StationBackup(broker).write(station, to, !messagesOnly));
            }
            return ExitCode.DONE;
        }
    }

    /** {@code station restore}. */
    @Command(name = "restore", description = {"brings in a station that station backup wrote",
        "There must be none of its name. All files are compared with their digests first, and nobody sees the station before it is complete."})
    public static final class Restore implements Callable<Integer> {

        private final Tools tools;

        @Parameters(paramLabel = "DIR", description = "what station backup wrote")
        private Path from;

        @Option(names = "--as", paramLabel = "NAME", description = "under another name, beside the station that was saved or instead of "
            + "it; its groups come along")
        private String name;

        @Option(names = "--subject", paramLabel = "FROM=TO", description = "for a stream of plain clients under another name: subjects that "
            + "begin with the tokens FROM begin with TO instead; may be repeated")
        private Map<String, String> subjects = Map.of();

        @Option(names = "--without-groups", description = "messages only, no groups and consumers")
        private boolean messagesOnly;

        @Option(names = "--replicas", paramLabel = "NUMBER", description = "so many instead of those that it had: 1, since what is restored is "
            + "on one node, also in a cluster")
        private int replicas;

        @Option(names = {"-n", "--dry-run"}, description = "compare the files with their digests, and change nothing")
        private boolean dry;

        public Restore(Tools tools) {
            this.tools = tools;
        }

        @Override
        public Integer call() {
            if (name == null && !subjects.isEmpty()) {
                throw CliFailure.usage("--subject goes with --as");
            }
            if (dry) {
                print(tools, StationRestore.check(from));
                return ExitCode.DONE;
            }
            try (Broker broker = broker(tools)) {
                print(tools, new StationRestore(broker).read(from, new NewName(Optional.ofNullable(name), subjects, !messagesOnly,
                    replicas)));
            }
            return ExitCode.DONE;
        }
    }
}

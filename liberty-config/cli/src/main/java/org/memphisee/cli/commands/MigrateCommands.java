package org.memphisee.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.cli.link.Broker;
import org.memphisee.cli.migrate.Glob;
import org.memphisee.cli.migrate.JetStreamServer;
import org.memphisee.cli.migrate.MemphisDefinitions;
import org.memphisee.cli.migrate.MigrationRun;
import org.memphisee.cli.migrate.Progress;
import org.memphisee.cli.migrate.ProgressLine;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Streams of another server. */
@Command(name = "migrate", description = {"streams of nats-server, key-value buckets and object stores, brought here",
    "Sequences, times, headers and durable consumers are kept. The other server is only read. docs/guide/migrate.md says how to "
        + "go about it."})
public final class MigrateCommands {

    private static final String STREAMS = "streams that are meant, with * and ?; all without any";
    /** An answer may wait for much to become durable. */
    private static final int LEAST_TIMEOUT = 60;

    private final Tools tools;

    public MigrateCommands(Tools tools) {
        this.tools = tools;
    }

    @Command(description = {"shows what a run would do, and what will be different here",
        "Nothing is changed, at neither server."})
    int plan(@Mixin FromOptions from, @Parameters(paramLabel = "STREAM", arity = "0..*",
        description = STREAMS) List<String> streams) {
        return with(from, List.of("stream", "result", "messages", "bytes", "firstSeq", "lastSeq", "consumers", "changes",
            "problems"),
            Progress.NONE, run -> run.plan(glob(streams)));
    }

    @Command(description = {"copies streams that are not here, and compares all of them afterwards",
        "It may be interrupted and repeated: what is complete is compared only, what was begun is gone on with. A stream is "
            + "seen by nobody before it is complete. Exit code 1 if something differs or was refused, 75 if streams changed too much "
            + "meanwhile."})
    int run(@Mixin FromOptions from,
            @Option(names = "--prepare",
                description = "copy what there is, and leave it open for a day: a run without it then has "
                + "little left to do") boolean prepare,
            @Option(names = "--no-verify", description = "do not read everything once more at both servers") boolean unverified,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = STREAMS) List<String> streams) {
        return with(from, List.of("stream", "result", "messages", "firstSeq", "lastSeq", "copied", "verified", "digest",
            "problems"),
            progress(), run -> run.run(glob(streams), prepare, !unverified));
    }

    @Command(description = {"compares streams at both servers: number, first and last, and a digest of all that messages are",
        "Exit code 1 if something differs."})
    int verify(@Mixin FromOptions from, @Parameters(paramLabel = "STREAM", arity = "0..*",
        description = STREAMS) List<String> streams) {
        return with(from, List.of("stream", "result", "messages", "firstSeq", "lastSeq", "digest", "problems"), progress(),
            run -> run.verify(glob(streams)));
    }

    @Command(description = {"brings what a Memphis keeps beside messages: schemas, users, settings of stations that are here already",
        "Over the management APIs of both. No server tells passwords: with --passwords-to users get new ones, without it they are "
            + "not made."})
    int definitions(@Mixin FromOptions from,
            @Option(names = "--dry-run", description = "change nothing, and say what would be done") boolean dry,
            @Option(names = "--passwords-to", paramLabel = "FILE",
                description = "a file that is made for the new passwords, for you alone to "
                + "read") Path passwords) {
        MemphisDefinitions definitions = new MemphisDefinitions(from.api(tools), tools.api(), dry);
        try {
            definitions.schemas();
            if (passwords != null || dry) {
                definitions.users(new NewPasswords(passwords)::next);
            }
            definitions.stations();
        } finally {
            tools.print("DefinitionList", List.of("kind", "name", "result", "problems"), definitions.items());
        }
        return definitions.code();
    }

    private static Glob glob(List<String> streams) {
        return new Glob(streams == null ? List.of() : streams);
    }

    private Progress progress() {
        return new ProgressLine(tools.surroundings().err(), tools.surroundings().terminal());
    }

    private int with(FromOptions from, List<String> columns, Progress progress, Consumer<MigrationRun> work) {
        int timeout = Math.max(LEAST_TIMEOUT, tools.options().timeout);
        try (Broker here = new Broker(tools.target(), timeout); Broker there = from.broker(tools, timeout)) {
            JetStreamServer target = new JetStreamServer(here);
            JetStreamServer source = new JetStreamServer(there);
            if (source.maxPayload() > target.maxPayload()) {
                tools.say("Messages of more than " + target.maxPayload() + " bytes will be refused here; the other server takes "
                    + source.maxPayload() + " (memphisee.max.payload)");
            }
            MigrationRun run = new MigrationRun(source, target, progress);
            try {
                work.accept(run);
            } finally {
                tools.print("MigrationList", columns, run.items());
            }
            return run.code();
        }
    }
}

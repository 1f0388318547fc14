package org.memphisee.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.memphisee.cli.commands.AuditCommands;
import org.memphisee.cli.commands.BackupCommands;
import org.memphisee.cli.commands.BenchCommands;
import org.memphisee.cli.commands.ClusterCommands;
import org.memphisee.cli.commands.ConfigCommands;
import org.memphisee.cli.commands.ConnectionCommands;
import org.memphisee.cli.commands.ContextCommands;
import org.memphisee.cli.commands.DataCommand;
import org.memphisee.cli.commands.DeadLetterCommands;
import org.memphisee.cli.commands.DefinitionCommands;
import org.memphisee.cli.commands.GroupCommands;
import org.memphisee.cli.commands.HelpCommands;
import org.memphisee.cli.commands.IntegrationCommands;
import org.memphisee.cli.commands.KeyCommands;
import org.memphisee.cli.commands.MessageCommands;
import org.memphisee.cli.commands.MigrateCommands;
import org.memphisee.cli.commands.SchemaCommands;
import org.memphisee.cli.commands.ServerCommands;
import org.memphisee.cli.commands.StationBackupCommands;
import org.memphisee.cli.commands.StationCommands;
import org.memphisee.cli.commands.TagCommands;
import org.memphisee.cli.commands.TaskCommands;
import org.memphisee.cli.commands.Tools;
import org.memphisee.cli.commands.UserCommands;
import org.memphisee.cli.run.Options;
import org.memphisee.cli.run.Surroundings;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The command itself, with what all its commands understand. */
@Command(name = "memphisee", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, sortOptions = false,
    versionProvider = Memphisee.Version.class, usageHelpAutoWidth = true, abbreviateSynopsis = true,
    description = "Works with a Memphis EE broker: looks, changes, measures.")
public final class Memphisee extends Options {

    private static final Map<String, Function<Tools, CommandLine>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("context", tools -> new CommandLine(new ContextCommands(tools)));
        GROUPS.put("station", Memphisee::station);
        GROUPS.put("group", tools -> new CommandLine(new GroupCommands(tools)));
        GROUPS.put("dls", tools -> new CommandLine(new DeadLetterCommands(tools)));
        GROUPS.put("schema", tools -> new CommandLine(new SchemaCommands(tools)));
        GROUPS.put("tag", tools -> new CommandLine(new TagCommands(tools)));
        GROUPS.put("user", tools -> new CommandLine(new UserCommands(tools)));
        GROUPS.put("key", tools -> new CommandLine(new KeyCommands(tools)));
        GROUPS.put("audit", tools -> new CommandLine(new AuditCommands(tools)));
        GROUPS.put("config", tools -> new CommandLine(new ConfigCommands(tools)));
        GROUPS.put("integration", tools -> new CommandLine(new IntegrationCommands(tools)));
        GROUPS.put("task", tools -> new CommandLine(new TaskCommands(tools)));
        GROUPS.put("connection", tools -> new CommandLine(new ConnectionCommands(tools)));
        GROUPS.put("definitions", tools -> new CommandLine(new DefinitionCommands(tools)));
        GROUPS.put("cluster", tools -> new CommandLine(new ClusterCommands(tools)));
        GROUPS.put("server", tools -> new CommandLine(new ServerCommands(tools)));
        GROUPS.put("bench", tools -> new CommandLine(new BenchCommands(tools)));
        GROUPS.put("migrate", tools -> new CommandLine(new MigrateCommands(tools)));
        GROUPS.put("backup", tools -> new CommandLine(new BackupCommands(tools)));
        GROUPS.put("data", tools -> new CommandLine(new DataCommand(tools)));
        GROUPS.put("mem", tools -> new CommandLine(new HelpCommands.Mem()));
        GROUPS.put("cheat", tools -> new CommandLine(new HelpCommands.Cheat(tools)));
        GROUPS.put("completion", tools -> new CommandLine(new HelpCommands.Completion(tools, () -> all(tools.surroundings()))));
    }

    private Memphisee() { }

    /** With all commands. */
    public static CommandLine all(Surroundings surroundings) {
        return of(surroundings, "");
    }

    /**
     * With one group of commands alone, when it is known which is meant: reading the descriptions of all takes longer than most
     * commands do.
     *
     * @param group the group, or anything else for all
     */
    static CommandLine of(Surroundings surroundings, String group) {
        Memphisee options = new Memphisee();
        Tools tools = new Tools(surroundings, options);
        CommandLine line = new CommandLine(options);
        if (GROUPS.containsKey(group)) {
            line.addSubcommand(group, GROUPS.get(group).apply(tools));
        } else {
            GROUPS.forEach((name, made) -> line.addSubcommand(name, made.apply(tools)));
            line.addSubcommand(new CommandLine.HelpCommand());
        }
        return line;
    }

    private static CommandLine station(Tools tools) {
        return new CommandLine(new StationCommands(tools)).addSubcommand(new CommandLine(new MessageCommands(tools)))
            .addSubcommand(new CommandLine(new StationBackupCommands.Backup(tools)))
            .addSubcommand(new CommandLine(new StationBackupCommands.Restore(tools)));
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Memphisee.class.getPackage().getImplementationVersion();
            return new String[] {"memphisee " + (version == null ? "of a build without number" : version)};
        }
    }
}

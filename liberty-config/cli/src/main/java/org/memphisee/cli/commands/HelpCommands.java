package org.memphisee.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** What helps to use the others. */
public final class HelpCommands {

    private HelpCommands() { }

    /** Examples by group, from {@code cheats.txt}: a title line {@code # group}, then commands with remarks. */
    public static Map<String, List<String>> cheats() {
        try (InputStream in = HelpCommands.class.getResourceAsStream("/org/memphisee/cli/cheats.txt")) {
            Map<String, List<String>> cheats = new LinkedHashMap<>();
            String group = "";
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.startsWith("# ")) {
                    group = line.substring(2);
                    cheats.put(group, new ArrayList<>());
                } else if (!line.isBlank()) {
                    cheats.get(group).add(line);
                }
            }
            return cheats;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Examples. */
    @Command(name = "cheat", description = "examples, of one group or of all")
    public static final class Cheat implements Callable<Integer> {
        private final Tools tools;

        @Parameters(paramLabel = "GROUP", arity = "0..1")
        private String wanted;

        public Cheat(Tools tools) {
            this.tools = tools;
        }

        @Override
        public Integer call() {
            Map<String, List<String>> cheats = cheats();
            if (wanted != null && !cheats.containsKey(wanted)) {
                throw CliFailure.notFound("There are no examples of " + wanted + "; there are of " + String.join(", ", cheats.keySet()));
            }
            cheats.forEach((group, lines) -> {
                if (wanted == null || group.equals(wanted)) {
                    tools.line("# " + group);
                    lines.forEach(tools::line);
                    tools.line("");
                }
            });
            return ExitCode.DONE;
        }
    }

    /** A completion script. */
    @Command(name = "completion", description = {"writes a completion script for bash or zsh",
        "bash: source <(memphisee completion). zsh: autoload -U bashcompinit && bashcompinit first."})
    public static final class Completion implements Callable<Integer> {
        private final Tools tools;
        private final Supplier<CommandLine> all;

        public Completion(Tools tools, Supplier<CommandLine> all) {
            this.tools = tools;
            this.all = all;
        }

        @Override
        public Integer call() {
            tools.line(AutoComplete.bash("memphisee", all.get()));
            return ExitCode.DONE;
        }
    }

    /** Stands in the list of commands; what follows {@code mem} is translated before it is parsed. */
    @Command(name = "mem", description = {"the reference's mem commands in their own words",
        "mem station ls|info|create|del, mem user ls|add|del, mem producer|consumer ls -s STATION, mem cluster info, "
            + "mem bench producer|consumer, mem connect"})
    public static final class Mem implements Callable<Integer> {
        @Unmatched
        private List<String> words = new ArrayList<>();

        @Override
        public Integer call() {
            throw CliFailure.usage("mem what? station, user, producer, consumer, cluster, bench or connect");
        }
    }
}

package org.memphisee.cli.manual;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.memphisee.cli.Memphisee;
import org.memphisee.cli.commands.HelpCommands;
import org.memphisee.cli.run.Surroundings;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the language of {@code man} for each command. */
public final class ManualPages {

    private static final String[][] CODES = {{"0", "done"}, {"1", "the broker said no"}, {"64", "wrong usage"},
        {"65", "bad input data"}, {"66", "not found"}, {"69", "not reachable"}, {"75", "try again"}, {"77", "not allowed"},
        {"130", "interrupted"}};

    private ManualPages() { }

    /**
     * Writes them into a directory, which is made.
     *
     * @param args the directory
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Files.createDirectories(directory);
        write(directory, commands());
    }

    /** The whole command, for whoever describes it. */
    public static CommandLine commands() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
        return Memphisee.all(new Surroundings(java.io.InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false,
            question -> Optional.empty()));
    }

    private static void write(Path directory, CommandLine command) throws IOException {
        CommandSpec spec = command.getCommandSpec();
        Files.writeString(directory.resolve(spec.qualifiedName("-") + ".1"), page(command));
        for (CommandLine sub : List.copyOf(command.getSubcommands().values())) {
            if (!(sub.getCommand() instanceof CommandLine.HelpCommand)) {
                write(directory, sub);
            }
        }
    }

    /** The page of one command. */
    static String page(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> about = List.of(spec.usageMessage().description());
        StringBuilder page = new StringBuilder();
        page.append(".TH ").append(quoted(spec.qualifiedName("-").toUpperCase(java.util.Locale.ROOT))).append(" 1\n");
        page.append(".SH NAME\n").append(text(spec.qualifiedName("-"))).append(" \\- ")
            .append(text(about.isEmpty() ? "" : about.get(0))).append('\n');
        page.append(".SH SYNOPSIS\n.B ").append(text(spec.qualifiedName())).append('\n').append(synopsis(spec)).append('\n');
        if (about.size() > 1) {
            page.append(".SH DESCRIPTION\n").append(about.stream().skip(1).map(ManualPages::text)
                .collect(Collectors.joining("\n.PP\n"))).append('\n');
        }
        if (!command.getSubcommands().isEmpty()) {
            page.append(".SH COMMANDS\n");
            command.getSubcommands().forEach((name, sub) -> {
                if (name.equals(sub.getCommandName())) {
                    page.append(".TP\n.B ").append(text(name)).append('\n').append(text(first(sub))).append('\n');
                }
            });
        }
        arguments(page, spec);
        page.append(".SH EXIT STATUS\n");
        if (spec.qualifiedName().equals("memphisee server check")) {
            page.append("0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; 64 for wrong usage.\n");
        } else {
            for (String[] code : CODES) {
                page.append(".TP\n.B ").append(code[0]).append('\n').append(text(code[1])).append('\n');
            }
        }
        examples(page, spec);
        return page.toString();
    }

    private static String first(CommandLine sub) {
        String[] description = sub.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    private static String synopsis(CommandSpec spec) {
        StringBuilder line = new StringBuilder("[\\fIoptions\\fR]");
        spec.positionalParameters().stream().filter(p -> !p.hidden()).forEach(p -> line.append(' ')
            .append(p.arity().min() == 0 ? "[" : "").append("\\fI").append(text(p.paramLabel())).append("\\fR")
            .append(p.arity().max() > 1 ? "..." : "").append(p.arity().min() == 0 ? "]" : ""));
        return line.append(spec.subcommands().isEmpty() ? "" : " \\fIcommand\\fR").toString();
    }

    private static void arguments(StringBuilder page, CommandSpec spec) {
        List<OptionSpec> own = spec.options().stream().filter(o -> !o.hidden() && !o.inherited()).toList();
        if (!own.isEmpty() || !spec.positionalParameters().isEmpty()) {
            page.append(".SH OPTIONS AND ARGUMENTS\n");
        }
        for (PositionalParamSpec p : spec.positionalParameters()) {
            page.append(".TP\n.I ").append(text(p.paramLabel())).append('\n').append(described(p)).append('\n');
        }
        for (OptionSpec o : own) {
            page.append(".TP\n.B ").append(text(names(o))).append('\n').append(described(o)).append('\n');
        }
        if (spec.parent() != null) {
            page.append(".PP\nOptions that all commands have are described in\n.BR memphisee (1).\n");
        }
    }

    /** An option's names and what follows them. */
    public static String names(OptionSpec option) {
        return String.join(", ", option.names()) + (option.arity().max() > 0 ? " " + option.paramLabel() : "");
    }

    private static String described(ArgSpec arg) {
        String description = String.join(" ", arg.description()).replace("${DEFAULT-VALUE}",
            arg.defaultValue() == null ? "" : arg.defaultValue());
        return text(description.isEmpty() ? "the " + arg.paramLabel().toLowerCase(java.util.Locale.ROOT) : description);
    }

    private static void examples(StringBuilder page, CommandSpec spec) {
        String prefix = spec.qualifiedName() + " ";
        List<String> lines = HelpCommands.cheats().values().stream().flatMap(List::stream)
            .filter(line -> (line + " ").contains(prefix) && !line.startsWith("  ")).toList();
        if (!lines.isEmpty() && spec.parent() != null) {
            page.append(".SH EXAMPLES\n.nf\n");
            lines.forEach(line -> page.append(text(line)).append('\n'));
            page.append(".fi\n");
        }
    }

    private static String quoted(String text) {
        return "\"" + text(text) + "\"";
    }

    /** What has a meaning of its own to man is written so that it has none. */
    private static String text(String text) {
        String safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}

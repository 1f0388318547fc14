package org.memphisee.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.memphisee.cli.manual.ManualPages;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Holds the tables of docs/guide/command-line.md to what the commands say; {@code -Dmemphisee.docs.write=true} writes them. */
class CommandLinePageTest {

    private static final Path PAGE = Path.of("../../docs/guide/command-line.md");

    @Test
    void shouldListTheOptionsOfAllCommands() throws IOException {
        List<String> lines = new ArrayList<>(List.of("| Option | Meaning |", "|---|---|"));
        ManualPages.commands().getCommandSpec().options().stream().filter(o -> !o.hidden()).forEach(o -> lines.add(row(o)));
        shouldRead("options", lines);
    }

    @Test
    void shouldListEachCommandWithItsOwnOptions() throws IOException {
        List<String> lines = new ArrayList<>();
        describe(ManualPages.commands(), lines);
        shouldRead("commands", lines);
    }

    private static void describe(CommandLine command, List<String> lines) {
        command.getSubcommands().forEach((name, sub) -> {
            if (!name.equals(sub.getCommandName()) || sub.getCommand() instanceof CommandLine.HelpCommand) {
                return; // an alias
            }
            CommandSpec spec = sub.getCommandSpec();
            boolean group = !sub.getSubcommands().isEmpty();
            lines.add((spec.parent().parent() == null ? "### " : "#### ") + spec.qualifiedName()
                + (group ? "" : parameters(spec)));
            lines.add("");
            lines.add(String.join(" ", List.of(spec.usageMessage().description()).stream().map(CommandLinePageTest::sentence).toList()));
            lines.add("");
            List<OptionSpec> own = spec.options().stream().filter(o -> !o.hidden() && !o.inherited()
                && !List.of(o.names()).contains("--help") && !List.of(o.names()).contains("--version")).toList();
            if (!own.isEmpty()) {
                lines.add("| Option | Meaning |");
                lines.add("|---|---|");
                own.forEach(o -> lines.add(row(o)));
                lines.add("");
            }
            describe(sub, lines);
        });
    }

    private static String parameters(CommandSpec spec) {
        StringBuilder text = new StringBuilder();
        for (PositionalParamSpec p : spec.positionalParameters()) {
            String label = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
            text.append(' ').append(p.arity().min() == 0 ? "[" + label + "]" : label);
        }
        return text.toString();
    }

    private static String row(OptionSpec option) {
        return "| `" + ManualPages.names(option) + "` | " + description(option) + " |";
    }

    private static String description(ArgSpec arg) {
        return String.join(" ", arg.description()).replace("${DEFAULT-VALUE}", "`" + arg.defaultValue() + "`").replace("|", "\\|");
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private static void shouldRead(String part, List<String> expected) throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- " + part + ": begin -->\n";
        String end = "<!-- " + part + ": end -->";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        if (!page.contains(begin) || to < from) {
            throw new AssertionError(PAGE + " has no part \"" + part + "\"");
        }
        String lines = String.join("\n", expected).strip() + "\n";
        if (Boolean.getBoolean("memphisee.docs.write")) {
            Files.writeString(PAGE, page.substring(0, from) + lines + page.substring(to));
            return;
        }
        assertEquals(lines, page.substring(from, to), "the page differs from the commands; -Dmemphisee.docs.write=true writes it anew");
    }
}

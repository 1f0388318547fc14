package org.memphisee.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.memphisee.cli.commands.MemNames;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.run.Surroundings;
import org.memphisee.ra.api.BrokerException;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command. */
public final class Main {

    private Main() { }

    /** Ends the process with the command's exit code. */
    public static void main(String[] args) {
        int code = run(Surroundings.ofProcess(), args);
        System.exit(code);
    }

    /** Runs the command and answers with its exit code. */
    public static int run(Surroundings surroundings, String... args) {
        try {
            List<String> words = new ArrayList<>(Arrays.asList(args));
            if (!words.isEmpty() && words.get(0).equals("mem") && !asksForHelp(words)) {
                words = MemNames.translated(words.subList(1, words.size()));
            }
            CommandLine line = Memphisee.of(surroundings, words.isEmpty() ? "" : words.get(0));
            prepare(line, surroundings);
            return line.execute(words.toArray(String[]::new));
        } catch (CliFailure e) {
            return failed(surroundings, e);
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    private static boolean asksForHelp(List<String> words) {
        return words.size() == 2 && (words.get(1).equals("--help") || words.get(1).equals("-h"));
    }

    private static int failed(Surroundings surroundings, CliFailure failure) {
        surroundings.err().println("memphisee: " + failure.getMessage());
        return failure.code();
    }

    private static void prepare(CommandLine line, Surroundings surroundings) {
        line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.colours() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, args) -> misused(surroundings, e));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof CliFailure failure) {
                return failed(surroundings, failure);
            }
            if (e instanceof BrokerException refused) {
                return failed(surroundings, Broker.failure(refused));
            }
            surroundings.err().println("memphisee: this is a fault of the program, please report it");
            e.printStackTrace(surroundings.err());
            return ExitCode.INTERNAL;
        });
    }

    private static int misused(Surroundings surroundings, ParameterException e) {
        if (e.getCause() instanceof CliFailure failure) {
            return failed(surroundings, failure);
        }
        surroundings.err().println("memphisee: " + e.getMessage());
        StringBuilder near = new StringBuilder();
        if (e instanceof UnmatchedArgumentException unmatched) {
            unmatched.getSuggestions().forEach(word -> near.append(near.length() == 0 ? "Did you mean " : ", ").append(word));
        }
        surroundings.err().println((near.length() == 0 ? "" : near + "? ") + "\"" + e.getCommandLine().getCommandSpec()
            .qualifiedName() + " --help\" says more");
        return ExitCode.USAGE;
    }
}

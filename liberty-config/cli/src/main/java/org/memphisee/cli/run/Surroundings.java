package org.memphisee.cli.run;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds the process: its streams, its environment, the person in front of it. Data goes to {@link #out}, everything said
 * to people to {@link #err}.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param environment variables
 * @param terminal whether somebody sits at both ends: input and output are a terminal
 * @param secrets asks the person for a secret, without showing it; empty if nobody can be asked
 */
public record Surroundings(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment,
                           boolean terminal, Secrets secrets) {

    /** Asks a person. */
    public interface Secrets {
        /** The answer to the question; empty if nobody is there. */
        Optional<String> ask(String question);
    }

    /** Those of this process. */
    public static Surroundings ofProcess() {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false,
            StandardCharsets.UTF_8);
        Optional<Console> person = Optional.ofNullable(System.console()).filter(Surroundings::isTerminal);
        return new Surroundings(System.in, out, System.err, System.getenv(), person.isPresent(),
            question -> person.map(console -> console.readPassword("%s", question)).map(String::new));
    }

    /** From Java 22 on there is a console for files and pipes too, which says so. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }

    /** A variable; empty if it is absent or empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether text may have colours: on a terminal, unless {@code NO_COLOR} says something. */
    public boolean colours() {
        return terminal && variable("NO_COLOR").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    /** The directory of this program's own files, which need not exist. */
    public Path home() {
        return variable("XDG_CONFIG_HOME").map(Path::of)
            .orElseGet(() -> Path.of(variable("HOME").orElse(System.getProperty("user.home"))).resolve(".config"))
            .resolve("memphisee");
    }

    /** The next line of the input; empty at its end. */
    public Optional<String> line() {
        try {
            return Optional.ofNullable(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

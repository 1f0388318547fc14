package org.memphisee.meta.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Database servers that outlived a broker that was killed: the one that the data directory names, and one whose data directory
 * somebody removed meanwhile. That one ends by itself within a minute, and has the port until then.
 */
final class Survivors {

    private static final String PID_FILE = "postmaster.pid";
    /** Line of the pid file with the port, counted from 0. */
    private static final int PORT_LINE = 3;
    private static final Path PROCESSES = Path.of("/proc");
    private static final String GONE = " (deleted)";

    private Survivors() { }

    /** The living server of a data directory. A recycled process number is told apart by the program's name. */
    static Optional<ProcessHandle> of(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve(PID_FILE));
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.get(0).trim())).filter(ProcessHandle::isAlive)
                .filter(p -> !ended(p.pid()))
                .filter(p -> p.info().command().map(c -> c.contains("postgres")).orElse(true));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The port of the server of a data directory, also of one that was removed. */
    static OptionalInt port(Path data) {
        if (of(data).isEmpty()) {
            return orphan(data).map(orphan -> after(arguments(orphan), "-p").map(Integer::parseInt).map(OptionalInt::of)
                .orElse(OptionalInt.empty())).orElse(OptionalInt.empty());
        }
        try {
            List<String> lines = Files.readAllLines(data.resolve(PID_FILE));
            return lines.size() > PORT_LINE ? OptionalInt.of(Integer.parseInt(lines.get(PORT_LINE).trim()))
                : OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /**
     * The server of a data directory that was removed under it. Only one that certainly was ours: started for this very path,
     * as our user, among the mounts that we see, in a directory that is there no more. Empty where processes cannot be looked at.
     */
    static Optional<ProcessHandle> orphan(Path data) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
            for (Path process : all) {
                Optional<ProcessHandle> found = ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                    .filter(p -> ours(p, data));
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (IOException | UncheckedIOException | NumberFormatException | java.nio.file.DirectoryIteratorException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean ours(ProcessHandle process, Path data) {
        List<String> arguments = arguments(process);
        if (arguments.isEmpty() || !arguments.get(0).endsWith("/postgres")
            || !after(arguments, "-D").filter(data.toString()::equals).isPresent() || ended(process.pid())) {
            return false;
        }
        Path entry = PROCESSES.resolve(Long.toString(process.pid()));
        Path own = PROCESSES.resolve("self");
        try {
            Object we = Files.getAttribute(own, "unix:uid");
            return (we.equals(0) || we.equals(Files.getAttribute(entry, "unix:uid")))
                && Files.readSymbolicLink(entry.resolve("ns/mnt")).equals(Files.readSymbolicLink(own.resolve("ns/mnt")))
                && Files.readSymbolicLink(entry.resolve("cwd")).toString().equals(data + GONE);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // gone meanwhile, or somebody else's
        }
    }

    /**
     * Ends a server whose data nobody has any more.
     *
     * @throws PostgresException it did not end
     */
    static void end(ProcessHandle orphan, Duration limit) throws PostgresException, InterruptedException {
        List<ProcessHandle> children = orphan.descendants().toList();
        orphan.destroy();
        if (!ends(orphan, limit)) {
            orphan.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            if (!ends(orphan, limit)) {
                throw new PostgresException("process " + orphan.pid() + ", a PostgreSQL whose data directory was removed, does not end");
            }
        }
    }

    private static boolean ends(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return ended(process.pid());
        } catch (ExecutionException e) {
            return !process.isAlive();
        }
    }

    private static List<String> arguments(ProcessHandle process) {
        try {
            Path line = PROCESSES.resolve(Long.toString(process.pid())).resolve("cmdline");
            return List.of(new String(Files.readAllBytes(line), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> after(List<String> arguments, String option) {
        int at = arguments.indexOf(option);
        return at < 0 || at + 1 >= arguments.size() ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    /** An ended process that nobody collects, as happens when the broker is the first process of a container. */
    private static boolean ended(long pid) {
        try {
            String stat = Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false; // no such system, or it went this moment
        }
    }
}

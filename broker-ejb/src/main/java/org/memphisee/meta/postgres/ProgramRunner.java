package org.memphisee.meta.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs PostgreSQL's programs. They refuse to run as root, so root leaves its power behind first: in a user namespace of
 * its own, or, where those are forbidden, as the user nobody, who then owns the files.
 */
final class ProgramRunner {

    private static final List<String> NAMESPACE = List.of("unshare", "--user");
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");

    private final Path directory;
    private final List<String> prefix;

    /**
     * A runner.
     *
     * @param directory an existing directory, its owner is us; programs run in it and their output is kept there
     */
    ProgramRunner(Path directory) throws IOException, PostgresException, InterruptedException {
        this.directory = directory;
        this.prefix = prefix();
    }

    /**
     * Runs a program to its end.
     *
     * @return what it wrote
     * @throws PostgresException when it failed or did not end in time
     * @throws InterruptedException when interrupted; the program is ended then
     */
    String run(Duration limit, List<String> command) throws IOException, PostgresException, InterruptedException {
        List<String> full = new ArrayList<>(prefix);
        full.addAll(command);
        Result result = execute(limit, full);
        String name = Path.of(command.get(0)).getFileName().toString();
        if (result.code() != 0) {
            throw new PostgresException(name + " failed: " + lastLines(result.output()));
        }
        return result.output();
    }

    /** Gives files to the user the programs run as, when that is another than ours. */
    void own(Path tree) throws IOException {
        if (!prefix.equals(NOBODY)) {
            return;
        }
        var nobody = tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, nobody);
            }
        }
    }

    private List<String> prefix() throws IOException, PostgresException, InterruptedException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")
            || (Integer) Files.getAttribute(directory, "unix:uid") != 0 || !"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        for (List<String> candidate : List.of(NAMESPACE, NOBODY)) {
            List<String> probe = new ArrayList<>(candidate);
            probe.add("true");
            try {
                if (execute(Duration.ofSeconds(10), probe).code() == 0) {
                    return candidate;
                }
            } catch (IOException e) {
                continue; // the program is not installed: the next way
            }
        }
        throw new PostgresException("PostgreSQL does not run as root, and neither unshare nor setpriv works here; "
            + "start the broker as another user, or set MEMPHISEE_METADATA_MODE=external");
    }

    private Result execute(Duration limit, List<String> command) throws IOException, PostgresException,
        InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt"); // a pipe would stay open as long as a daemon
        Process process = null;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().put("LC_ALL", "C");
            process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PostgresException(command.get(command.size() > 2 ? 2 : 0) + " did not end within "
                    + limit.toSeconds() + " s");
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            if (process != null && process.isAlive()) {
                end(process);
            }
            Files.deleteIfExists(output);
        }
    }

    /** A program that nobody waits for any more would go on to write into a directory that is not its own by then. */
    private static void end(Process process) {
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroyForcibly();
        helpers.forEach(ProcessHandle::destroyForcibly);
    }

    private static String lastLines(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    private record Result(int code, String output) { }
}

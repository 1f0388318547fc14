package org.memphisee.it.adapter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A WildFly in a process and a directory of its own, set up as docs/resource-adapter.md tells it. One thread. */
final class WildFly implements AutoCloseable {
    private static final long STOP_SECONDS = 60;

    private final Path home;
    private final Path base;
    private final int httpPort;
    private final int managementPort;
    private Process process;

    /**
     * @param home the unpacked distribution, which stays as it is
     * @param base an empty directory
     */
    WildFly(Path home, Path base, int httpPort, int managementPort) throws IOException {
        this.home = home;
        this.base = base;
        this.httpPort = httpPort;
        this.managementPort = managementPort;
        Path packaged = home.resolve("standalone");
        try (Stream<Path> files = Files.walk(packaged)) {
            for (Path file : files.filter(f -> !f.equals(packaged)).toList()) {
                Files.copy(file, base.resolve(packaged.relativize(file).toString()));
            }
        }
    }

    /** Runs a script of the server's tool; the server must not run. */
    void configure(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(base.resolve("tmp-configure.cli"), script);
        Process cli = command("jboss-cli.sh", base.resolve("configure.log"), "--file=" + file);
        if (!cli.waitFor(STOP_SECONDS, TimeUnit.SECONDS) || cli.exitValue() != 0) {
            cli.destroyForcibly();
            throw new IllegalStateException("the script failed: " + Files.readString(base.resolve("configure.log")));
        }
    }

    /** Deploys a file, or a newer one of the same name, by the server's scanner. */
    void deploy(Path file, String name) throws IOException {
        Path deployments = base.resolve("deployments");
        Files.copy(file, deployments.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(deployments.resolve(name + ".deployed"));
        Files.writeString(deployments.resolve(name + ".dodeploy"), "");
    }

    void undeploy(String name) throws IOException {
        Files.delete(base.resolve("deployments").resolve(name + ".deployed"));
    }

    /** Whether a marker of the scanner is there: {@code deployed}, {@code undeployed}. */
    boolean is(String name, String state) {
        if (Files.exists(base.resolve("deployments").resolve(name + ".failed"))) {
            throw new IllegalStateException(name + " failed:\n" + log());
        }
        return Files.exists(base.resolve("deployments").resolve(name + "." + state));
    }

    void start() throws IOException {
        process = command("standalone.sh", base.resolve("console.log"), "-b", "127.0.0.1", "-bmanagement", "127.0.0.1",
                "-Djboss.http.port=" + httpPort, "-Djboss.management.http.port=" + managementPort,
                "-Djboss.https.port=0");
    }

    /** What it printed. */
    String log() {
        try {
            return Files.readString(base.resolve("console.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process command(String script, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-Xmx512m -Djboss.server.base.dir=" + base);
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true"); // passes the signal on to the server
        return builder.start();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
            process.destroy();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                throw new IllegalStateException("WildFly does not stop:\n" + log());
            }
        }
    }
}

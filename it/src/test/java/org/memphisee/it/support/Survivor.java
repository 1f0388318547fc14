package org.memphisee.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The embedded PostgreSQL of a broker and its programs, which a killed broker leaves behind. */
final class Survivor {
    private final Path dataDirectory;
    private final Path pidFile;

    Survivor(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        pidFile = dataDirectory.resolve("postgres").resolve("data").resolve("postmaster.pid");
    }

    /** The living server process, if there is one. */
    Optional<ProcessHandle> process() {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0).trim()))
                    .filter(ProcessHandle::isAlive)
                    .filter(p -> p.info().command().map(command -> command.contains("postgres")).orElse(true));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Kills the server and its workers as a crash would and waits until they are gone. */
    boolean kill() {
        Optional<ProcessHandle> server = process();
        server.ifPresent(found -> {
            List<ProcessHandle> workers = found.descendants().toList();
            found.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
            Eventually.await("PostgreSQL is gone",
                    () -> !found.isAlive() && workers.stream().noneMatch(ProcessHandle::isAlive));
        });
        return server.isPresent();
    }

    /** Ends initdb and pg_ctl, which outlive a server process that ends while they run. */
    void endPrograms() {
        List<ProcessHandle> programs = ProcessHandle.allProcesses().filter(this::isProgram)
                .flatMap(program -> Stream.concat(Stream.of(program), program.descendants())).distinct().toList();
        programs.forEach(ProcessHandle::destroyForcibly);
        Eventually.await("PostgreSQL's programs are gone",
                () -> programs.stream().noneMatch(ProcessHandle::isAlive));
    }

    private boolean isProgram(ProcessHandle process) {
        String line = process.info().commandLine().orElse("");
        return line.contains(dataDirectory + "/") && (line.contains("initdb") || line.contains("pg_ctl"));
    }

    /** Ends the server at once, but so that it leaves no shared memory behind. */
    void end() {
        process().ifPresent(server -> {
            List<ProcessHandle> workers = server.descendants().toList();
            try {
                new ProcessBuilder("kill", "-QUIT", Long.toString(server.pid())).start().waitFor();
            } catch (IOException e) {
                server.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                server.destroyForcibly();
            }
            Eventually.await("PostgreSQL is gone", Duration.ofSeconds(20),
                    () -> !server.isAlive() && workers.stream().noneMatch(ProcessHandle::isAlive));
        });
    }
}

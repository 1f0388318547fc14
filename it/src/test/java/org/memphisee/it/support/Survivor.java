package org.memphisee.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The embedded PostgreSQL of a broker, which a killed broker leaves behind. */
final class Survivor {
    private final Path pidFile;

    Survivor(Path dataDirectory) {
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

package org.memphisee.meta.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ProgramRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void shouldEndAProgramThatNobodyWaitsForAnyMore() throws Exception {
        ProgramRunner runner = new ProgramRunner(directory);
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                result.complete(runner.run(LONG, List.of("sh", "-c", "sleep 19.25; true")));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        waiting.start();
        ProcessHandle sleeper = awaitSleeper();
        ProcessHandle shell = sleeper.parent().orElseThrow();

        waiting.interrupt();

        ExecutionException e = assertThrows(ExecutionException.class, result::get);
        assertEquals(InterruptedException.class, e.getCause().getClass());
        shell.onExit().get();
        sleeper.onExit().get();
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void shouldTellWhatAFailedProgramWrote() throws Exception {
        ProgramRunner runner = new ProgramRunner(directory);

        PostgresException e = assertThrows(PostgresException.class,
            () -> runner.run(LONG, List.of("sh", "-c", "echo no space left; exit 3")));

        assertEquals("sh failed: no space left", e.getMessage());
    }

    private static ProcessHandle awaitSleeper() {
        Optional<ProcessHandle> sleeper = Optional.empty();
        while (sleeper.isEmpty()) {
            sleeper = ProcessHandle.current().descendants().filter(ProgramRunnerTest::sleeps).findAny();
            Thread.onSpinWait();
        }
        return sleeper.get();
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.info().commandLine().orElse("").endsWith("sleep 19.25");
    }
}

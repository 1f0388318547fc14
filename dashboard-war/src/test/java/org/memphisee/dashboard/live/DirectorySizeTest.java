package org.memphisee.dashboard.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySizeTest {

    @TempDir
    Path directory;

    private long now = -5;
    private final List<Runnable> tasks = new ArrayList<>();
    private final DirectorySize size = new DirectorySize(tasks::add, () -> now);

    private void write(String name, int bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
    }

    private void measure() {
        List.copyOf(tasks).forEach(Runnable::run);
        tasks.clear();
    }

    @Test
    void shouldCountAllFilesHoweverDeep() throws IOException {
        write("log/00000000.jdb", 1_000);
        write("metadata/base/1/1259", 200);
        write("identity", 37);
        assertEquals(OptionalLong.empty(), size.of(directory));
        measure();
        assertEquals(OptionalLong.of(1_237), size.of(directory));
    }

    @Test
    void shouldMeasureAgainAfterAWhileAndOnlyOnceAtATime() throws IOException {
        write("a", 10);
        size.of(directory);
        size.of(directory);
        assertEquals(1, tasks.size());
        measure();
        write("b", 5);
        now += DirectorySize.AGE_NANOS - 1;
        assertEquals(OptionalLong.of(10), size.of(directory));
        assertEquals(0, tasks.size());
        now++;
        assertEquals(OptionalLong.of(10), size.of(directory), "nobody waits");
        measure();
        assertEquals(OptionalLong.of(15), size.of(directory));
    }

    @Test
    void shouldKeepWhatItKnewWhenTheDirectoryCannotBeReadOrTheServerStops() throws IOException {
        write("a", 10);
        size.of(directory);
        measure();
        Files.delete(directory.resolve("a"));
        assertEquals(OptionalLong.empty(), size.of(directory.resolve("elsewhere")), "another directory");
        measure();
        assertEquals(OptionalLong.of(0), size.of(directory.resolve("elsewhere")), "there is nothing");
        DirectorySize stopping = new DirectorySize(task -> {
            throw new RejectedExecutionException();
        }, () -> now);
        assertEquals(OptionalLong.empty(), stopping.of(directory));
    }
}

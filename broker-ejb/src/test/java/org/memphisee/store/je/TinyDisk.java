package org.memphisee.store.je;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real file system of a few megabytes, where the machine lets one be mounted; otherwise the test is skipped. */
public final class TinyDisk implements AutoCloseable {

    private static final int BLOCK = 4096;
    private final Path root;

    private TinyDisk(Path root) {
        this.root = root;
    }

    /** Mounts one on the directory. */
    public static TinyDisk mount(Path directory, int megabytes) throws IOException, InterruptedException {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "memphisee-test", directory.toString()),
            "a file system can be mounted");
        return new TinyDisk(directory);
    }

    /** Where its files are. */
    public Path root() {
        return root;
    }

    /** Something else takes what is free, but for so many bytes. */
    public void fillUpTo(long left) throws IOException {
        long bytes = Files.getFileStore(root).getUsableSpace() - left;
        byte[] block = new byte[BLOCK];
        try (var out = Files.newOutputStream(ballast())) {
            for (long n = 0; n + BLOCK <= bytes; n += BLOCK) {
                out.write(block);
            }
        }
    }

    /** It goes away again. */
    public void free() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return root.resolve("ballast");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", "-l", root.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

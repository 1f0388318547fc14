package org.memphisee.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the machine. */
final class Shell {

    private Shell() { }

    /** Runs a command; fails with what it says when it does. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(List.of(command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        return said;
    }

    /** Whether disks can be mounted, filled and cut from power here. */
    static boolean mounts() {
        try {
            return run("id", "-u").strip().equals("0") && Path.of("/dev/loop-control").toFile().exists()
                && !run("sh", "-c", "command -v mkfs.ext4 && command -v python3 && losetup -f").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}

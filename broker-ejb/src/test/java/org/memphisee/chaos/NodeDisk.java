package org.memphisee.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Where a node keeps what it has: a directory, or a file system of its own in a file, which may be full, and from which the
 * power may go: what was not synced is gone then, as far as the kernel did not write it by itself, and it writes by itself each
 * ten minutes.
 */
final class NodeDisk implements AutoCloseable {

    /**
     * The kernel's order to a file system to stop at once, and to forget what waits: XFS_IOC_GOINGDOWN, without flushing the
     * log.
     */
    private static final String POWER_OFF = "import fcntl,os,struct,sys;"
        + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587d,struct.pack('I',2))";
    private static final String FILLER = "filler";

    private final Path directory;
    private final Path image;
    private boolean mounted;

    /** @param megabytes of a file system of its own; 0 for a directory */
    NodeDisk(Path directory, int megabytes) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        image = megabytes == 0 ? null : directory.resolveSibling(directory.getFileName() + ".img");
        if (image != null) {
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength((long) megabytes << 20);
            }
            Shell.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
            mount();
        }
    }

    Path directory() {
        return directory;
    }

    /** Whether it is a file system of its own. */
    boolean own() {
        return image != null;
    }

    private void mount() throws IOException {
        Shell.run("mount", "-o", "loop,commit=600", image.toString(), directory.toString());
        mounted = true;
    }

    private void unmount() throws IOException {
        if (mounted) {
            IOException last = null;
            for (int i = 0; i < 50; i++) { // a process that was just killed lets go of its files a moment later
                try {
                    Shell.run("umount", directory.toString());
                    mounted = false;
                    return;
                } catch (IOException e) {
                    last = e;
                    pause();
                }
            }
            throw last;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * The power goes: from now on nothing reaches the disk. Whoever uses it is to be killed, and then {@link #powerOn}
     * called.
     */
    void powerOff() throws IOException {
        Shell.run("python3", "-c", POWER_OFF, directory.toString());
    }

    /** What was synced is there again. */
    void powerOn() throws IOException {
        unmount();
        mount();
    }

    /** Leaves no room. */
    void fill() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve(FILLER).toFile(), "rw")) {
            byte[] block = new byte[64 << 10];
            for (int length = block.length; length >= 512;) {
                try {
                    file.write(block, 0, length);
                } catch (IOException e) {
                    length /= 2;
                }
            }
        }
    }

    /** There is room again. */
    void empty() throws IOException {
        Files.deleteIfExists(directory.resolve(FILLER));
    }

    /** All files below a folder whose names end with something, oldest names first. */
    List<Path> files(String folder, String end) {
        try (Stream<Path> all = Files.walk(directory.resolve(folder))) {
            return all.filter(path -> Files.isRegularFile(path) && path.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Turns one bit in each of so many places that are not zero: room that was never written is of no interest.
     *
     * @return what was done, for people
     */
    List<String> flip(String folder, String end, int times, RandomGenerator random) throws IOException {
        List<String> done = new ArrayList<>();
        List<Path> files = files(folder, end);
        for (int i = 0; i < times && !files.isEmpty(); i++) {
            Path path = files.get(random.nextInt(files.size()));
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                for (int look = 0; look < 1000 && file.length() > 0; look++) {
                    long at = random.nextLong(file.length());
                    file.seek(at);
                    int was = file.read();
                    if (was > 0) {
                        file.seek(at);
                        file.write(was ^ 1 << random.nextInt(8));
                        done.add("bit of " + path.getFileName() + " at " + at);
                        break;
                    }
                }
            }
        }
        return done;
    }

    /** Cuts a file somewhere in its last part. */
    String truncate(String folder, String end, RandomGenerator random) throws IOException {
        List<Path> files = files(folder, end);
        if (files.isEmpty()) {
            return "nothing";
        }
        Path path = files.get(random.nextInt(files.size()));
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            long length = file.length() - random.nextLong(Math.max(1, file.length() / 2));
            file.setLength(length);
            return path.getFileName() + " cut to " + length;
        }
    }

    /** Removes everything. */
    void lose() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.filter(path -> !path.equals(directory) && !path.endsWith("lost+found")).sorted(Comparator.reverseOrder())
                .toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    @Override
    public void close() throws IOException {
        unmount();
    }
}

package org.memphisee.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a server that was built runs from: copies of the runtime and of the server's own files outside of every build's
 * output, so that no build, not even one that cleans, takes anything away from a running broker. Links would not do: some
 * tools write into the files that are there. The runtime is copied once per version; of the server's files only what has
 * changed, and what the server made itself, its caches among them, stays. Ours alone until closed. One thread.
 */
final class ServerCopy implements AutoCloseable {

    private static final String SERVERS = "servers";
    private static final String LIST = "copied-files";
    private static final String LOCK = "lock";
    /** Names the runtime that this one runs from. */
    private static final String RUNTIME = "runtime";
    /** What a server makes by itself, in the directory of the server. */
    private static final Set<String> MADE = Set.of("workarea", "logs", "apps/expanded");

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private ServerCopy(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes a place to run from.
     *
     * @param root its directory, made when needed
     * @throws IOException also when another process has it
     */
    static ServerCopy open(Path root) throws IOException {
        Files.createDirectories(root);
        FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new ServerCopy(root, channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            // this very process has it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("another broker is run from " + root);
    }

    /** Directory of the users' files, {@code WLP_USER_DIR} of the server. */
    Path root() {
        return root;
    }

    /** Says what it runs from, so that nobody removes that. */
    void runsFrom(String runtime) throws IOException {
        Files.writeString(root.resolve(RUNTIME), runtime);
    }

    /** Whether somebody runs, or is about to run, from a directory; false for one that is no copy of a server. */
    static boolean taken(Path root) throws IOException {
        if (!Files.exists(root.resolve(LOCK))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.WRITE);
             FileLock free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException e) {
            return true; // this very process
        }
    }

    /** Name of the runtime that a copy said it runs from, empty when it did not. */
    static String runtimeOf(Path root) throws IOException {
        return Files.exists(root.resolve(RUNTIME)) ? Files.readString(root.resolve(RUNTIME)).strip() : "";
    }

    /**
     * The runtime in a directory, copied when it is not there yet. Complete or not there at all, whoever else copies.
     *
     * @param installation runtime that a build made
     * @param copy where it is to be, with its version in the name
     */
    static Path runtime(Path installation, Path copy) throws IOException {
        if (Files.isDirectory(copy)) {
            return copy;
        }
        Files.createDirectories(copy.getParent());
        Path fresh = Files.createTempDirectory(copy.getParent(), "copying-");
        try {
            copyTree(installation, fresh.resolve("wlp"), Set.of("usr"), new HashSet<>());
            Files.move(fresh.resolve("wlp"), copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(copy)) { // else somebody else was quicker
                throw e;
            }
        } finally {
            deleteTree(fresh);
        }
        return copy;
    }

    /** Brings the copy of a server's files in step with what a build made. */
    void server(Path users, String name) throws IOException {
        Path target = root.resolve(SERVERS).resolve(name);
        Path list = root.resolve(LIST);
        Set<String> before = Files.exists(list) ? new HashSet<>(Files.readAllLines(list)) : Set.of();
        Set<String> now = new HashSet<>();
        copyTree(users.resolve(SERVERS).resolve(name), target, MADE, now);
        for (String gone : before) {
            if (!now.contains(gone)) {
                Files.deleteIfExists(target.resolve(gone));
            }
        }
        Files.write(list, now.stream().sorted().toList());
    }

    private static void copyTree(Path from, Path to, Set<String> without, Set<String> copied) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                if (without.contains(from.relativize(directory).toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = from.relativize(file).toString();
                copied.add(name);
                if (!same(to.resolve(name), attributes)) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** By size and time; the time is set when a copy is complete. */
    private static boolean same(Path copy, BasicFileAttributes original) throws IOException {
        return Files.exists(copy) && Files.size(copy) == original.size()
            && Files.getLastModifiedTime(copy).equals(original.lastModifiedTime());
    }

    /** Removes a directory with all that is in it; nothing happens when it is not there. */
    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(tree)) {
            all = new ArrayList<>(files.toList());
        }
        for (int i = all.size() - 1; i >= 0; i--) { // children come after their directory
            Files.delete(all.get(i));
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}

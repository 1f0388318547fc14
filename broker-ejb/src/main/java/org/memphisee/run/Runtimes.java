package org.memphisee.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The copies of runtimes, one per version, that servers run from. The one that is needed is made, those that nobody runs from
 * any more are removed: each takes hundreds of megabytes. Several processes may do so at once.
 */
final class Runtimes {

    private static final String PREFIX = "liberty-";
    private static final String COPYING = "copying-";
    private static final String REMOVING = "removing-";
    private static final String LOCK = "runtimes.lock";

    private final Path runs;

    /** Those below a directory. */
    Runtimes(Path runs) {
        this.runs = runs;
    }

    /**
     * Takes a place to run from, below the directory.
     *
     * @throws IOException also when another process has it
     */
    @SuppressWarnings("try") // the turn is held, not used
    ServerCopy open(String name) throws IOException {
        Files.createDirectories(runs);
        try (FileChannel turn = turn()) { // whoever looks who runs has each lock for a moment
            return ServerCopy.open(runs.resolve(name));
        }
    }

    /** Waits until no other process is at this; until closed. */
    private FileChannel turn() throws IOException {
        FileChannel channel = FileChannel.open(runs.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    /**
     * The copy to run from, made when it is not there.
     *
     * @param installation runtime that a build made
     * @param version its version
     * @param user whoever runs from it, and has the lock of its own directory
     */
    @SuppressWarnings("try") // the turn is held, not used
    Path use(Path installation, String version, ServerCopy user) throws IOException {
        Path runtime = runs.resolve(PREFIX + version);
        try (FileChannel turn = turn()) { // between looking who runs from what and removing nobody may begin to
            user.runsFrom(runtime.getFileName().toString());
            ServerCopy.runtime(installation, runtime);
            removeOthers(runtime, user.root());
        }
        return runtime;
    }

    private void removeOthers(Path used, Path own) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(runs)) {
            // without our own: whoever opens and closes the file of a lock that this process has gives the lock up
            all = files.filter(directory -> Files.isDirectory(directory) && !directory.equals(own)).toList();
        }
        Set<String> needed = new HashSet<>();
        for (Path directory : all) {
            if (ServerCopy.taken(directory)) {
                String name = ServerCopy.runtimeOf(directory);
                if (name.isEmpty()) {
                    return; // of a release that did not say what it runs from
                }
                needed.add(name);
            }
        }
        for (Path directory : all) {
            String name = directory.getFileName().toString();
            if (name.startsWith(PREFIX) && !directory.equals(used) && !needed.contains(name)) {
                Path removed = runs.resolve(REMOVING + name);
                ServerCopy.deleteTree(removed);
                Files.move(directory, removed); // what is there under its name is complete, whatever happens now
                ServerCopy.deleteTree(removed);
            } else if (name.startsWith(COPYING) || name.startsWith(REMOVING)) {
                ServerCopy.deleteTree(directory); // of one that was killed
            }
        }
    }
}

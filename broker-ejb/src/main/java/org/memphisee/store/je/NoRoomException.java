package org.memphisee.store.je;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system had no room for what JE wrote. JE gives its environment up then; unlike after a failed sync nothing that
 * was durable is in doubt, so that it may be opened again.
 */
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1;

    /** As Linux, the BSDs and Windows say it; a translated one is known by the free space. */
    private static final List<String> TEXTS =
        List.of("No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

    private static final int MAX_DEPTH = 50;

    private NoRoomException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** What a failed write of so many bytes is thrown on as. */
    static IOException of(IOException failure, Path file, int length) {
        return says(failure) || usable(file) < length ? new NoRoomException(failure) : failure;
    }

    /** Whether this is why something failed, however JE wraps it. */
    static boolean causes(Throwable failure) {
        Throwable t = failure;
        for (int depth = 0; t != null && depth < MAX_DEPTH; depth++) { // JE's causes may go in a circle
            if (t instanceof NoRoomException || t instanceof FileNotFoundException missing && says(missing)) {
                return true;
            }
            t = t.getCause();
        }
        return false;
    }

    private static boolean says(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return TEXTS.stream().anyMatch(text::contains);
    }

    private static long usable(Path file) {
        try {
            return Files.getFileStore(file).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}

package org.memphisee.core.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file has more bytes than are read; the wrong one was named, most likely. */
public final class FileTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    FileTooLargeException(Path file, int limit) {
        super(file + " has more than " + limit + " bytes");
    }
}

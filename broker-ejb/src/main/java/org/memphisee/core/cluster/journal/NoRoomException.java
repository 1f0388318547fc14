package org.memphisee.core.cluster.journal;

import java.io.IOException;

/** The disk, or the quota on it, has no room for a file. */
public final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    public NoRoomException(String message, Throwable cause) {
        super(message, cause);
    }
}

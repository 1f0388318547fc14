package org.memphisee.core.control.format;

import java.io.IOException;

/** Stored bytes do not read; the message says which part and what helps. */
public final class FormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final String NEWER = "; a newer release wrote it: start that release or a later one, or restore a backup from "
        + "before it ran. Nothing was changed";
    private static final String DAMAGED = "; no release wrote it so, it is damaged or was changed by hand: verify the store with "
        + "memphis-store (docs/store-tool.md) and restore a backup. Nothing was changed";

    private final String what;
    private final String remedy;

    private FormatException(String what, String remedy, Throwable cause) {
        super(what + remedy, cause);
        this.what = what;
        this.remedy = remedy;
    }

    /** Something that this release does not know, and that must not be passed over. */
    static FormatException newer(String what) {
        return new FormatException(what, NEWER, null);
    }

    /** Something that no release has written. */
    static FormatException damaged(String what, Throwable cause) {
        return new FormatException(what, DAMAGED, cause);
    }

    /** The same, with where it is in front. */
    FormatException at(String where) {
        return new FormatException(where + what, remedy, this);
    }
}

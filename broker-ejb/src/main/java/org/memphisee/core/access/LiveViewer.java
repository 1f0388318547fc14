package org.memphisee.core.access;

/**
 * The user as whom dashboards of Memphis open their live channel (management-api.md 14.1). No user of the installation: it has no
 * definition, comes in by WebSocket only, and can follow topics and nothing else.
 */
public final class LiveViewer {

    /** Its name, which no other user can have; clients put the account's number behind it. */
    public static final String NAME = "$memphis_user";

    private LiveViewer() { }

    /** What a client may do with topics. */
    public enum Access {
        /** Nothing: applications. */
        NONE,
        /** Follow them, among other things: who administers the broker. */
        ALSO,
        /** Follow them, and nothing else. */
        ONLY
    }
}

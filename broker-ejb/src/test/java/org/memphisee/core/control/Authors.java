package org.memphisee.core.control;

import org.memphisee.core.api.Author;

/** Who makes changes in tests. */
public final class Authors {

    private Authors() { }

    /** Somebody at the management API of this machine. */
    public static Author of(String user) {
        return new Author(user, Author.Door.MANAGEMENT, "127.0.0.1", "test");
    }
}

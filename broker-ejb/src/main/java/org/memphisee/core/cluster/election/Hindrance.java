package org.memphisee.core.cluster.election;

import java.util.Locale;

/**
 * What speaks against a node leading groups, the least first. It never keeps one from leading that nobody better could replace:
 * who is hindered leaves it to others as long as there are some.
 */
public enum Hindrance {

    /** Nothing does. */
    NONE("may lead"),
    /** What is published finds no room on its disk. */
    NO_ROOM("has no room on its disk"),
    /** It lacks definitions that nobody keeps: it takes all of them anew, and is opened again with them. */
    OPENS_AGAIN("takes all definitions anew, and opens again"),
    /** It is about to stop. */
    STOPS("is about to stop");

    private final String words;

    Hindrance(String words) {
        this.words = words;
    }

    /** Whether a node may lead, with others there that may as well. */
    public boolean mayLead() {
        return this == NONE;
    }

    /** Whether a node that this is said of should lead rather than one of which another is said. */
    public boolean lessThan(Hindrance other) {
        return compareTo(other) < 0;
    }

    /** For programs; empty when nothing speaks against it. */
    public String label() {
        return mayLead() ? "" : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In a sentence behind the name of the node. */
    public String words() {
        return words;
    }
}

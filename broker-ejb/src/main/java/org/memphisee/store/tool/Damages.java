package org.memphisee.store.tool;

import java.io.PrintStream;

/** Tells each damage once, as it is found, and counts. */
final class Damages {

    private final PrintStream to;
    private long count;

    Damages(PrintStream to) {
        this.to = to;
    }

    void add(String what) {
        count++;
        to.println("damaged: " + what);
    }

    long count() {
        return count;
    }
}

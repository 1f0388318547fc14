package org.memphisee.net;

import java.util.ArrayDeque;
import java.util.List;

/** The clients that left lately, within a byte budget; the oldest are forgotten first. Thread-safe. */
final class ClosedConnections {

    private static final int MAX_BYTES = 1 << 20;

    private final ArrayDeque<ConnectionFigures> ring = new ArrayDeque<>();
    private int bytes;

    synchronized void add(ConnectionFigures figures) {
        ring.addLast(figures);
        bytes += figures.bytes();
        while (bytes > MAX_BYTES) {
            bytes -= ring.removeFirst().bytes();
        }
    }

    /** The last to leave is the last. */
    synchronized List<ConnectionFigures> all() {
        return List.copyOf(ring);
    }
}

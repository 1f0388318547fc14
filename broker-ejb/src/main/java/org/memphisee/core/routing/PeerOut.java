package org.memphisee.core.routing;

import java.util.ArrayDeque;

import org.memphisee.core.cluster.link.PeerLinks;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;

/**
 * One kind of traffic to one node: entries of a turn become frames, which leave in order; what the link has no room for waits here.
 * How much may wait is up to who adds. The routes' thread.
 */
final class PeerOut {

    private static final int FULL_FRAME = 64 << 10;

    /**
     * A frame that waits.
     *
     * @param last the highest number in it and all before it
     */
    private record Sealed(byte[] frame, long last) { }

    private final PeerLinks links;
    private final String peer;
    private final Traffic traffic;
    private final ArrayDeque<Sealed> waiting = new ArrayDeque<>();
    private long bytes;
    private RouteFrame current;
    private RouteKind kind;
    private long last;
    private long taken;

    PeerOut(PeerLinks links, String peer, Traffic traffic) {
        this.links = links;
        this.peer = peer;
        this.traffic = traffic;
    }

    /** The frame that the next entry goes into. */
    RouteFrame entry(RouteKind of) {
        if (current != null && (kind != of || current.size() >= FULL_FRAME)) {
            flush();
        }
        if (current == null) {
            current = RouteFrame.of(of);
            kind = of;
        }
        return current;
    }

    /** The next entry has this number, greater than those before. */
    void number(long number) {
        last = number;
    }

    /** The highest number that the link has taken; those above certainly have not left. */
    long taken() {
        return taken;
    }

    /** What waits for room, in bytes. */
    long bytes() {
        return bytes + (current == null ? 0 : current.size());
    }

    /** The turn is over, or the frame is full. */
    void flush() {
        if (current != null) {
            byte[] frame = current.take();
            waiting.add(new Sealed(frame, last));
            bytes += frame.length;
            current = null;
        }
        drain();
    }

    /** Sends as much as there is room for. */
    void drain() {
        while (!waiting.isEmpty() && links.send(peer, traffic, waiting.peek().frame) == PeerLinks.Sent.TAKEN) {
            Sealed sent = waiting.poll();
            bytes -= sent.frame.length;
            taken = Math.max(taken, sent.last);
        }
    }

    /** The link has ended: what waits is of no use. */
    void clear() {
        waiting.clear();
        bytes = 0;
        current = null;
    }
}

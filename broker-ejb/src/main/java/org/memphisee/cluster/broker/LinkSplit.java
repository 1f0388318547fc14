package org.memphisee.cluster.broker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.routing.frame.RouteKind;

/**
 * Tells what links say to the two who listen: the loop of the groups, and the routes, which come later than the links. What is
 * for the routes waits for them: the budgets of the links bound it. Any thread.
 */
final class LinkSplit implements PeerListener {

    private final PeerListener groups;
    private final Map<String, PeerIdentity> linked = new HashMap<>();
    private final Map<String, ArrayDeque<Waiting>> waiting = new HashMap<>();
    private PeerListener routes;

    private record Waiting(Traffic traffic, PeerFrame frame) { }

    LinkSplit(PeerListener groups) {
        this.groups = groups;
    }

    /** The routes are there. Once. */
    synchronized void routes(PeerListener listener) {
        linked.forEach(listener::linked);
        waiting.forEach((peer, frames) -> frames.forEach(each -> listener.received(peer, each.traffic(), each.frame())));
        waiting.clear();
        routes = listener;
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        groups.linked(peer, who);
        synchronized (this) {
            linked.put(peer, who);
            if (routes != null) {
                routes.linked(peer, who);
            }
        }
    }

    @Override
    public void unlinked(String peer, LinkEnd end) {
        groups.unlinked(peer, end);
        synchronized (this) {
            linked.remove(peer);
            ArrayDeque<Waiting> late = waiting.remove(peer);
            if (late != null) {
                late.forEach(each -> each.frame().done());
            }
            if (routes != null) {
                routes.unlinked(peer, end);
            }
        }
    }

    @Override
    public void received(String peer, Traffic traffic, PeerFrame frame) {
        if (!RouteKind.owns(frame.bytes())) {
            groups.received(peer, traffic, frame);
            return;
        }
        PeerListener to;
        synchronized (this) {
            to = routes;
            if (to == null) {
                waiting.computeIfAbsent(peer, name -> new ArrayDeque<>()).add(new Waiting(traffic, frame));
                return;
            }
        }
        to.received(peer, traffic, frame);
    }

    @Override
    public void room(String peer, Traffic traffic) {
        groups.room(peer, traffic);
        PeerListener to;
        synchronized (this) {
            to = routes;
        }
        if (to != null) {
            to.room(peer, traffic);
        }
    }

    @Override
    public void gone(String peer) {
        groups.gone(peer);
    }
}

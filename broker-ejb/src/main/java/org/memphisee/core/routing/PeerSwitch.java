package org.memphisee.core.routing;

import org.memphisee.core.cluster.link.LinkEnd;
import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;
import org.memphisee.core.cluster.link.PeerListener;
import org.memphisee.core.cluster.link.Traffic;
import org.memphisee.core.routing.frame.RouteKind;

/**
 * Tells what links say to the two loops of a node that talk to others: that of its groups hears everything but the frames of clients'
 * messages, which go to that of the routes without a detour. Both hand over at once.
 */
public final class PeerSwitch implements PeerListener {

    private final PeerListener groups;
    private final PeerListener routes;

    /** @param groups takes all that is not said to be the routes' */
    public PeerSwitch(PeerListener groups, PeerListener routes) {
        this.groups = groups;
        this.routes = routes;
    }

    @Override
    public void linked(String peer, PeerIdentity who) {
        groups.linked(peer, who);
        routes.linked(peer, who);
    }

    @Override
    public void unlinked(String peer, LinkEnd end) {
        groups.unlinked(peer, end);
        routes.unlinked(peer, end);
    }

    @Override
    public void received(String peer, Traffic traffic, PeerFrame frame) {
        (RouteKind.owns(frame.bytes()) ? routes : groups).received(peer, traffic, frame);
    }

    @Override
    public void room(String peer, Traffic traffic) {
        groups.room(peer, traffic);
        routes.room(peer, traffic);
    }

    @Override
    public void gone(String peer) {
        groups.gone(peer);
        routes.gone(peer);
    }
}

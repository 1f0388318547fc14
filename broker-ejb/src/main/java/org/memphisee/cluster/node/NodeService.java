package org.memphisee.cluster.node;

import java.util.Set;

import org.memphisee.core.cluster.link.PeerFrame;
import org.memphisee.core.cluster.link.PeerIdentity;

/** A conversation between nodes that is none of a group. All methods on the node's loop. */
public interface NodeService {

    /**
     * Kinds of the frames that are its own; asked for once, in the beginning. No other service has one of them ({@link
     * NodeGroups#serve}).
     */
    Set<Integer> kinds();

    /** There is a link. */
    void linked(String peer, PeerIdentity who);

    /** It has ended. */
    void unlinked(String peer);

    /** A frame of one of its kinds; it says when the frame is done. */
    void received(String peer, int kind, PeerFrame frame, long now);

    /**
     * Time passes, or something happened.
     *
     * @return when it wants a turn next, monotonic; {@link Long#MAX_VALUE} for when something happens
     */
    long turn(long now);

    /** The node stops. */
    void stopped();
}

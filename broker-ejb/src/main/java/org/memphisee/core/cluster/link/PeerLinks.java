package org.memphisee.core.cluster.link;

import java.util.Set;

/**
 * This node's links to all others of the cluster.
 *
 * <p>A link begins with {@link PeerListener#linked}, after which what is sent arrives in order and once, until {@link
 * PeerListener#unlinked}; what had not arrived then never will, and the sender does not learn what that was. Any thread, never
 * waits.
 */
public interface PeerLinks {

    /** What became of a frame. */
    enum Sent {
        /** It is on its way, or counts towards the budget until it is. */
        TAKEN,
        /** Not taken: its kind of traffic has used up its budget. {@link PeerListener#room} tells when there is room again. */
        FULL,
        /** Not taken: there is no link. */
        NOT_LINKED
    }

    /** Name of this node. */
    String self();

    /** Names of all others, linked or not. */
    Set<String> peers();

    /**
     * Sends a frame.
     *
     * @param peer one of {@link #peers}
     * @param frame belongs to the link from now on if it was taken; at most {@link LinkSettings#maxFrame} bytes
     * @throws IllegalArgumentException for a frame that is too large, or an unknown peer
     */
    Sent send(String peer, Traffic traffic, byte[] frame);

    /**
     * How the link to a peer is.
     *
     * @throws IllegalArgumentException for an unknown peer
     */
    LinkHealth health(String peer);
}

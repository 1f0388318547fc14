package org.memphisee.core.cluster.link;

/**
 * What links tell a node. For each peer one call at a time, in the order in which things happened; for different peers on
 * different threads. Implementations hand over at once and call nothing of the links but {@link PeerFrame#done}.
 */
public interface PeerListener {

    /**
     * There is a link.
     *
     * @param who what the peer says of itself, proven by the cluster's secret
     */
    void linked(String peer, PeerIdentity who);

    /** The link has ended; a new one is being tried already. */
    void unlinked(String peer, LinkEnd end);

    /**
     * A frame has arrived. Its bytes count towards the budget of the sender until {@link PeerFrame#done}: who does not say so
     * holds up this kind of traffic.
     */
    void received(String peer, Traffic traffic, PeerFrame frame);

    /** Half of a budget is free after a frame had been refused with {@link PeerLinks.Sent#FULL}. */
    void room(String peer, Traffic traffic);

    /**
     * The peer's process has ended: nobody listens where it did. Comes after {@link #unlinked}, or not at all: a machine that is
     * silent may be alive.
     */
    void gone(String peer);
}

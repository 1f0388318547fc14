package org.memphisee.core.cluster.watch;

import org.memphisee.core.cluster.link.LinkHealth;

/**
 * This node's link to another one.
 *
 * @param peer its name
 * @param host where it is, as configured
 * @param port where it is, as configured
 * @param dials whether this node is the one that connects
 * @param urls where clients find it, with commas between them; empty while it was never linked
 * @param health how the link is
 */
public record LinkStatus(String peer, String host, int port, boolean dials, String urls, LinkHealth health) { }

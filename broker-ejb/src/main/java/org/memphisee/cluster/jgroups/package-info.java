/**
 * Links between nodes over JGroups' TCP server: {@link org.memphisee.cluster.jgroups.ChannelLinks} carries the frames of {@code
 * core.cluster.link} on one port. Of JGroups only {@code org.jgroups.blocks.cs} is used, so that nothing that comes from the
 * network is parsed by it but the greeting of a connection (ADR 0097).
 *
 * <p>Threads: for each peer one that ticks and dials, for each connection a reader and a writer, one at the port, and one for each
 * handshake under way.
 */
package org.memphisee.cluster.jgroups;

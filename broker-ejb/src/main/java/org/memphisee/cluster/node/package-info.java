/**
 * What a node of a cluster does for its replication groups: {@link org.memphisee.cluster.node.NodeGroups} is one loop that has
 * the journal's groups, tells them time, what arrived and what is durable, and sends what they say. Groups sit in it as {@link
 * org.memphisee.cluster.node.GroupSeat}s; other conversations between nodes as {@link org.memphisee.cluster.node.NodeService}s.
 *
 * <p>Threads: everything happens on the loop's thread, but for handing over: links, control loops and doors put things into its
 * inbox. Nothing calls it in production yet: {@code memphisee.cluster.mode} other than {@code off} is refused.
 */
package org.memphisee.cluster.node;

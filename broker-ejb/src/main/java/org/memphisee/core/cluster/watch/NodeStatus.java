package org.memphisee.core.cluster.watch;

import java.util.Optional;

/**
 * A node, as this one sees it.
 *
 * @param name of the node
 * @param state what it is; {@link NodeState#AWAY} without a link
 * @param partitions that it decides about, as far as is known here
 * @param figures what it said last; empty when it did not say anything since this node's start
 * @param heardMillis since it said that
 */
public record NodeStatus(String name, NodeState state, int partitions, Optional<NodeFigures> figures, long heardMillis) { }

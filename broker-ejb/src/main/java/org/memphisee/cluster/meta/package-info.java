/**
 * The group that has the definitions of a cluster. {@link org.memphisee.cluster.meta.MetaGroup} proposes and applies system
 * events, {@link org.memphisee.cluster.meta.MetaLog} is the system log of the control engine on top of it, {@link
 * org.memphisee.cluster.meta.MetaAsks} brings what is asked at any node to the leader and its answer back, and {@link
 * org.memphisee.cluster.meta.Formation} makes a cluster of nodes that have none.
 *
 * <p>Threads: {@code MetaLog} belongs to the control loop, the others to the node's loop ({@link
 * org.memphisee.cluster.node.NodeGroups}); each says what others may call. Nothing calls it in production yet.
 */
package org.memphisee.cluster.meta;

/**
 * The group that has the definitions of a cluster. {@link org.memphisee.cluster.meta.MetaGroup} proposes and applies system
 * events, {@link org.memphisee.cluster.meta.MetaLog} is the system log of the control engine on top of it, {@link
 * org.memphisee.cluster.meta.MetaClaims} has names for this node while it decides, {@link org.memphisee.cluster.meta.MetaDoor} gives
 * them at the leader and appends what other nodes decided, {@link org.memphisee.cluster.meta.MetaAsks} brings requests and answers,
 * and {@link org.memphisee.cluster.meta.Formation} makes a cluster of nodes that have none.
 *
 * <p>Threads: {@code MetaLog} belongs to the control loop, the others to the node's loop ({@link
 * org.memphisee.cluster.node.NodeGroups}); each says what others may call.
 */
package org.memphisee.cluster.meta;

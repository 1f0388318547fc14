/**
 * Data groups: the replication groups that have partitions. {@link org.memphisee.cluster.data.DataGroups} has those of a node, made
 * of definitions on the control loop; each is a seat in the node's loop ({@link org.memphisee.cluster.node.NodeGroups}), which
 * joins a replica in {@code cluster.raft} with its shard's part in {@code core.replication}: what a shard asks for is handed over. The
 * node's loop also tells other nodes what is led here. Called by {@link org.memphisee.cluster.broker.ClusterNode}.
 */
package org.memphisee.cluster.data;

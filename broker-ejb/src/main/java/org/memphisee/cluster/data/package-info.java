/**
 * Data groups: the replication groups that have partitions. {@link org.memphisee.cluster.data.DataGroup} joins a group's replica
 * in {@code cluster.raft} with its shard's part in {@code core.replication}. Whoever runs the groups of a node gives each of them
 * its turns on one thread; what a shard asks for is handed over.
 *
 * <p>Nobody calls it in production yet: its caller is the loop of a node's groups.
 */
package org.memphisee.cluster.data;

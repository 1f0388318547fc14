/**
 * The seam to several brokers. {@link org.memphisee.core.cluster.ReplicationGroup} makes durable what a partition decides (P1):
 * changes are proposed, and what became of them is a {@link org.memphisee.core.cluster.WriteOutcome}; with one replica that is
 * {@link org.memphisee.core.append.SoloGroup}, with several {@code core.replication}. Beside it, as plain values, what brokers
 * must agree on: where a partition is placed, which the control plane keeps and {@code core.partition} asks for a shard, and
 * the entries in which a group writes
 * what its leader decided. Nothing in here waits, reads the disk or knows a network; each class says which thread may call it.
 */
package org.memphisee.core.cluster;

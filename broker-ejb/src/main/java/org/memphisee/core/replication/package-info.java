/**
 * Replication groups of several brokers, as a shard sees them: {@link org.memphisee.core.replication.ReplicatedGroup} makes
 * entries of what the leader's partitions propose, {@link org.memphisee.core.replication.ShardReplica} has what is committed
 * take effect and stored, in its order, and says who decides. What the entries change is behind {@link
 * org.memphisee.core.replication.ReplicatedState}, the way to the other members behind {@link
 * org.memphisee.core.replication.Replicas}: nothing in here knows partitions, elections or a network. Shard's thread, but for
 * what {@link org.memphisee.core.replication.ShardReplica} says.
 */
package org.memphisee.core.replication;

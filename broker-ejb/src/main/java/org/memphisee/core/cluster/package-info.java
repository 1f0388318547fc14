/**
 * What several brokers must agree on, as plain values: where a partition is placed, and the entries in which a replication
 * group writes what its leader decided. The control plane keeps placements, {@code core.partition} asks them for a shard.
 * Nothing in here waits, reads the disk or knows a network; each class says which thread may call it.
 */
package org.memphisee.core.cluster;

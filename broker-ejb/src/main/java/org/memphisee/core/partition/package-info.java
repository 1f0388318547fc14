/**
 * Partitions: each is one stream's messages and consumers on one shard. {@link org.memphisee.core.partition.Partition} puts
 * together what the rooms below hold: the stored messages ({@code log}) with the index of their subjects ({@code index}),
 * the way in ({@code publish}), the way out of the store ({@code retention}), and the consumers with their cursors ({@code
 * cursor}). The rooms see each other in this order only, and never this package.
 *
 * <p>A partition is confined to its shard's thread; other threads see {@link
 * org.memphisee.core.partition.PartitionHandle}. {@link org.memphisee.core.partition.PartitionLife} says what it may do.
 * {@link org.memphisee.core.partition.GroupPartitions} are those of a replication group, which may be decided about elsewhere.
 * Nothing in here knows sessions or frames: publishers and listeners are the small ports {@link
 * org.memphisee.core.partition.publish.PublishOrigin} and {@link org.memphisee.core.consumer.Inbox}.
 */
package org.memphisee.core.partition;

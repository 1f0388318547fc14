/**
 * Partitions: the logs that store messages, what they keep in memory about them, and the rules for taking, keeping and
 * giving them out. A partition is confined to its shard's thread; other threads see {@link
 * org.memphisee.core.station.PartitionHandle}. Nothing in here knows sessions or frames: publishers and listeners are
 * the small ports {@link org.memphisee.core.station.PublishOrigin} and {@link org.memphisee.core.consumer.Inbox}.
 */
package org.memphisee.core.station;

/**
 * The consumers of a partition: what they need of their shard, and the way of their cursors to the disk, together with what
 * was removed. What a consumer decides is {@link org.memphisee.core.consumer.Consumer}. Shard's thread only.
 */
package org.memphisee.core.partition.cursor;

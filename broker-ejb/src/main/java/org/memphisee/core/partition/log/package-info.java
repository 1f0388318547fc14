/**
 * The stored messages of a partition: batches in memory and in the store, how they are read, counted, searched and merged,
 * and the stored formats. {@link org.memphisee.core.partition.log.StoredMessages} is what the other rooms see,
 * {@link org.memphisee.core.partition.log.StoredView} what consumers see. Shard's thread only, but for what shards share
 * ({@link org.memphisee.core.partition.log.ShardResources}, budgets) and for
 * {@link org.memphisee.core.partition.log.StoredFormats}, which the store tool reads with.
 */
package org.memphisee.core.partition.log;

/**
 * The subjects of a partition: what is known of those in use with their texts, of others without, and of those in one batch;
 * and the memory that subjects and message ids may take. Used by the partition's other rooms on their shard's thread; {@link
 * org.memphisee.core.partition.index.IndexBudget} by any.
 */
package org.memphisee.core.partition.index;

/**
 * Shards and the log writer: the single-writer loops of the core (D5, D6). A shard owns everything of its partitions and
 * is the only thread that touches it; others submit batches of commands. The log writer is the only thread that writes
 * to the store; it takes all that waits, commits once, and tells each shard. Nothing in here knows partitions or clients.
 */
package org.memphisee.core.append;

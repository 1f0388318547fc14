/**
 * The consumer state machine of JetStream, which is also one partition's share of a Memphis consumer group
 * (jetstream-api.md 6): what was delivered to whom, what is acknowledged, what comes again and when.
 *
 * <p>{@link org.memphisee.core.consumer.Consumer} is the entry. Its partition calls it on the shard's thread, and it
 * answers through {@code PartitionView} (messages), {@code Inbox} (frames) and {@code ConsumerEnvironment} (clock,
 * timers, durability). Nothing here blocks, starts a thread or reads a clock of its own, so a seeded simulation runs
 * the same code.
 */
package org.memphisee.core.consumer;

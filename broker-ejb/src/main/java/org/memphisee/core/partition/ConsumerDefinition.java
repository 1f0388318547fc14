package org.memphisee.core.partition;

import org.memphisee.core.consumer.ConsumerConfig;

/**
 * A consumer that is to be there whenever its partition is decided about here.
 *
 * @param id its number, never used before
 * @param createdNanos when it was defined, nanoseconds since the epoch
 * @param startSequence where it begins
 */
public record ConsumerDefinition(long id, ConsumerConfig config, long createdNanos, long startSequence) { }

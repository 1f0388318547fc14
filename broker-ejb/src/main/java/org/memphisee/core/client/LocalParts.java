package org.memphisee.core.client;

import java.util.function.IntSupplier;

import org.memphisee.core.access.Users;
import org.memphisee.core.deadletters.DeadLetters;
import org.memphisee.core.partition.PartitionRegistry;
import org.memphisee.core.routing.Router;

/**
 * What all local connections share.
 *
 * @param router the way of messages
 * @param users who may do what
 * @param partitions look-ups of partitions
 * @param letters messages that come again
 * @param loop pulls and acknowledgements
 * @param maxPayload largest message, headers included, bytes
 * @param publishBudget messages that are not yet durable
 * @param fetchBudget messages that were fetched and not yet passed on
 */
record LocalParts(Router router, Users users, PartitionRegistry partitions, DeadLetters letters, LocalLoop loop,
                  IntSupplier maxPayload, ByteBudget publishBudget, ByteBudget fetchBudget) { }

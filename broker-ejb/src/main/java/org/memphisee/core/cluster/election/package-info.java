/**
 * Who leads a replication group (K9): {@link org.memphisee.core.cluster.election.GroupElection} with pre-votes, votes that are on
 * the disk before anybody hears of them, leaders that step down when they reach no majority, leases and transfers. No threads, no
 * clock, no network and no disk of its own: whoever runs it tells it the time, what arrived and what is durable, and sends what
 * it wants sent. One thread at a time, the runner of the group.
 *
 * <p>Nobody calls it in production yet: its caller is the replicated group, as with {@code core.cluster.journal}.
 */
package org.memphisee.core.cluster.election;

/**
 * The journal of a node: what all its replication groups must remember before they answer anybody, in one log with one sync
 * for all that wait (K3, K4; ADR 0090). {@link org.memphisee.core.cluster.journal.RaftJournal} is opened once and gives each
 * group its {@link org.memphisee.core.cluster.journal.JournalGroup}, which one thread at a time changes: the runner of the
 * group. A loop of its own writes, syncs and tells each group's {@link org.memphisee.core.cluster.journal.JournalListener}. The
 * disk is a port, {@link org.memphisee.core.cluster.journal.JournalFiles}, so that the same code runs on a simulated one.
 *
 * <p>Nobody calls it in production yet: its caller is the replicated group, the sibling of {@code core.append.SoloGroup}
 * for partitions on several nodes. Format, recovery and figures: docs/design/journal.md.
 */
package org.memphisee.core.cluster.journal;

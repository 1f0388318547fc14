/**
 * Replication groups on jgroups-raft, the only room that knows that library. {@link org.memphisee.cluster.raft.GroupReplica} is
 * one member of one group: the library's RAFT with guards against what it does wrong (docs/design/raft.md names each with the
 * test that shows it), its log in {@code core.cluster.journal}, its leader from {@code core.cluster.election}. No channel, no
 * view, no thread of the library: whoever runs a replica tells it the time and what arrived, on one thread, and sends what it
 * hands out. Only what the journal tells comes from the journal's thread.
 *
 * <p>Its caller is the loop of a node's groups ({@code org.memphisee.cluster.node}); nobody calls that in production yet.
 */
package org.memphisee.cluster.raft;

package org.memphisee.core.cluster.watch;

/**
 * What a node says of itself.
 *
 * @param state what it is
 * @param groups that it is a member of, the one of the definitions included
 * @param leads of those
 * @param rebuilds of those
 * @param failed of those
 * @param lag entries that it knows of and has not applied, of the group that has most
 * @param partitions that it decides about
 * @param journalBytes files of its journal
 * @param use its process
 */
public record NodeFigures(NodeState state, int groups, int leads, int rebuilds, int failed, long lag, int partitions,
                          long journalBytes, NodeUse use) { }

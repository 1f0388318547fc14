package org.memphisee.core.cluster.watch;

import java.util.List;
import java.util.Optional;

import org.memphisee.core.time.LatencyHistogram;

/**
 * The cluster as one of its nodes sees it. Immutable but for its histograms, which go on.
 *
 * @param name of the cluster
 * @param self name of this node
 * @param definitionsLeader who leads the definitions, empty when nobody is known to
 * @param nodes all of them, in their order
 * @param groups of which this node is a member, that of the definitions first
 * @param links to the others, by name
 * @param work what this node did for the cluster
 */
public record ClusterStatus(String name, String self, String definitionsLeader, List<NodeStatus> nodes, List<GroupStatus> groups,
                            List<LinkStatus> links, Work work) {

    /** Number of the group of the definitions. */
    public static final long DEFINITIONS = 1;

    /**
     * What a node did for the cluster.
     *
     * @param journalBytes files of the journal, those included that are made in advance
     * @param syncs of the journal
     * @param commits from handing over an entry to its being decided and stored here, of entries of this node
     * @param rebuiltBytes of messages that were fetched from others since the start, because they were missing here
     * @param rebuilt groups that were rebuilt since the start
     * @param heldPublishes that wait now for somebody to lead their partition
     */
    public record Work(long journalBytes, LatencyHistogram syncs, LatencyHistogram commits, long rebuiltBytes, long rebuilt,
                       long heldPublishes) { }

    public ClusterStatus {
        nodes = List.copyOf(nodes);
        groups = List.copyOf(groups);
        links = List.copyOf(links);
    }

    /** A group that this node is a member of. */
    public Optional<GroupStatus> group(long id) {
        return groups.stream().filter(group -> group.id() == id).findFirst();
    }

    /** A node by its name. */
    public Optional<NodeStatus> node(String of) {
        return nodes.stream().filter(node -> node.name().equals(of)).findFirst();
    }
}

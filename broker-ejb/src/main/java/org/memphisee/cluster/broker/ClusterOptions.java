package org.memphisee.cluster.broker;

import java.util.List;

import org.memphisee.cluster.data.RebuildSettings;
import org.memphisee.cluster.data.ScrubSettings;
import org.memphisee.cluster.jgroups.ChannelSettings;
import org.memphisee.cluster.raft.ReplicaSettings;
import org.memphisee.core.cluster.journal.JournalSettings;
import org.memphisee.core.cluster.link.LinkSettings;
import org.memphisee.core.cluster.link.PeerIdentity;

/**
 * What a node needs to know of its cluster.
 *
 * @param self what it says of itself to the others; the node's name is the broker's
 * @param members names of all nodes, alike on all of them; the first should lead the definitions
 * @param rings groups of partitions that a node prefers to lead, at least 1; counts when the cluster is formed
 * @param channel where nodes are, and how they speak
 * @param links times and sizes of links
 * @param journal sizes of the journal of the groups
 * @param replicas times of the groups
 * @param rebuild limits of rebuilding groups
 * @param scrub how stored records are looked through
 */
public record ClusterOptions(PeerIdentity self, List<String> members, int rings, ChannelSettings channel, LinkSettings links,
                             JournalSettings journal, ReplicaSettings replicas, RebuildSettings rebuild, ScrubSettings scrub) {

    public ClusterOptions {
        members = members.stream().sorted().toList();
    }

    /** The same in another life of the node: whoever knew the one before takes it for gone. */
    ClusterOptions anotherLife(long incarnation) {
        return new ClusterOptions(new PeerIdentity(self.cluster(), self.node(), incarnation, self.oldestLevel(), self.newestLevel(),
            self.clientUrl(), self.fingerprints()), members, rings, channel, links, journal, replicas, rebuild, scrub);
    }
}

package org.memphisee.core.cluster;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses who has new partitions. All partitions of a station are in one group, so that its message ids are known to one leader
 * (ADR 0175). Immutable, any thread.
 *
 * @param groups of the cluster
 * @param live names of nodes that are linked and not draining, this one included
 * @param fit of these, the ones that get what only one node has as long as there are some; a majority goes on without a node
 */
public record PlacementChoice(GroupMap groups, Set<String> live, Set<String> fit) {

    public PlacementChoice {
        live = Set.copyOf(live);
        fit = Set.copyOf(fit);
    }

    /**
     * The number of copies that a request for some asks for.
     *
     * @param asked as a client says it
     * @return 1, 3 or 5
     */
    public static int replicas(long asked) {
        return asked <= 1 ? 1 : asked < 5 ? 3 : 5;
    }

    /**
     * Places the partitions of something new.
     *
     * @param replicas 1, 3 or 5
     * @param partitions how many
     * @param placed where the partitions are that there are already, the newest last
     * @return one for each; empty when there are not as many live nodes
     */
    public Optional<List<Long>> place(int replicas, int partitions, Collection<Long> placed) {
        if (!groups.clustered()) {
            return replicas == 1 ? Optional.of(Placement.alone(partitions)) : Optional.empty();
        }
        if (replicas > live.size()) {
            return Optional.empty();
        }
        return (replicas == 1 ? leastUsed(placed) : nextOf(replicas, placed))
            .map(group -> Collections.nCopies(partitions, group.id()));
    }

    private Optional<GroupPlace> leastUsed(Collection<Long> placed) {
        Map<String, Integer> used = groups.alone(placed);
        return groups.of(1).stream().filter(group -> live.contains(group.preferred()))
            .min(Comparator.<GroupPlace, Boolean>comparing(group -> !fit.contains(group.preferred()))
                .thenComparing(group -> used.get(group.preferred())));
    }

    private Optional<GroupPlace> nextOf(int replicas, Collection<Long> placed) {
        List<GroupPlace> ring = groups.of(replicas);
        int last = -1;
        for (long placement : placed) {
            for (int i = 0; i < ring.size(); i++) {
                last = ring.get(i).id() == placement ? i : last;
            }
        }
        return ring.isEmpty() ? Optional.empty() : Optional.of(ring.get((last + 1) % ring.size()));
    }
}

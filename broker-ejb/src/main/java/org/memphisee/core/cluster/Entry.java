package org.memphisee.core.cluster;

import java.util.List;
import java.util.Objects;

/**
 * What a replication group writes in one go. Replicas apply the entries of an epoch in the order of their ordinals, without
 * a gap; one that does not continue what is there is void on all of them. Immutable, but for arrays that must not be changed.
 *
 * @param kind what it is for
 * @param group the group, from 1
 * @param epoch the leadership that decided it; a later one is larger
 * @param ordinal its place in the epoch, from 1; the entry that opens the epoch has 1
 * @param definitionsIndex system events that the leader had folded: a replica applies the entry when it has as many
 * @param wallNanos the leader's wall clock, nanoseconds since 1970, so that followers need none
 * @param hopRuns where its messages came from, in the order of their sequences
 * @param changes in the order in which they are applied
 */
public record Entry(EntryKind kind, long group, long epoch, long ordinal, long definitionsIndex, long wallNanos,
                    List<HopRun> hopRuns, List<EntryChange> changes) {

    public Entry {
        Objects.requireNonNull(kind, "kind is required");
        hopRuns = List.copyOf(hopRuns);
        changes = List.copyOf(changes);
        require(group > Placement.ALONE, "only a replication group writes entries, and this names group " + group);
        require(epoch > 0, "epochs count from 1, and this has " + epoch);
        require(ordinal > 0, "ordinals count from 1, and this has " + ordinal);
        require(definitionsIndex >= 0, "definitions index " + definitionsIndex);
        require(kind != EntryKind.LEAD || ordinal == 1, "an epoch is opened at its ordinal " + ordinal);
        long leaders = changes.stream().filter(EntryChange.Leader.class::isInstance).count();
        require(leaders == (kind == EntryKind.LEAD ? 1 : 0), leaders + " leaders are named in an entry of kind " + kind);
        require(kind != EntryKind.LEAD || changes.size() == 1 && hopRuns.isEmpty(), "an epoch is opened together with changes");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

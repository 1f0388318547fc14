package org.memphisee.core.partition;

import java.util.Optional;
import java.util.Set;

import org.memphisee.core.cluster.GroupMap;

/** Where the partitions of replication groups are, as this node sees it. Control loop. */
public interface GroupHomes {

    /** Of a node that is alone: everything is here. */
    GroupHomes ALONE = new GroupHomes() {
        @Override
        public void groups(GroupMap groups, boolean formed) { }

        @Override
        public void handsOver(long event) { }

        @Override
        public void handedOver(long event) { }

        @Override
        public void whenThere(Set<Long> partitions, long event, Runnable then) {
            then.run();
        }

        @Override
        public boolean here(long group) {
            return true;
        }

        @Override
        public Optional<GroupPartitions> member(long group) {
            return Optional.empty();
        }

        @Override
        public void placed(long partition, long group) { }

        @Override
        public void removed(long partition) { }
    };

    /**
     * The groups that there are from now on.
     *
     * @param formed whether they came to be just now, so that nobody has anything of those that were not there before
     */
    void groups(GroupMap groups, boolean formed);

    /** What follows from an event is about to be handed to the partitions: what they decide from now on may follow from it. */
    void handsOver(long event);

    /** All that follows from events up to this one was handed to the partitions. */
    void handedOver(long event);

    /** See {@link PartitionRegistry#whenThere}. */
    void whenThere(Set<Long> partitions, long event, Runnable then);

    /** Whether partitions of a group are at this node alone. */
    boolean here(long group);

    /** The partitions of a group that this node is a member of, with others. */
    Optional<GroupPartitions> member(long group);

    /** A partition is in a group. */
    void placed(long partition, long group);

    /** A partition is defined no more. */
    void removed(long partition);
}

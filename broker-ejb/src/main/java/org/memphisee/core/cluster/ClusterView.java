package org.memphisee.core.cluster;

import java.util.List;
import java.util.Set;

/** The cluster as this node sees it now, for people and clients. Any thread; nothing here waits. */
public interface ClusterView {

    /** Of a node that is alone. */
    ClusterView NONE = new ClusterView() {
        @Override
        public String name() {
            return "";
        }

        @Override
        public String self() {
            return "";
        }

        @Override
        public List<String> nodes() {
            return List.of();
        }

        @Override
        public Set<String> live() {
            return Set.of();
        }

        @Override
        public String leader(long partition) {
            return "";
        }

        @Override
        public boolean here(long partition) {
            return true;
        }

        @Override
        public List<String> members(long partition) {
            return List.of();
        }

        @Override
        public Standing standing(long partition, String member) {
            return Standing.UNKNOWN;
        }

        @Override
        public boolean stepDown(long partition) {
            return false;
        }

        @Override
        public String definitionsLeader() {
            return "";
        }

        @Override
        public boolean stepDownDefinitions() {
            return false;
        }
    };

    /**
     * How a member of a partition's group stands.
     *
     * @param current whether it has what is decided, but for what is on its way
     * @param lag entries of the group that it lacks; 0 where that is not known
     */
    record Standing(boolean current, long lag) {
        /** Nobody here knows. */
        public static final Standing UNKNOWN = new Standing(false, 0);
    }

    /** Name of the cluster; empty for a node that is alone. */
    String name();

    /** Name of this node. */
    String self();

    /** Names of all nodes, in their order. */
    List<String> nodes();

    /** Those that are linked, this one included. */
    Set<String> live();

    /**
     * Of those that are linked, the ones that something which only one node has may be given to: they answered a moment ago, and nothing
     * speaks against them leading.
     */
    default Set<String> fit() {
        return live();
    }

    /** The node that decides about a partition; empty when none is known. */
    String leader(long partition);

    /** Whether this node decides about a partition. */
    boolean here(long partition);

    /** The nodes that have a partition, the one that should lead first. */
    List<String> members(long partition);

    /** How another member of a partition's group stands; where this node does not lead it, only whether it is linked. */
    Standing standing(long partition, String member);

    /**
     * Has another member decide about a partition, and about all others of its group.
     *
     * @return false when nobody is known to lead it, or cannot be told; true also when only one node has it, and nothing is done
     */
    boolean stepDown(long partition);

    /** The replication group that a partition is in; {@link Placement#ALONE} when it is in none. */
    default long group(long partition) {
        return Placement.ALONE;
    }

    /** Who leads a replication group of partitions; empty when that is not known. */
    default String groupLeader(long group) {
        return "";
    }

    /** Has another member lead a group; as {@link #stepDown}. */
    default boolean stepDownGroup(long group) {
        return false;
    }

    /**
     * Has one member lead a group, that of the definitions perhaps; nothing changes when it is not in step within a second.
     *
     * @return false when nobody is known to lead it, or cannot be told
     */
    default boolean transfer(long group, String to) {
        return false;
    }

    /** The node that leads the definitions; empty when none is known. */
    String definitionsLeader();

    /** Has another node lead the definitions; false when nobody is known to lead them, or cannot be told. */
    boolean stepDownDefinitions();
}

package org.memphisee.cluster.node;

import java.util.List;

import org.memphisee.cluster.raft.GroupMachine;
import org.memphisee.cluster.raft.GroupMessage;
import org.memphisee.cluster.raft.GroupReplica;
import org.memphisee.core.cluster.journal.JournalGroup;

/** A group as the node's loop knows it. All methods on the loop. */
public interface GroupSeat {

    /** Number of the group, from 1. */
    long group();

    /** Names of all members, the one that should lead first. */
    List<String> members();

    /** What its entries are for. */
    GroupMachine machine();

    /** Index up to which everything is here already; what follows is applied again. */
    default long applied(JournalGroup log) {
        return log.baseIndex();
    }

    /** Whether a message is heard; one that is not is as if it had been lost. */
    default boolean admits(GroupMessage message) {
        return true;
    }

    /**
     * Time to propose what waits.
     *
     * @return whether it did anything to the replica
     */
    boolean turn(GroupReplica replica, long now);

    /** Whether this member takes what it lacks from another one, and takes no part in what follows until it has it. */
    default boolean rebuilds() {
        return false;
    }

    /** Bytes that are decided and not in the store here. */
    default long queuedBytes() {
        return 0;
    }

    /** Entries since the start that took no effect. */
    default long voids() {
        return 0;
    }

    /** When it wants a turn next though nothing happens, monotonic; {@link Long#MAX_VALUE} for never. */
    long due();

    /** It takes no more part until the node is started again; other groups go on. Told once. */
    void failed(String why);

    /** The node stops. Told once; nothing of the replica comes after it. */
    void stopped();
}

package org.memphisee.cluster.raft;

/** Told once what became of a proposed entry, on the replica's thread. */
public interface GroupProposal {

    /**
     * It ended.
     *
     * @param committed whether it is committed and was applied here; otherwise it may be there or not, and the replica does not lead
     */
    void ended(boolean committed);
}

package org.memphisee.core.replication;

/** The members of a group, as a shard sees them. Each call hands over at once. */
public interface Replicas {

    /**
     * Proposes an entry, behind those that were proposed before. When it is committed, {@link ShardReplica#committed} has it;
     * when nobody was asked for it, {@link ShardReplica#notTaken} is told; otherwise nothing is told, and a later epoch shows
     * that it never will be committed.
     *
     * @param epoch the leadership that decided it
     * @param ordinal its place in it
     * @param entry its bytes, not changed any more
     */
    void propose(long epoch, long ordinal, byte[] entry);

    /** The store has everything up to an entry, also after a power cut: the journal need not keep it for this member. */
    void stored(long index);

    /** What is committed cannot be applied or stored here: this member neither leads nor applies until it is started again. */
    void failed(String why);
}

package org.memphisee.cluster.raft;

/** What a group's entries are for; called on the replica's thread. */
public interface GroupMachine {

    /**
     * The entry that opens a leadership of this member. Nothing is proposed before it was applied, so that whoever decides has
     * applied everything that was decided before.
     */
    byte[] opening(long term);

    /**
     * An entry is committed: a majority has it, and this member's disk.
     *
     * @param index its place; one after the other, without a gap
     * @param term of the leader that made it
     * @param bytes hold it; not changed, by nobody
     * @throws Exception when it cannot be done; then nothing more is applied here
     */
    void apply(long index, long term, byte[] bytes, int offset, int length) throws Exception;

    /** This member leads, and has applied its opening entry. */
    void leads(long term);

    /**
     * Another member is about to lead: this one finishes what it began, and takes no more. Asked again until it has.
     *
     * @return whether nothing is left that it would propose
     */
    default boolean handsOver() {
        return true;
    }

    /** It leads on after all, since the other one did not come to it. */
    default void keeps() { }

    /** This member leads no longer. What it proposed and heard nothing of may be committed or not. */
    void follows();

    /** What this member lacks nobody keeps: it is to rebuild. Told again and again. */
    void behind();
}

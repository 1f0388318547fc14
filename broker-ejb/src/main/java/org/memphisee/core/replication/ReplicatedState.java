package org.memphisee.core.replication;

import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;

/** What the entries of a group change: its partitions. Shard's thread only. */
public interface ReplicatedState {

    /** Who is told, besides, when nothing more can be applied. Before anything else. */
    void bind(Consumer<StoreException> whenBroken);

    /**
     * What another member decided takes effect. The store has everything before it.
     *
     * @param changes of one entry, in their order
     * @param done told once, later when something must be read: what the store is to be told; null when it cannot be applied
     * @throws StoreException when it cannot be applied
     */
    void apply(List<EntryChange> changes, Consumer<List<StoreChange>> done) throws StoreException;

    /**
     * What this member decided and is committed now, without what concerns partitions that were removed meanwhile.
     *
     * @param changes as they were proposed
     */
    List<StoreChange> stillThere(List<StoreChange> changes);

    /** The store has what was applied. */
    void stored();

    /** This member decides from now on; everything that was decided before has taken effect and is in the store. */
    void lead() throws StoreException;

    /**
     * Another member is about to decide: messages and acknowledgements of clients wait, and nothing is delivered. Or it is not
     * after all, and all goes on.
     */
    void handsOver(boolean now);

    /** While this member decides: whether nobody waits for a message or an acknowledgement that is yet to be decided. */
    boolean idle();

    /** Has stored soon what would be stored after a while. While this member decides. */
    void storeSoon();

    /** It decides no longer: nobody is served any more. What it decided may become an entry yet, and its proposers are told. */
    void cease();

    /** Nothing is applied and nothing decided here any more. */
    void fail();

    /** After it ceased, when the store has everything that was applied: what is there is told by the store alone. */
    void follow() throws StoreException;

    /**
     * What the store has is about to be replaced: nothing of it is used until {@link #follow} reads it again. While this member
     * does not lead.
     */
    void leave();

    /** While this member does not lead: whether it is known that another one does. */
    void ledElsewhere(boolean known);
}

package org.memphisee.core.cluster.journal;

/** Told what became of a group's records, on the thread that writes. Hands over at once and does not throw. */
public interface JournalListener {

    /**
     * Durable is every record of the group up to this one.
     *
     * @param ticket what the group gave for it
     */
    void durable(long ticket);

    /**
     * From this record on nothing of the group was written, nor will be, and nothing is taken until {@link
     * JournalGroup#takeBack}.
     *
     * @param ticket of the first
     * @param why there is no room for it
     */
    void refused(long ticket, JournalException why);

    /**
     * What was not told to be durable may be there or not; only opening the journal again tells. Told once.
     *
     * @param why a write or sync failed
     */
    void failed(JournalException why);
}

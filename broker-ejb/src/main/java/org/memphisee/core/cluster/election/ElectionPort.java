package org.memphisee.core.cluster.election;

/** What an election has done. Called on its thread; hands over at once and does not call the election. */
public interface ElectionPort {

    /** Sends to another member, which may get it late, twice or not at all. */
    void send(String member, ElectionMessage message);

    /** This member leads now. */
    void leads(long term);

    /**
     * This member no longer leads.
     *
     * @param term the group's now
     */
    void stepsDown(long term);
}

package org.memphisee.core.cluster.election;

/** What an election must know of a group's log, and where it puts terms and votes. */
public interface ElectionLog {

    /** Whether everything that was ever durable here is here; otherwise this member neither votes nor answers. */
    boolean complete();

    /** The group's term as it was last put. */
    long term();

    /** Who got this member's vote in that term, empty for nobody. */
    String vote();

    /** Index of the last entry. */
    long lastIndex();

    /** Term of the last entry. */
    long lastTerm();

    /**
     * Puts term and vote.
     *
     * @return ticket: {@link GroupElection#durable} tells when they are on the disk; {@link #REFUSED} when the disk does not take
     *     them now, and then nothing was changed
     */
    long put(long term, String vote);

    /** Instead of a ticket. */
    long REFUSED = -1;
}

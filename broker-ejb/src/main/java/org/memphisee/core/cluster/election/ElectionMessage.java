package org.memphisee.core.cluster.election;

/** What members say to each other about who leads. Those of an older term are void. */
public sealed interface ElectionMessage {

    /** Term of the sender, or the one that it asks for. */
    long term();

    /**
     * Asks whether a vote would be given; changes nothing at whoever is asked.
     *
     * @param term that would be asked for
     * @param lastTerm of the sender's last entry
     * @param lastIndex of the sender's last entry
     */
    record PreVote(long term, long lastTerm, long lastIndex) implements ElectionMessage { }

    /**
     * Answer to a pre-vote.
     *
     * @param term that was asked for when it was granted, otherwise the member's own
     * @param granted whether the vote would be given
     */
    record PreVoteAnswer(long term, boolean granted) implements ElectionMessage { }

    /**
     * Asks for a vote.
     *
     * @param term of the candidate, whose vote for itself is durable
     * @param lastTerm of the sender's last entry
     * @param lastIndex of the sender's last entry
     * @param transfer whether the leader told it to: then members do not wait for the leader to be silent
     */
    record Vote(long term, long lastTerm, long lastIndex, boolean transfer) implements ElectionMessage { }

    /**
     * Answer to a vote.
     *
     * @param term of the member
     * @param granted whether it gave its vote, which is durable
     */
    record VoteAnswer(long term, boolean granted) implements ElectionMessage { }

    /**
     * The leader is there.
     *
     * @param term of its leadership
     * @param sentNanos when it sent this, by its own clock
     */
    record Beat(long term, long sentNanos) implements ElectionMessage { }

    /**
     * Answer to a beat; members that are not complete give none.
     *
     * @param term of the member
     * @param sentNanos what the beat said
     */
    record BeatAnswer(long term, long sentNanos) implements ElectionMessage { }

    /** The leader gave up: nobody needs to wait. */
    record Resigned(long term) implements ElectionMessage { }

    /** The leader wants the one it tells to lead, whose log has everything. */
    record TimeoutNow(long term) implements ElectionMessage { }
}

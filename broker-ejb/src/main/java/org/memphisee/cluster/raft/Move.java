package org.memphisee.cluster.raft;

import java.util.function.Predicate;

import org.memphisee.core.cluster.election.GroupElection;

/** Moves the leadership of this member to the one that should have it, without anything that is proposed failing. */
final class Move {

    private static final long NOT_YET = Long.MIN_VALUE;

    private final GroupElection election;
    private final Peers peers;
    private final String preferred;
    private final ReplicaSettings settings;
    /** Since when the preferred member is there and in step. */
    private long settled = NOT_YET;
    private String target = "";
    private long since;
    private boolean asked;
    private Predicate<String> willing = member -> true;

    Move(GroupElection election, Peers peers, String preferred, ReplicaSettings settings) {
        this.election = election;
        this.peers = peers;
        this.preferred = preferred;
        this.settings = settings;
    }

    /** Who may be given the leadership because it is preferred. */
    void willing(Predicate<String> members) {
        willing = members;
    }

    /** Whether nothing is to be proposed. */
    boolean going() {
        return !target.isEmpty();
    }

    /** This member leads no longer, or only just. */
    void reset() {
        settled = NOT_YET;
        target = "";
    }

    /** Somebody wants another member to lead. */
    void to(String member, long now) {
        target = member;
        since = now;
        asked = false;
    }

    /** Time has passed, of a leader that is not the preferred one. */
    void look(long now) {
        if (going()) {
            go(now);
        } else if (now - election.heardFrom(preferred) > settings.election().timeoutNanos() || !peers.inStep(preferred)
            || !willing.test(preferred)) {
            settled = NOT_YET;
        } else if (settled == NOT_YET) {
            settled = now;
        } else if (now - settled >= settings.settledNanos()) {
            to(preferred, now);
            go(now);
        }
    }

    private void go(long now) {
        if (now - since > settings.patienceNanos()) {
            reset();
        } else if (!asked && peers.level(target)) {
            asked = true;
            election.transfer(target);
        }
    }
}

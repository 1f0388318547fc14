package org.memphisee.cluster.raft;

import java.util.function.Predicate;

import org.memphisee.core.cluster.election.GroupElection;

/** Moves the leadership of this member to another one, without anything that is proposed failing. */
final class Move {

    private static final long NOT_YET = Long.MIN_VALUE;

    private final GroupElection election;
    private final Peers peers;
    private final String preferred;
    private final ReplicaSettings settings;
    private final GroupMachine machine;
    private Predicate<String> fit = member -> true;
    /** Since when the preferred member is there and in step. */
    private long settled = NOT_YET;
    private String target = "";
    private long since;
    /** Nothing is left that this member would propose. */
    private boolean finished;
    private boolean asked;

    Move(GroupElection election, Peers peers, String preferred, ReplicaSettings settings, GroupMachine machine) {
        this.machine = machine;
        this.election = election;
        this.peers = peers;
        this.preferred = preferred;
        this.settings = settings;
    }

    /** Which members leadership may move to by itself; asked each time. */
    void onlyTo(Predicate<String> members) {
        fit = members;
    }

    /** Whether leadership moves. */
    boolean going() {
        return !target.isEmpty();
    }

    /** Whether nothing is to be proposed. */
    boolean holds() {
        return going() && finished;
    }

    /** This member leads no longer, or only just. */
    void reset() {
        settled = NOT_YET;
        target = "";
    }

    /** Somebody wants another member to lead. */
    void to(String member, long now) {
        if (!going()) {
            target = member;
            since = now;
            asked = false;
            finished = machine.handsOver();
        }
    }

    /** Time has passed, of a leader that is not the preferred one. */
    void look(long now) {
        if (going()) {
            go(now);
        } else if (!fit.test(preferred) || now - election.heardFrom(preferred) > settings.election().timeoutNanos() || !peers.inStep(preferred)) {
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
            boolean given = asked;
            reset();
            machine.keeps();
            if (given) {
                election.resign(now); // it has no lease in this term any more, without which it answers nobody who reads
            }
            return;
        }
        finished = finished || machine.handsOver();
        if (!asked && finished && peers.level(target)) {
            asked = true;
            since = now;
            election.transfer(target);
        }
    }
}

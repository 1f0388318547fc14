package org.memphisee.core.routing;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.partition.publish.PublishRefusal;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;
import org.memphisee.port.PublishRequest;

/**
 * A client of another node, which hears what became of its message by the number that its node gave it.
 *
 * @param peer that node
 * @param life the link that it came over; answers for an earlier one are for nobody
 * @param number the message's
 * @param partition where it is to be stored
 */
record PeerOrigin(Peer peer, long life, long number, long partition, boolean deadLetter) implements PublishOrigin {

    static final int STORED = 0;
    static final int REFUSED = 1;
    static final int UNKNOWN = 2;
    static final int ELSEWHERE = 3;
    static final int NOBODY = 4;
    static final int TAKEN = 5;
    static final int UNDECIDED = 6;

    @Override
    public void ended(PublishRequest request, PublishOutcome outcome) {
        RouteFrame entry = RouteFrame.entry(64).i64(number);
        if (outcome instanceof PublishOutcome.Stored s) {
            entry.u8(STORED).text(s.stream()).i64(s.sequence()).u8(s.duplicate() ? 1 : 0);
        } else if (outcome instanceof PublishOutcome.Refused r) {
            if (r.reason() == PublishRefusal.NO_LEADER) {
                Lane.current().command(peer.shard(), () -> peer.bounces(partition), 0);
            }
            entry.u8(REFUSED).text(r.stream()).text(r.reason().name()).text(r.detail());
        } else if (outcome instanceof PublishOutcome.Unknown u) {
            entry.u8(UNKNOWN).text(u.stream()).text(u.cause());
        } else if (outcome instanceof PublishOutcome.Undecided u) {
            entry.u8(UNDECIDED).text(u.stream()).text(u.cause());
        }
        answer(entry.take());
    }

    /** Says something without a detail. */
    void say(int what) {
        answer(RouteFrame.entry(9).i64(number).u8(what).take());
    }

    private void answer(byte[] entry) {
        Lane.current().command(peer.shard(), () -> peer.answer(RouteKind.OUTCOMES, entry, life), 0);
    }
}

package org.memphisee.core.routing;

import org.memphisee.core.api.Reply;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;

/**
 * Where the answer to a request goes that came from another node. Any thread.
 *
 * @param peer that node
 * @param life the link that it came over
 * @param number the request's
 * @param reach whether who asked wants to know how far definitions are in effect here with the answer
 */
record PeerReply(Peer peer, long life, long number, boolean wanted, boolean reach) implements Reply {

    private static final byte[] NONE = {};

    @Override
    public void send(byte[] payload) {
        send(NONE, payload);
    }

    @Override
    public void send(byte[] headerBlock, byte[] payload) {
        RouteFrame entry = RouteFrame.entry(32 + headerBlock.length + payload.length).i64(number)
            .u8(reach ? ForwardedRequests.SENT_WITH_REACH : ForwardedRequests.SENT)
            .slice(headerBlock, 0, headerBlock.length).slice(payload, 0, payload.length);
        say(reach ? entry.i64(peer.reach().begun()) : entry);
    }

    @Override
    public void nobody() {
        say(RouteFrame.entry(24).i64(number).u8(ForwardedRequests.NOBODY).slice(NONE, 0, 0).slice(NONE, 0, 0));
    }

    @Override
    public boolean elsewhere() {
        say(RouteFrame.entry(24).i64(number).u8(ForwardedRequests.ELSEWHERE).slice(NONE, 0, 0).slice(NONE, 0, 0));
        return true;
    }

    private void say(RouteFrame entry) {
        if (wanted) {
            byte[] bytes = entry.take();
            Lane lane = Lane.current();
            lane.command(peer.shard(), () -> peer.answer(RouteKind.REPLIES, bytes, life), 0);
            if (!lane.looping()) {
                lane.flush();
            }
        }
    }
}

package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.errand.ErrandReply;

/**
 * Where the answer to an errand of another node goes. Any thread.
 *
 * @param peer that node
 * @param life the link that it came over
 * @param number the errand's
 */
record PeerErrand(Peer peer, long life, long number) implements ErrandReply {

    private static final byte[] NONE = {};

    @Override
    public void answered(byte[] answer) {
        say(ForwardedErrands.ANSWERED, answer);
    }

    @Override
    public void refused(String why) {
        say(ForwardedErrands.REFUSED, why.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void elsewhere() {
        say(ForwardedErrands.ELSEWHERE, NONE);
    }

    @Override
    public void failed(String what) {
        say(ForwardedErrands.FAILED, what.getBytes(StandardCharsets.UTF_8));
    }

    private void say(int what, byte[] said) {
        Lane lane = Lane.current();
        lane.command(peer.shard(), () -> peer.errandAnswer(number, what, said, life), 0);
        if (!lane.looping()) {
            lane.flush();
        }
    }
}

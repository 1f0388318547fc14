package org.memphisee.core.routing;

import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.routing.frame.RouteFrame;
import org.memphisee.core.routing.frame.RouteKind;

/**
 * Where a request for messages came from another node: what it brings goes there by the number that the node gave it. One shard.
 *
 * @param peer that node
 * @param life the link that the request came over; it brings nothing after that
 * @param number the request's
 */
record PeerInbox(Peer peer, long life, long number) implements Inbox {

    private static final byte[] NONE = {};

    /** Tells the node that the partition is not served here any more: it asks the next one. */
    void elsewhere() {
        new PeerOrigin(peer, life, number, 0, false).say(PeerOrigin.ELSEWHERE);
    }

    @Override
    public boolean hasInterest() {
        return peer.hears(number, life);
    }

    @Override
    public boolean congested() {
        return peer.congested();
    }

    @Override
    public int deliver(MessageView m, boolean headersOnly, byte[] reply, int replyLength) {
        byte[] body = headersOnly ? InboxRoute.sizeOnly(m) : m.bytes;
        int offset = headersOnly ? 0 : m.bodyOffset;
        int headers = headersOnly ? body.length : m.headerLength;
        int payload = headersOnly ? 0 : m.payloadLength;
        send(m.bytes, m.subjectOffset, m.subjectLength, reply, replyLength, body, offset, headers, payload);
        return m.subjectLength + replyLength + headers + payload;
    }

    @Override
    public void status(byte[] headerBlock, String reply) {
        byte[] to = reply.isEmpty() ? NONE : reply.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        send(NONE, 0, 0, to, to.length, headerBlock, 0, headerBlock.length, 0);
    }

    private void send(byte[] shown, int shownOffset, int shownLength, byte[] reply, int replyLength, byte[] body, int offset,
                      int headers, int payload) {
        byte[] entry = RouteFrame.entry(24 + shownLength + replyLength + headers + payload).i64(number)
            .slice(shown, shownOffset, shownLength).slice(reply, 0, replyLength).i32(headers).slice(body, offset, headers + payload)
            .take();
        Lane.current().command(peer.shard(), () -> peer.answer(RouteKind.DELIVERIES, entry, life), entry.length);
    }
}

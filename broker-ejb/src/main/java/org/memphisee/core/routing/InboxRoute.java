package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.memphisee.core.consumer.Inbox;
import org.memphisee.core.consumer.MessageView;

/** Listeners of one subject, remembered until subscriptions change. Used by one shard. */
final class InboxRoute implements Inbox {

    private static final byte[] NONE = {};
    private static final byte[] EMPTY_HEADERS = "NATS/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Router router;
    private final byte[] subject;
    private final String queueGroup;
    private Route route;
    private long generation;

    InboxRoute(Router router, String subject, String queueGroup) {
        this.router = router;
        this.subject = subject.getBytes(StandardCharsets.UTF_8);
        this.queueGroup = queueGroup;
    }

    private Route route() {
        long now = router.generation(subject, 0, subject.length);
        if (route == null || generation != now) {
            route = router.walk(subject, 0, subject.length);
            generation = now;
        }
        return route;
    }

    @Override
    public boolean hasInterest() {
        Route r = route();
        if (!queueGroup.isEmpty()) {
            return active(r.group(queueGroup)) || r.remote != null && r.remote.hasGroup(queueGroup);
        }
        if (active(r.plain) || r.partition != null || r.handler != null || r.remote != null) {
            return true;
        }
        for (ClientSubscription[] group : r.queues) {
            if (active(group)) {
                return true;
            }
        }
        return false;
    }

    private static boolean active(ClientSubscription[] subscriptions) {
        for (ClientSubscription s : subscriptions) {
            if (s.active()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean congested() {
        Route r = route();
        if (!queueGroup.isEmpty()) {
            ClientSubscription[] group = r.group(queueGroup);
            return group.length > 0 ? crowded(group) : r.remote != null && r.remote.congested();
        }
        if (r.remote != null && r.remote.congested()) {
            return true;
        }
        for (ClientSubscription s : r.plain) {
            if (s.session.crowded()) {
                return true;
            }
        }
        for (ClientSubscription[] group : r.queues) {
            if (crowded(group)) {
                return true;
            }
        }
        return false;
    }

    /** Whether no member can take a message now. */
    private static boolean crowded(ClientSubscription[] group) {
        for (ClientSubscription s : group) {
            if (s.active() && !s.session.crowded()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int deliver(MessageView m, boolean headersOnly, byte[] reply, int replyLength) {
        byte[] body = m.bytes;
        int offset = m.bodyOffset;
        int headers = m.headerLength;
        int payload = m.payloadLength;
        if (headersOnly) {
            body = sizeOnly(m);
            offset = 0;
            headers = body.length;
            payload = 0;
        }
        send(Lane.current(), m.bytes, m.subjectOffset, m.subjectLength, reply, replyLength, body, offset, headers,
            payload);
        return m.subjectLength + replyLength + headers + payload;
    }

    private void send(Lane lane, byte[] shown, int shownOffset, int shownLength, byte[] reply, int replyLength,
                      byte[] body, int offset, int headers, int payload) {
        Route r = route();
        if (queueGroup.isEmpty()) {
            Router.deliver(lane, r.here, null, shown, shownOffset, shownLength, reply, 0, replyLength, body, offset, headers,
                payload);
            if (r.remote != null) {
                r.remote.deliver(lane, null, subject, 0, subject.length, shown, shownOffset, shownLength, reply, 0, replyLength,
                    body, offset, headers, payload, true);
            }
            return;
        }
        ClientSubscription[] group = r.group(queueGroup);
        if (r.remote != null && r.remote.hasGroup(queueGroup)) {
            r.remote.deliverTo(queueGroup, lane, subject, shown, shownOffset, shownLength, reply, replyLength, body, offset,
                headers, payload);
            return;
        }
        ClientSubscription s = group.length == 0 ? null : Router.member(group, null);
        if (s != null) {
            s.session.frame(lane, s.sid, shown, shownOffset, shownLength, reply, 0, replyLength, body, offset, headers,
                payload);
        }
    }

    /** The subject that is listened to. */
    String subject() {
        return ClientSession.text(subject, 0, subject.length);
    }

    /** Sends what another node has delivered: all parts are slices of one array; a status without a subject shows the inbox. */
    void forward(byte[] frame, int shown, int shownLength, int reply, int replyLength, int body, int headers, int payload) {
        byte[] to = replyLength == 0 ? NONE : Arrays.copyOfRange(frame, reply, reply + replyLength);
        if (shownLength == 0) {
            send(Lane.current(), subject, 0, subject.length, to, to.length, frame, body, headers, payload);
        } else {
            send(Lane.current(), frame, shown, shownLength, to, to.length, frame, body, headers, payload);
        }
    }

    static byte[] sizeOnly(MessageView m) {
        byte[] size = ("Nats-Msg-Size: " + m.payloadLength + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] original = m.headerLength > 0 ? m.bytes : EMPTY_HEADERS;
        int from = m.headerLength > 0 ? m.bodyOffset : 0;
        int kept = (m.headerLength > 0 ? m.headerLength : EMPTY_HEADERS.length) - 2;
        byte[] block = new byte[kept + size.length];
        System.arraycopy(original, from, block, 0, kept);
        System.arraycopy(size, 0, block, kept, size.length);
        return block;
    }

    @Override
    public void status(byte[] headerBlock, String reply) {
        byte[] to = reply.isEmpty() ? NONE : reply.getBytes(StandardCharsets.UTF_8);
        send(Lane.current(), subject, 0, subject.length, to, to.length, headerBlock, 0, headerBlock.length, 0);
    }
}

package org.memphisee.core.routing;

import java.util.Arrays;

import org.memphisee.core.api.Reply;
import org.memphisee.port.PublishRequest;

/** The answer to a client's request: published to its reply subject. */
final class ReplyTo implements Reply {

    private static final byte[] NONE = {};

    private final ClientSession requester;
    private final Router router;
    private final byte[] subject;

    ReplyTo(ClientSession requester, Router router, PublishRequest r) {
        this.requester = requester;
        this.router = router;
        subject = Arrays.copyOfRange(r.bytes(), r.replyOffset(), r.replyOffset() + r.replyLength());
    }

    @Override
    public boolean wanted() {
        return subject.length > 0;
    }

    @Override
    public void send(byte[] payload) {
        send(NONE, payload);
    }

    @Override
    public void send(byte[] headerBlock, byte[] payload) {
        if (wanted()) {
            router.publish(subject, headerBlock, payload);
        }
    }

    @Override
    public void nobody() {
        if (wanted()) {
            requester.answerNoResponders(subject, 0, subject.length);
            router.handOver();
        }
    }
}

package org.memphisee.cli.bench;

import java.util.Arrays;

import org.memphisee.client.BrokerSession;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/** Answers each request with its own payload, on the link's thread. */
final class Responder implements SubscriptionHandler {

    private static final byte[] NONE = {};

    private final BrokerSession session;
    private final ClientFrames frames = new ClientFrames(64 << 10);

    Responder(BrokerSession session, String subject) {
        this.session = session;
        ClientFrames first = new ClientFrames(128);
        first.line("SUB " + subject + " " + session.newSubscription(this));
        session.send(first);
    }

    @Override
    public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                        int headerLength, int payloadLength) {
        int payloadAt = bodyOffset + headerLength;
        frames.publish(Arrays.copyOfRange(bytes, replyOffset, replyOffset + replyLength), NONE, NONE,
            Arrays.copyOfRange(bytes, payloadAt, payloadAt + payloadLength));
    }

    @Override
    public void readComplete() {
        session.send(frames);
    }

    /** A subject that nobody else uses. */
    static String subject(BrokerSession session) {
        return session.inboxPrefix() + "service.1";
    }
}

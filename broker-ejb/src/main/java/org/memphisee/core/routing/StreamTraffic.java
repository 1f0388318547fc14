package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;

import org.memphisee.core.api.RequiredLevel;
import org.memphisee.core.wire.AckSubject;
import org.memphisee.port.PublishRequest;

/**
 * What clients send about deliveries: acknowledgements, pulls and answers to flow control go straight to the partition that
 * their subject names, without a route. The I/O thread of the connection.
 */
final class StreamTraffic {

    /** What a subject asks for. */
    enum Kind { ACKNOWLEDGE, PULL, FLOW_CONTROL }

    private static final byte[] NONE = {};
    static final byte[] ACK = "$JS.ACK.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = "$JS.API.CONSUMER.MSG.NEXT.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FLOW = "$JS.FC.".getBytes(StandardCharsets.US_ASCII);
    /** What a small command keeps of the client's data beside its payload. */
    private static final int COMMAND_BYTES = 64;

    private final ClientSession session;
    private final Router router;
    private final Lane lane;
    private final AckSubject ackSubject = new AckSubject();

    StreamTraffic(ClientSession session, Router router, Lane lane) {
        this.session = session;
        this.router = router;
        this.lane = lane;
    }

    /** What the request is, null when it is none of these. */
    static Kind kind(PublishRequest r) {
        byte[] b = r.bytes();
        int from = r.subjectOffset();
        int length = r.subjectLength();
        if (b[from] != '$' || length <= 4 || b[from + 1] != 'J') {
            return null;
        }
        return Router.startsWith(b, from, length, ACK) ? Kind.ACKNOWLEDGE
            : Router.startsWith(b, from, length, NEXT) ? Kind.PULL
                : Router.startsWith(b, from, length, FLOW) ? Kind.FLOW_CONTROL : null;
    }

    /**
     * Hands a request on.
     *
     * @param reached whether somebody who is subscribed to the subject got the message and may answer
     */
    void take(Kind kind, PublishRequest r, boolean reached) {
        switch (kind) {
            case ACKNOWLEDGE -> acknowledge(r, reached);
            case PULL -> pull(r, reached);
            case FLOW_CONTROL -> flowControl(r);
        }
    }

    private void acknowledge(PublishRequest r, boolean reached) {
        PartitionRef partition = ackSubject.parse(r.bytes(), r.subjectOffset(), r.subjectLength())
            ? router.partitions().stream(r.bytes(), ackSubject.streamOffset, ackSubject.streamLength) : null;
        if (partition == null) {
            if (r.replyLength() > 0 && !reached) {
                session.answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
            }
            return;
        }
        partition.acknowledge(lane, r, r.replyLength() == 0 ? "" : ClientSession.reply(r), COMMAND_BYTES, () -> {
            if (r.replyLength() > 0 && !reached) {
                session.answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
            }
        });
    }

    private void pull(PublishRequest r, boolean reached) {
        int stream = r.subjectOffset() + NEXT.length;
        int end = r.subjectOffset() + r.subjectLength();
        int dot = dot(r.bytes(), stream, end);
        if (r.replyLength() == 0) {
            return;
        }
        if (!RequiredLevel.met(r.bytes(), r.bodyOffset(), r.headerLength())) {
            new ReplyTo(session, router, r).send(RequiredLevel.STATUS.getBytes(StandardCharsets.US_ASCII), NONE);
            return;
        }
        PartitionRef partition = router.partitions().stream(r.bytes(), stream, dot - stream);
        if (partition == null || dot == end) {
            if (!reached) {
                session.answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
            }
            return;
        }
        String inbox = ClientSession.reply(r);
        partition.pull(lane, r, dot + 1, end - dot - 1, inbox, r.payloadLength() + COMMAND_BYTES, () -> {
            if (!reached) {
                session.answerNoResponders(r.bytes(), r.replyOffset(), r.replyLength());
            }
        });
    }

    private void flowControl(PublishRequest r) {
        int stream = r.subjectOffset() + FLOW.length;
        int end = r.subjectOffset() + r.subjectLength();
        int dot = dot(r.bytes(), stream, end);
        int second = dot(r.bytes(), Math.min(dot + 1, end), end);
        PartitionRef partition = router.partitions().stream(r.bytes(), stream, dot - stream);
        if (partition != null && second < end) {
            String consumer = ClientSession.text(r.bytes(), dot + 1, second - dot - 1);
            String subject = ClientSession.text(r.bytes(), r.subjectOffset(), r.subjectLength());
            partition.flowControl(lane, consumer, subject, COMMAND_BYTES);
        }
    }

    private static int dot(byte[] b, int from, int end) {
        int i = from;
        while (i < end && b[i] != '.') {
            i++;
        }
        return i;
    }
}

package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;

/** What a client says about a delivery (wire-protocol.md 4.6). Immutable. */
public sealed interface Ack {

    /** Done. */
    record Acknowledge() implements Ack { }

    /**
     * Not done: deliver again.
     *
     * @param delayNanos not before this time has passed, 0 for at once
     */
    record Nak(long delayNanos) implements Ack { }

    /**
     * Never deliver again.
     *
     * @param reason may be empty
     */
    record Terminate(String reason) implements Ack { }

    /** Still at work: the ack wait starts again. */
    record InProgress() implements Ack { }

    /**
     * Done, and the reply subject wants the next one.
     *
     * @param pull payload for {@link PullRequests#parse(byte[], String)}, empty for one message
     */
    record AcknowledgeAndNext(byte[] pull) implements Ack { }

    /** Something else, which is ignored. */
    record Unknown() implements Ack { }

    /** {@code +ACK}, which nearly all of them are. */
    Ack ACKNOWLEDGE = new Acknowledge();

    /** Parses the payload of a message to an ack subject. */
    static Ack parse(byte[] payload) {
        return parse(payload, 0, payload.length);
    }

    /** Parses a slice, which is not kept. */
    static Ack parse(byte[] bytes, int offset, int length) {
        if (length == 0 || AckWords.is(bytes, offset, length, AckWords.ACK)
            || AckWords.is(bytes, offset, length, AckWords.OK)) {
            return ACKNOWLEDGE;
        }
        if (AckWords.is(bytes, offset, length, AckWords.PROGRESS)) {
            return AckWords.IN_PROGRESS;
        }
        if (AckWords.starts(bytes, offset, length, AckWords.NAK)) {
            return nak(AckWords.argument(bytes, offset, length, AckWords.NAK));
        }
        if (AckWords.starts(bytes, offset, length, AckWords.TERM)) {
            byte[] reason = AckWords.argument(bytes, offset, length, AckWords.TERM);
            return reason.length == 0 ? AckWords.TERMINATE : new Terminate(new String(reason, StandardCharsets.UTF_8));
        }
        if (AckWords.starts(bytes, offset, length, AckWords.NEXT)) {
            return new AcknowledgeAndNext(AckWords.argument(bytes, offset, length, AckWords.NEXT));
        }
        return AckWords.UNKNOWN;
    }

    /** A delay that cannot be read is no reason to keep the message back: it comes at once, as from the reference. */
    private static Ack nak(byte[] argument) {
        if (argument.length == 0) {
            return AckWords.NAK_NOW;
        }
        long delay = argument[0] == '{' ? AckWords.delay(argument)
            : GoDuration.parse(new String(argument, StandardCharsets.UTF_8));
        return delay <= 0 ? AckWords.NAK_NOW : new Nak(delay);
    }
}

package org.memphisee.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.client.BrokerSession;
import org.memphisee.client.HeaderBlock;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/**
 * A member that pulls from a durable consumer of each stream and acknowledges what it gets, on the link's thread. It keeps one to
 * two batches asked for.
 */
final class Receiver implements SubscriptionHandler {

    private static final byte[] NONE = {};
    private static final long EXPIRES_NANOS = 5_000_000_000L;

    private final Run run;
    private final BrokerSession session;
    private final byte[][] next;
    private final byte[][] replies;
    private final int[] asked;
    private final byte[] request;
    private final int batch;
    private final int replyPrefix;
    private final boolean stamped;
    private final AtomicLong received = new AtomicLong();
    private final Times times = new Times();
    private final ClientFrames frames = new ClientFrames(64 << 10);
    private long readAt;

    /**
     * @param streams where from
     * @param consumer the durable consumer's name on each
     * @param batch messages asked for at a time
     * @param stamped whether payloads begin with the time when they were due
     */
    Receiver(Run run, BrokerSession session, List<String> streams, String consumer, int batch, boolean stamped) {
        this.run = run;
        this.session = session;
        this.batch = batch;
        this.stamped = stamped;
        String prefix = session.inboxPrefix() + "r.";
        replyPrefix = prefix.length();
        next = new byte[streams.size()][];
        replies = new byte[streams.size()][];
        asked = new int[streams.size()];
        for (int i = 0; i < next.length; i++) {
            next[i] = ("$JS.API.CONSUMER.MSG.NEXT." + streams.get(i) + "." + consumer).getBytes(StandardCharsets.UTF_8);
            replies[i] = (prefix + i).getBytes(StandardCharsets.UTF_8);
        }
        request = ("{\"batch\":" + batch + ",\"expires\":" + EXPIRES_NANOS + "}").getBytes(StandardCharsets.US_ASCII);
        ClientFrames first = new ClientFrames(128);
        first.line("SUB " + prefix + "* " + session.newSubscription(this));
        session.send(first);
    }

    /** Asks for the first messages. */
    void begin() {
        session.schedule(() -> {
            ask();
            session.send(frames);
        }, 0);
    }

    private void ask() {
        for (int i = 0; i < asked.length; i++) {
            if (asked[i] < batch && !run.over(readAt)) {
                frames.publish(next[i], replies[i], NONE, request);
                asked[i] += batch;
            }
        }
    }

    @Override
    public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength, int bodyOffset,
                        int headerLength, int payloadLength) {
        if (readAt == 0) {
            readAt = System.nanoTime();
        }
        if (replyLength == 0) {
            status(bytes, subjectOffset, subjectLength, bodyOffset, headerLength);
            return;
        }
        if (asked.length == 1) {
            asked[0]--;
        } else {
            asked[partition(bytes, subjectOffset, subjectLength)]--;
        }
        if (stamped && payloadLength >= Long.BYTES && run.measuring()) {
            long due = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                due |= (bytes[bodyOffset + headerLength + i] & 0xFFL) << 8 * i;
            }
            times.add(readAt - due);
        }
        received.lazySet(received.get() + 1);
        frames.publish(java.util.Arrays.copyOfRange(bytes, replyOffset, replyOffset + replyLength), NONE, NONE, NONE);
    }

    /** Messages come with the stream's subject and the request's subscription, so the stream is found by its name. */
    private int partition(byte[] bytes, int offset, int length) {
        for (int i = 0; i < next.length; i++) {
            if (names(next[i], bytes, offset, length)) {
                return i;
            }
        }
        return 0;
    }

    private static boolean names(byte[] request, byte[] bytes, int offset, int length) {
        int from = "$JS.API.CONSUMER.MSG.NEXT.".length();
        int i = 0;
        while (i < length && bytes[offset + i] != '.' && from + i < request.length && request[from + i] == bytes[offset + i]) {
            i++;
        }
        return i < length && bytes[offset + i] == '.' && from + i < request.length && request[from + i] == '.';
    }

    private void status(byte[] bytes, int subjectOffset, int subjectLength, int bodyOffset, int headerLength) {
        int status = headerLength == 0 ? 0 : HeaderBlock.status(bytes, bodyOffset, headerLength);
        if (status == 404 || status == 408) {
            int index = 0;
            for (int i = subjectOffset + replyPrefix; i < subjectOffset + subjectLength; i++) {
                index = index * 10 + bytes[i] - '0';
            }
            String left = HeaderBlock.parse(bytes, bodyOffset, headerLength).getOrDefault("Nats-Pending-Messages", "");
            asked[index] -= left.isEmpty() ? asked[index] : Integer.parseInt(left);
        } else if (status >= 400) {
            run.failed(HeaderBlock.description(bytes, bodyOffset, headerLength));
        }
    }

    @Override
    public void readComplete() {
        if (readAt != 0) {
            ask();
            session.send(frames);
            readAt = 0;
        }
    }

    /** Messages received so far. */
    long received() {
        return received.get();
    }

    /** From when a message was due to its arrival, for stamped ones. Read it when the run is over. */
    Times times() {
        return times;
    }
}

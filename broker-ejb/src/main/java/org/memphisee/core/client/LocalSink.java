package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;

/** Where the broker writes what local consumers get: frames by batches to their loop. Any thread. */
final class LocalSink implements DeliverySink {

    /**
     * One message or status.
     *
     * @param sid subscription
     * @param subject subject shown
     * @param reply reply subject, empty for none
     * @param headers header block
     * @param payload payload
     */
    record Frame(String sid, String subject, String reply, byte[] headers, byte[] payload) { }

    private final LocalLoop loop;
    private final AtomicLong queued = new AtomicLong();

    LocalSink(LocalLoop loop) {
        this.loop = loop;
    }

    @Override
    public OutboundBatch newBatch() {
        return new Batch();
    }

    @Override
    public long queuedBytes() {
        return queued.get();
    }

    @Override
    public void pauseReading() { // pull requests and acknowledgements are few and small, and budgets bound them
    }

    @Override
    public void resumeReading() { // nothing was paused
    }

    @Override
    public void close(String error) { // belongs to no user who could be cut off
    }

    private final class Batch implements OutboundBatch {
        private List<Frame> frames = new ArrayList<>();
        private int size;

        @Override
        public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                            int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                            int payloadLength) {
            int payload = bodyOffset + headerLength;
            frames.add(new Frame(text(sid, 0, sid.length), text(subject, subjectOffset, subjectLength),
                text(reply, replyOffset, replyLength), Arrays.copyOfRange(body, bodyOffset, payload),
                Arrays.copyOfRange(body, payload, payload + payloadLength)));
            size += 64 + subjectLength + replyLength + headerLength + payloadLength;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public void send() {
            List<Frame> sent = frames;
            int bytes = size;
            frames = new ArrayList<>();
            size = 0;
            queued.addAndGet(bytes);
            loop.execute(() -> {
                queued.addAndGet(-bytes);
                sent.forEach(loop::frame);
            });
        }

        private static String text(byte[] b, int offset, int length) {
            return new String(b, offset, length, StandardCharsets.UTF_8);
        }
    }
}

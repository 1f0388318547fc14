package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.memphisee.port.DeliverySink;
import org.memphisee.port.OutboundBatch;

/** A client that writes down what it gets; only what was sent counts. */
final class RecordingSink implements DeliverySink {

    final List<String> frames = new ArrayList<>();
    int pauses;
    boolean congested;
    long queuedBytes;
    int batchesSent;

    @Override
    public OutboundBatch newBatch() {
        return new OutboundBatch() {
            private final List<String> gathered = new ArrayList<>();
            private int bytes;

            @Override
            public void message(byte[] sid, byte[] subject, int subjectOffset, int subjectLength, byte[] reply,
                                int replyOffset, int replyLength, byte[] body, int bodyOffset, int headerLength,
                                int payloadLength) {
                String r = replyLength == 0 ? "" : " ^" + text(reply, replyOffset, replyLength);
                String h = headerLength == 0 ? "" : " {" + text(body, bodyOffset, headerLength).trim() + "}";
                gathered.add(text(sid, 0, sid.length) + " " + text(subject, subjectOffset, subjectLength) + r + h + " "
                    + text(body, bodyOffset + headerLength, payloadLength));
                bytes += 20 + payloadLength;
            }

            @Override
            public int size() {
                return bytes;
            }

            @Override
            public void send() {
                frames.addAll(gathered);
                gathered.clear();
                bytes = 0;
                batchesSent++;
            }
        };
    }

    private static String text(byte[] b, int offset, int length) {
        return new String(b, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public long queuedBytes() {
        return queuedBytes;
    }

    @Override
    public boolean congested() {
        return congested;
    }

    @Override
    public void pauseReading() {
        pauses++;
    }

    @Override
    public void resumeReading() {
        pauses--;
    }

    @Override
    public void close(String error) {
        frames.add("closed " + error);
    }
}

package org.memphisee.core.partition.publish;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.memphisee.port.PublishRequest;

/** Builds PubAcks and refusals of one stream into a reused array (wire-protocol.md 4.4). Shard's thread only. */
final class PubAckWriter {

    private static final byte[] DUPLICATE = ",\"duplicate\": true}".getBytes(StandardCharsets.US_ASCII);

    private final String stream;
    private final byte[] buffer;
    private final int prefix;

    PubAckWriter(String stream) {
        this.stream = quoted(stream);
        byte[] start = ("{\"stream\":" + this.stream + ", \"seq\":").getBytes(StandardCharsets.UTF_8);
        prefix = start.length;
        buffer = Arrays.copyOf(start, prefix + 20 + DUPLICATE.length);
    }

    void stored(PublishOrigin origin, PublishRequest r, long sequence, boolean duplicate) {
        if (r.replyLength() == 0) {
            return;
        }
        int at = digits(sequence);
        if (duplicate) {
            System.arraycopy(DUPLICATE, 0, buffer, at, DUPLICATE.length);
            at += DUPLICATE.length;
        } else {
            buffer[at++] = '}';
        }
        origin.answer(r.bytes(), r.replyOffset(), r.replyLength(), buffer, at);
    }

    void refused(PublishOrigin origin, PublishRequest r, PublishRefusal refusal, String detail) {
        if (r.replyLength() == 0) {
            return;
        }
        byte[] json = ("{\"error\":{\"code\":" + refusal.code + ",\"err_code\":" + refusal.errCode
            + ",\"description\":" + quoted(refusal.description + detail) + "},\"stream\":" + stream + ",\"seq\":0}")
            .getBytes(StandardCharsets.UTF_8);
        origin.answer(r.bytes(), r.replyOffset(), r.replyLength(), json, json.length);
    }

    private int digits(long value) {
        int length = 1;
        for (long v = value; v >= 10; v /= 10) {
            length++;
        }
        int at = prefix + length;
        long v = value;
        for (int i = at - 1; i >= prefix; i--) {
            buffer[i] = (byte) ('0' + v % 10);
            v /= 10;
        }
        return at;
    }

    private static String quoted(String s) {
        StringBuilder out = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}

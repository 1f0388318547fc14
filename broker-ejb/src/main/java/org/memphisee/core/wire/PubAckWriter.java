package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the answers to publishes (wire-protocol.md 4.4) into an array that is used again. One thread; what was written is
 * there until the next answer.
 */
public final class PubAckWriter {

    private static final byte[] DUPLICATE = ",\"duplicate\": true}".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 19;
    /** As many beginnings of answers are remembered. */
    private static final int STREAMS = 1024;

    private final Map<String, byte[]> prefixes = new HashMap<>();
    private String stream = "";
    private byte[] prefix = {};
    private byte[] buffer = new byte[256];

    /** Where the answer is, from 0. */
    public byte[] bytes() {
        return buffer;
    }

    /** The message is stored; gives the length of the answer. */
    public int stored(String inStream, long sequence, boolean duplicate) {
        begin(inStream);
        int at = digits(sequence);
        if (duplicate) {
            System.arraycopy(DUPLICATE, 0, buffer, at, DUPLICATE.length);
            return at + DUPLICATE.length;
        }
        buffer[at] = '}';
        return at + 1;
    }

    /** The message is not stored; gives the length of the answer. */
    public int refused(String inStream, int code, int errCode, String description) {
        buffer = ("{\"error\":{\"code\":" + code + ",\"err_code\":" + errCode + ",\"description\":" + JsonText.quoted(description)
            + "},\"stream\":" + JsonText.quoted(inStream) + ",\"seq\":0}").getBytes(StandardCharsets.UTF_8);
        stream = "";
        return buffer.length;
    }

    /** The array begins as answers of this stream do; mostly it is the stream of the answer before. */
    private void begin(String inStream) {
        if (inStream.equals(stream)) {
            return;
        }
        if (prefixes.size() >= STREAMS) {
            prefixes.clear();
        }
        prefix = prefixes.computeIfAbsent(inStream,
            name -> ("{\"stream\":" + JsonText.quoted(name) + ", \"seq\":").getBytes(StandardCharsets.UTF_8));
        int length = prefix.length + MAX_DIGITS + DUPLICATE.length;
        if (buffer.length < length) {
            buffer = new byte[2 * length];
        }
        System.arraycopy(prefix, 0, buffer, 0, prefix.length);
        stream = inStream;
    }

    private int digits(long value) {
        int length = 1;
        for (long v = value; v >= 10; v /= 10) {
            length++;
        }
        int at = prefix.length + length;
        long v = value;
        for (int i = at - 1; i >= prefix.length; i--) {
            buffer[i] = (byte) ('0' + v % 10);
            v /= 10;
        }
        return at;
    }
}

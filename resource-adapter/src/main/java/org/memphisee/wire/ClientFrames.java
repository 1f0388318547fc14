package org.memphisee.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Gathers a client's operations as bytes (wire-protocol.md 1.2), to be sent as a whole. One thread at a time. */
public final class ClientFrames {

    private static final byte[] PUB = "PUB ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HPUB = "HPUB ".getBytes(StandardCharsets.US_ASCII);
    /** Operation, blanks, two numbers and line ends. */
    private static final int OVERHEAD = 40;

    private byte[] bytes;
    private int length;

    public ClientFrames(int room) {
        bytes = new byte[room];
    }

    /** Bytes gathered. */
    public int length() {
        return length;
    }

    /** Hands the gathered bytes over in an array that holds nothing else, and begins anew. */
    public byte[] take() {
        byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        if (taken == bytes) {
            bytes = new byte[Math.min(length, 4096)];
        }
        length = 0;
        return taken;
    }

    /** A whole line, without its end. */
    public void line(String text) {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        room(line.length + 2);
        put(line);
        end();
    }

    /**
     * PUB, or HPUB with a header block.
     *
     * @param subject where to
     * @param reply where the answer goes, empty for none
     * @param header the header block with its final blank line, empty for none
     * @param payload the payload
     */
    public void publish(byte[] subject, byte[] reply, byte[] header, byte[] payload) {
        room(OVERHEAD + subject.length + reply.length + header.length + payload.length);
        put(header.length > 0 ? HPUB : PUB);
        put(subject);
        blank();
        if (reply.length > 0) {
            put(reply);
            blank();
        }
        if (header.length > 0) {
            number(header.length);
            blank();
        }
        number(header.length + payload.length);
        end();
        put(header);
        put(payload);
        end();
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.min(2 * bytes.length, length + (16 << 20))));
        }
    }

    private void put(byte[] part) {
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    private void blank() {
        bytes[length++] = ' ';
    }

    private void end() {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void number(int value) {
        int digits = 1;
        for (int rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }
}

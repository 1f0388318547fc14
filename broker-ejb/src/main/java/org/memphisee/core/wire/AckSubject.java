package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;

/**
 * The reply subject of a delivery, which names it (wire-protocol.md 4.6). A reusable window like {@code MessageView}:
 * {@link #parse} fills it, and names stay where they are in the parsed array. Confined to one thread.
 *
 * <p>Read are {@code $JS.ACK.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<ts>.<pending>} and the newer form with
 * domain and account hash before the stream and perhaps a random token at the end.
 */
public final class AckSubject {

    private static final byte[] PREFIX = "$JS.ACK.".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_TOKENS = 10;

    /** Array that was parsed. */
    public byte[] bytes = new byte[0];
    /** Where the stream's name begins. */
    public int streamOffset;
    /** Its length. */
    public int streamLength;
    /** Where the consumer's name begins. */
    public int consumerOffset;
    /** Its length. */
    public int consumerLength;
    /** Delivery count of the message, from 1. */
    public long delivered;
    /** Sequence of the message. */
    public long streamSequence;
    /** Number of the delivery. */
    public long consumerSequence;
    /** Store time of the message, nanoseconds since the epoch. */
    public long timestampNanos;
    /** Messages that were left after it. */
    public long pending;

    private final int[] starts = new int[MAX_TOKENS + 1];

    /** Parses a subject; answers whether it is an ack subject. When it is not, the fields hold no meaning. */
    public boolean parse(byte[] subject, int offset, int length) {
        if (length < PREFIX.length) {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (subject[offset + i] != PREFIX[i]) {
                return false;
            }
        }
        int end = offset + length;
        int tokens = 0;
        starts[0] = offset + PREFIX.length;
        for (int i = starts[0]; i <= end; i++) {
            if (i == end || subject[i] == '.') {
                if (i == starts[tokens] || tokens == MAX_TOKENS) {
                    return false;
                }
                starts[++tokens] = i + 1;
            }
        }
        bytes = subject;
        return switch (tokens) {
            case 7 -> take(0);
            case 9, 10 -> take(2);
            default -> false;
        };
    }

    /** Name of the stream. */
    public String stream() {
        return new String(bytes, streamOffset, streamLength, StandardCharsets.UTF_8);
    }

    /** Name of the consumer. */
    public String consumer() {
        return new String(bytes, consumerOffset, consumerLength, StandardCharsets.UTF_8);
    }

    private boolean take(int first) {
        streamOffset = starts[first];
        streamLength = starts[first + 1] - 1 - streamOffset;
        consumerOffset = starts[first + 1];
        consumerLength = starts[first + 2] - 1 - consumerOffset;
        delivered = number(first + 2);
        streamSequence = number(first + 3);
        consumerSequence = number(first + 4);
        timestampNanos = number(first + 5);
        pending = number(first + 6);
        return delivered > 0 && streamSequence > 0 && consumerSequence > 0 && timestampNanos >= 0 && pending >= 0;
    }

    /** The number in a token, -1 when it is none. */
    private long number(int token) {
        long n = 0;
        int end = starts[token + 1] - 1;
        if (end - starts[token] > 19) {
            return -1;
        }
        for (int i = starts[token]; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            n = n * 10 + digit;
        }
        return n;
    }
}

package org.memphisee.wire;

import java.util.Arrays;

import org.memphisee.port.PublishRequest;

/**
 * Finds operations in the input and hands them on. Control lines are looked at only when they are whole; offsets of a
 * publish whose body is still to come are kept relative to its frame, since the frame may move to an array of its own.
 */
final class FrameParser {

    /** Names are packed into a long behind a leading 1, which keeps names of different lengths apart. */
    private static final long NO_NAME = 1;
    private static final long PUB = 0x1_505542L;
    private static final long SUB = 0x1_535542L;
    private static final long HPUB = 0x1_48505542L;
    private static final long PING = 0x1_50494E47L;
    private static final long PONG = 0x1_504F4E47L;
    private static final long UNSUB = 0x1_554E535542L;
    private static final long CONNECT = 0x1_434F4E4E454354L;
    private static final int MAX_OPERATION_LENGTH = 7;
    private static final int MAX_ARGUMENTS = 4;
    private static final byte[] NONE = new byte[0];

    private final InputBuffer input;
    private final FrameHandler handler;
    private final int maxControlLine;
    private final int[] argumentStart = new int[MAX_ARGUMENTS];
    private final int[] argumentEnd = new int[MAX_ARGUMENTS];

    /** Bytes at the beginning of the input that are known to hold no line end. */
    private int scanned;

    private boolean bodyExpected;
    private int lineLength;
    private int subjectAt;
    private int subjectLength;
    private int replyAt;
    private int replyLength;
    private int headerLength;
    private int bodyLength;

    FrameParser(InputBuffer input, FrameHandler handler, int maxControlLine) {
        this.input = input;
        this.handler = handler;
        this.maxControlLine = maxControlLine;
    }

    /** Hands on every whole operation that waits, as long as the handler is ready. */
    void parse() {
        boolean more = true;
        while (more && input.waiting() > 0 && handler.ready()) {
            more = bodyExpected ? body() : line();
        }
    }

    private boolean line() {
        byte[] bytes = input.array();
        int start = input.start();
        int end = input.end();
        int lineEnd = start + scanned;
        while (lineEnd < end && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        if (lineEnd == end) {
            scanned = end - start;
            if (scanned > maxControlLine + 1) { // the last byte may be the CR of the line end
                handler.violation(WireError.CONTROL_LINE_EXCEEDED);
            }
            return false;
        }
        scanned = 0;
        lineLength = lineEnd + 1 - start;
        int stop = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (stop - start > maxControlLine) {
            handler.violation(WireError.CONTROL_LINE_EXCEEDED);
            return false;
        }
        operation(bytes, start, stop);
        if (!bodyExpected) {
            input.consume(Math.min(lineLength, input.waiting())); // nothing is left if it ended the session
        }
        return true;
    }

    private void operation(byte[] bytes, int start, int stop) {
        int at = skipBlanks(bytes, start, stop);
        int end = at;
        long name = NO_NAME;
        while (end < stop && !isBlank(bytes[end])) {
            if (end - at < MAX_OPERATION_LENGTH) {
                name = name << 8 | bytes[end] & 0xDF; // a letter without its case; no other byte becomes a letter
            }
            end++;
        }
        if (end - at > MAX_OPERATION_LENGTH) {
            name = NO_NAME;
        }
        if (!handler.admits(name == CONNECT)) {
            return;
        }
        if (name == PUB) {
            publish(bytes, end, stop, 0);
        } else if (name == HPUB) {
            publish(bytes, end, stop, 1);
        } else if (name == SUB) {
            subscribe(bytes, end, stop);
        } else if (name == UNSUB) {
            unsubscribe(bytes, end, stop);
        } else if (name == PING) {
            handler.ping();
        } else if (name == PONG) {
            handler.pong();
        } else if (name == CONNECT) {
            handler.connect(bytes, end, stop - end);
        } else {
            handler.violation(WireError.UNKNOWN_OPERATION);
        }
    }

    /** Arguments: subject, optional reply, header length if {@code sizesBefore} is 1, total length. */
    private void publish(byte[] bytes, int from, int stop, int sizesBefore) {
        if (sizesBefore == 1 && !handler.headersSupported()) {
            handler.violation(WireError.SILENT);
            return;
        }
        int count = arguments(bytes, from, stop);
        if (count != 2 + sizesBefore && count != 3 + sizesBefore) {
            handler.violation(WireError.SILENT);
            return;
        }
        long header = sizesBefore == 1 ? number(bytes, count - 2) : 0;
        long total = number(bytes, count - 1);
        if (header < 0 || total < 0 || header > total) {
            handler.violation(WireError.SILENT);
            return;
        }
        if (total > handler.maxPayload()) {
            handler.violation(WireError.PAYLOAD_VIOLATION);
            return;
        }
        int start = input.start();
        boolean reply = count == 3 + sizesBefore;
        subjectAt = argumentStart[0] - start;
        subjectLength = argumentEnd[0] - argumentStart[0];
        replyAt = reply ? argumentStart[1] - start : 0;
        replyLength = reply ? argumentEnd[1] - argumentStart[1] : 0;
        headerLength = (int) header;
        bodyLength = (int) total;
        bodyExpected = true;
    }

    private boolean body() {
        byte[] bytes = input.array();
        int start = input.start();
        int bodyAt = start + lineLength;
        int bodyEnd = bodyAt + bodyLength;
        int behind = input.end() - bodyEnd;
        if (behind > 0 && bytes[bodyEnd] != '\r' || behind > 1 && bytes[bodyEnd + 1] != '\n') {
            handler.violation(WireError.UNKNOWN_OPERATION);
            return false;
        }
        int frameLength = lineLength + bodyLength + 2;
        if (behind < 2) {
            input.expect(frameLength);
            return false;
        }
        PublishRequest request = new PublishRequest(bytes, start + subjectAt, subjectLength, start + replyAt,
                replyLength, bodyAt, headerLength, bodyLength - headerLength);
        if (!handler.publish(request)) {
            return false;
        }
        bodyExpected = false;
        input.consume(Math.min(frameLength, input.waiting())); // nothing is left if it ended the session
        return true;
    }

    private void subscribe(byte[] bytes, int from, int stop) {
        int count = arguments(bytes, from, stop);
        if (count == 2) {
            handler.subscribe(argument(bytes, 0), NONE, argument(bytes, 1));
        } else if (count == 3) {
            handler.subscribe(argument(bytes, 0), argument(bytes, 1), argument(bytes, 2));
        } else {
            handler.violation(WireError.SILENT);
        }
    }

    private void unsubscribe(byte[] bytes, int from, int stop) {
        int count = arguments(bytes, from, stop);
        long max = count == 2 ? number(bytes, 1) : 0;
        if (count < 1 || count > 2 || max < 0) {
            handler.violation(WireError.SILENT);
        } else {
            handler.unsubscribe(argument(bytes, 0), max);
        }
    }

    /** Finds the arguments; returns their number, above {@link #MAX_ARGUMENTS} if there are too many. */
    private int arguments(byte[] bytes, int from, int stop) {
        int count = 0;
        int at = skipBlanks(bytes, from, stop);
        while (at < stop) {
            if (count == MAX_ARGUMENTS) {
                return MAX_ARGUMENTS + 1;
            }
            argumentStart[count] = at;
            while (at < stop && !isBlank(bytes[at])) {
                at++;
            }
            argumentEnd[count++] = at;
            at = skipBlanks(bytes, at, stop);
        }
        return count;
    }

    private byte[] argument(byte[] bytes, int index) {
        return Arrays.copyOfRange(bytes, argumentStart[index], argumentEnd[index]);
    }

    /** An argument's value, the largest long if it is greater, -1 if it is not a number. */
    private long number(byte[] bytes, int index) {
        long value = 0;
        for (int i = argumentStart[index]; i < argumentEnd[index]; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }

    private static int skipBlanks(byte[] bytes, int from, int stop) {
        int at = from;
        while (at < stop && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}

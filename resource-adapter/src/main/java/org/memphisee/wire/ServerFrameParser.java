package org.memphisee.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds a server's operations in its bytes (wire-protocol.md 1.2): the client's half of {@link FrameParser}. What
 * a server sends is bounded too: a line or body beyond the limits is garbage, so that no peer makes us hold its bytes.
 */
public final class ServerFrameParser {

    /** INFO may list many addresses. */
    private static final int MAX_LINE = 64 << 10;
    private static final int MAX_BODY = 128 << 20;
    private static final int MAX_ARGUMENTS = 5;

    private final InputBuffer input = new InputBuffer();
    private final ServerFrameHandler handler;
    private final int[] argumentStart = new int[MAX_ARGUMENTS];
    private final int[] argumentEnd = new int[MAX_ARGUMENTS];
    private int scanned;
    private boolean broken;

    private boolean bodyExpected;
    private int lineLength;
    private int subjectAt;
    private int subjectLength;
    private long sid;
    private int replyAt;
    private int replyLength;
    private int headerLength;
    private int bodyLength;

    public ServerFrameParser(ServerFrameHandler handler) {
        this.handler = handler;
    }

    /** Takes all the bytes and hands on every whole operation. */
    public void receive(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !broken) {
            int count = input.reserve(bytes.remaining());
            bytes.get(input.array(), input.end(), count);
            input.filled(count);
            boolean more = true;
            while (more && !broken && input.waiting() > 0) {
                more = bodyExpected ? body() : line();
            }
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
        if (lineEnd - start > MAX_LINE) {
            garbage("a line of more than " + MAX_LINE + " bytes");
            return false;
        }
        if (lineEnd == end) {
            scanned = end - start;
            return false;
        }
        scanned = 0;
        lineLength = lineEnd + 1 - start;
        int stop = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        operation(bytes, start, stop);
        if (!bodyExpected) {
            input.consume(lineLength);
        }
        return true;
    }

    private void operation(byte[] bytes, int start, int stop) {
        int name = start;
        while (name < stop && bytes[name] != ' ' && bytes[name] != '\t') {
            name++;
        }
        int length = name - start;
        if (length == 3 && is(bytes, start, "MSG")) {
            message(bytes, name, stop, 0);
        } else if (length == 4 && is(bytes, start, "HMSG")) {
            message(bytes, name, stop, 1);
        } else if (length == 4 && is(bytes, start, "PING")) {
            handler.ping();
        } else if (length == 4 && is(bytes, start, "PONG")) {
            handler.pong();
        } else if (length == 4 && is(bytes, start, "INFO")) {
            handler.info(bytes, name, stop - name);
        } else if (length == 4 && is(bytes, start, "-ERR")) {
            handler.error(unquoted(new String(bytes, name, stop - name, StandardCharsets.UTF_8).trim()));
        } else if (!(length == 3 && is(bytes, start, "+OK"))) {
            garbage("an unknown operation");
        }
    }

    private static String unquoted(String text) {
        return text.length() >= 2 && text.startsWith("'") && text.endsWith("'")
            ? text.substring(1, text.length() - 1) : text;
    }

    /** Arguments: subject, sid, optional reply, header length if {@code sizesBefore} is 1, total length. */
    private void message(byte[] bytes, int from, int stop, int sizesBefore) {
        int count = arguments(bytes, from, stop);
        if (count != 3 + sizesBefore && count != 4 + sizesBefore) {
            garbage("a message with " + count + " arguments");
            return;
        }
        boolean reply = count == 4 + sizesBefore;
        long header = sizesBefore == 1 ? number(bytes, count - 2) : 0;
        long total = number(bytes, count - 1);
        if (header < 0 || total < header || total > MAX_BODY) {
            garbage("a message of impossible size");
            return;
        }
        int start = input.start();
        subjectAt = argumentStart[0] - start;
        subjectLength = argumentEnd[0] - argumentStart[0];
        sid = number(bytes, 1);
        replyAt = reply ? argumentStart[2] - start : 0;
        replyLength = reply ? argumentEnd[2] - argumentStart[2] : 0;
        headerLength = (int) header;
        bodyLength = (int) total;
        bodyExpected = true;
    }

    private boolean body() {
        int frameLength = lineLength + bodyLength + 2;
        if (input.waiting() < frameLength) {
            input.expect(frameLength);
            return false;
        }
        byte[] bytes = input.array();
        int start = input.start();
        int bodyAt = start + lineLength;
        if (bytes[bodyAt + bodyLength] != '\r' || bytes[bodyAt + bodyLength + 1] != '\n') {
            garbage("a message without its end");
            return false;
        }
        bodyExpected = false;
        handler.message(bytes, start + subjectAt, subjectLength, sid, start + replyAt, replyLength, bodyAt,
            headerLength, bodyLength - headerLength);
        input.consume(frameLength);
        return true;
    }

    private void garbage(String what) {
        broken = true;
        handler.garbage(what);
    }

    private int arguments(byte[] bytes, int from, int stop) {
        int count = 0;
        int at = from;
        while (true) {
            while (at < stop && (bytes[at] == ' ' || bytes[at] == '\t')) {
                at++;
            }
            if (at == stop) {
                return count;
            }
            if (count == MAX_ARGUMENTS) {
                return MAX_ARGUMENTS + 1;
            }
            argumentStart[count] = at;
            while (at < stop && bytes[at] != ' ' && bytes[at] != '\t') {
                at++;
            }
            argumentEnd[count++] = at;
        }
    }

    /** An argument's value, -1 if it is no number of at most 18 digits. */
    private long number(byte[] bytes, int index) {
        int length = argumentEnd[index] - argumentStart[index];
        if (length > 18) {
            return -1;
        }
        long value = 0;
        for (int i = argumentStart[index]; i < argumentEnd[index]; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static boolean is(byte[] bytes, int at, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes and reads header blocks of messages (wire-protocol.md 1.8). */
public final class LocalHeaders {

    private static final byte[] VERSION = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = {};

    private LocalHeaders() { }

    /** Writes one block; one thread. */
    public static final class Writer {
        private byte[] bytes = new byte[256];
        private int length;

        /** Adds a header. Line ends in a value become blanks, so that no value can become a header. */
        public Writer add(String name, String value) {
            if (length == 0) {
                append(VERSION);
            }
            append(name);
            room(2);
            bytes[length++] = ':';
            bytes[length++] = ' ';
            append(value);
            room(2);
            bytes[length++] = '\r';
            bytes[length++] = '\n';
            return this;
        }

        /** The block, empty when nothing was added. */
        public byte[] block() {
            if (length == 0) {
                return EMPTY;
            }
            room(2);
            bytes[length] = '\r';
            bytes[length + 1] = '\n';
            return Arrays.copyOf(bytes, length + 2);
        }

        private void append(byte[] part) {
            room(part.length);
            System.arraycopy(part, 0, bytes, length, part.length);
            length += part.length;
        }

        private void append(String part) {
            int n = part.length();
            room(n);
            for (int i = 0; i < n; i++) {
                char c = part.charAt(i);
                if (c >= 0x80) {
                    append(part.substring(i).replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.UTF_8));
                    return;
                }
                bytes[length++] = (byte) (c == '\r' || c == '\n' ? ' ' : c);
            }
        }

        private void room(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }
    }

    /** The headers of a block in their order, the first value of each; empty for an empty block. */
    public static Map<String, String> read(byte[] block) {
        Map<String, String> headers = new LinkedHashMap<>();
        int line = lineEnd(block, 0) + 1;
        while (line < block.length) {
            int end = lineEnd(block, line);
            int stop = end > line && block[end - 1] == '\r' ? end - 1 : end;
            int colon = line;
            while (colon < stop && block[colon] != ':') {
                colon++;
            }
            if (colon < stop) {
                headers.putIfAbsent(text(block, line, colon), text(block, colon + 1, stop).strip());
            }
            line = end + 1;
        }
        return headers;
    }

    private static int lineEnd(byte[] block, int from) {
        int i = from;
        while (i < block.length && block[i] != '\n') {
            i++;
        }
        return i;
    }

    private static String text(byte[] block, int from, int to) {
        return new String(block, from, to - from, StandardCharsets.UTF_8);
    }
}

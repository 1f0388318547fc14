package org.memphisee.client;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Header blocks as the protocol writes them (wire-protocol.md 1.8). */
public final class HeaderBlock {

    static final byte[] NONE = {};
    private static final String VERSION = "NATS/1.0";

    private HeaderBlock() { }

    /** The block for these headers, empty for none. */
    static byte[] of(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return NONE;
        }
        StringBuilder text = new StringBuilder(VERSION).append("\r\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The status of the first line, 0 for an ordinary message. */
    public static int status(byte[] bytes, int offset, int length) {
        int at = offset + VERSION.length() + 1;
        if (length < VERSION.length() + 4) {
            return 0;
        }
        int status = 0;
        for (int i = at; i < at + 3; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /** The text behind the status. */
    public static String description(byte[] bytes, int offset, int length) {
        String block = new String(bytes, offset, length, StandardCharsets.UTF_8);
        int end = block.indexOf("\r\n");
        String line = end < 0 ? block : block.substring(0, end);
        return line.length() > VERSION.length() + 4 ? line.substring(VERSION.length() + 4).trim() : "";
    }

    /** The headers; lines that are none are skipped. */
    public static Map<String, String> parse(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return Map.of();
        }
        String block = new String(bytes, offset, length, StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        int at = block.indexOf("\r\n");
        while (at >= 0 && at + 2 < block.length()) {
            int begin = at + 2;
            at = block.indexOf("\r\n", begin);
            String line = at < 0 ? block.substring(begin) : block.substring(begin, at);
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
            }
        }
        return Collections.unmodifiableMap(headers);
    }
}

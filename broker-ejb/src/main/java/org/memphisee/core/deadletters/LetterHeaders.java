package org.memphisee.core.deadletters;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.memphisee.core.stations.RequestRefusal;

/** Header blocks with other headers. Any thread. */
final class LetterHeaders {

    /** Message ids: a copy that kept one would be taken for a repeated message. */
    private static final String[] IDS = {"msg-id", "Nats-Msg-Id"};
    private static final String END = "\r\n";

    private LetterHeaders() { }

    /**
     * The block with headers added, in place of those of the same names and without message ids.
     *
     * @param block complete header block, empty for none
     * @param added values by name; what would break a line is left out of them
     */
    static byte[] with(byte[] block, Map<String, String> added) {
        StringBuilder text = new StringBuilder(block.length + 64 * added.size()).append("NATS/1.0").append(END);
        String all = new String(block, StandardCharsets.UTF_8);
        for (int from = next(all, 0); from < all.length(); from = next(all, from)) {
            int end = end(all, from);
            int colon = all.indexOf(':', from);
            if (colon > from && colon < end && !replaced(all.substring(from, colon), added)) {
                text.append(all, from, end).append(END);
            }
        }
        added.forEach((name, value) -> text.append(name).append(": ").append(line(value)).append(END));
        return text.append(END).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int end(String block, int from) {
        int end = block.indexOf(END, from);
        return end < 0 ? block.length() : end;
    }

    /** Where the line behind this one begins. */
    private static int next(String block, int from) {
        return Math.min(block.length(), end(block, from) + END.length());
    }

    private static String line(String value) {
        return value.indexOf('\r') < 0 && value.indexOf('\n') < 0 ? value : value.replace('\r', ' ').replace('\n', ' ');
    }

    private static boolean replaced(String name, Map<String, String> added) {
        for (String id : IDS) {
            if (name.equalsIgnoreCase(id)) {
                return true;
            }
        }
        return added.containsKey(name);
    }

    /** A block of headers, empty when there are none. Names and values that would break a line are refused. */
    static byte[] block(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return new byte[0];
        }
        StringBuilder text = new StringBuilder("NATS/1.0").append(END);
        headers.forEach((name, value) -> {
            if (name.isEmpty() || name.matches("(?s).*[:\\r\\n].*") || value.matches("(?s).*[\\r\\n].*")) {
                throw new RequestRefusal("a header needs a name without colon, and no line break: " + name);
            }
            text.append(name).append(": ").append(value).append(END);
        });
        return text.append(END).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The lines of a block; of a name that comes twice the first. */
    static Map<String, String> read(byte[] block) {
        Map<String, String> headers = new LinkedHashMap<>();
        String[] lines = new String(block, StandardCharsets.UTF_8).split(END);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
            }
        }
        return headers;
    }
}

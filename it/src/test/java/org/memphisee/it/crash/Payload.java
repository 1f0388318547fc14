package org.memphisee.it.crash;

import java.nio.charset.StandardCharsets;

/**
 * What a crash-test message carries: who sent it, in which life of the broker, and its number there, plus filling that
 * depends on them, so that a torn or mixed-up payload shows.
 *
 * @param publisher 0, 1, 2…
 * @param number    1, 2, 3… per publisher, never used twice
 */
record Payload(int publisher, long number) {
    private static final int LENGTH = 200;

    byte[] bytes() {
        StringBuilder text = new StringBuilder(LENGTH).append(publisher).append(' ').append(number).append(' ');
        char filling = (char) ('a' + (publisher * 7 + number) % 26);
        while (text.length() < LENGTH) {
            text.append(filling);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a payload back; fails when a byte is not what it was. */
    static Payload parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        String[] parts = text.split(" ", 3);
        Payload payload = new Payload(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        if (!java.util.Arrays.equals(payload.bytes(), bytes)) {
            throw new AssertionError("damaged payload: " + text);
        }
        return payload;
    }

    String messageId() {
        return publisher + "-" + number;
    }
}

package org.memphisee.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.memphisee.core.api.JsonNumbers;

/** The words of acknowledgements and how to recognise them in bytes. */
final class AckWords {

    static final byte[] ACK = ascii("+ACK");
    static final byte[] OK = ascii("+OK");
    static final byte[] PROGRESS = ascii("+WPI");
    static final byte[] NAK = ascii("-NAK");
    static final byte[] TERM = ascii("+TERM");
    static final byte[] NEXT = ascii("+NXT");

    static final Ack IN_PROGRESS = new Ack.InProgress();
    static final Ack NAK_NOW = new Ack.Nak(0);
    static final Ack TERMINATE = new Ack.Terminate("");
    static final Ack UNKNOWN = new Ack.Unknown();

    private AckWords() { }

    static boolean is(byte[] bytes, int offset, int length, byte[] word) {
        return length == word.length && starts(bytes, offset, length, word);
    }

    /** Whether it begins with the word as a whole. */
    static boolean starts(byte[] bytes, int offset, int length, byte[] word) {
        if (length < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[offset + i] != word[i]) {
                return false;
            }
        }
        return length == word.length || bytes[offset + word.length] == ' ';
    }

    /** What follows the word, without blanks around it. */
    static byte[] argument(byte[] bytes, int offset, int length, byte[] word) {
        int from = offset + word.length;
        int to = offset + length;
        while (from < to && bytes[from] == ' ') {
            from++;
        }
        while (to > from && bytes[to - 1] == ' ') {
            to--;
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    static long delay(byte[] json) {
        long[] delay = new long[1];
        boolean read = JsonNumbers.read(json, 0, json.length, new JsonNumbers.Members() {
            @Override
            public boolean number(String name, long value) {
                if (name.equals("delay")) {
                    delay[0] = value;
                }
                return true;
            }

            @Override
            public boolean bool(String name, boolean value) {
                return other(name);
            }

            @Override
            public boolean other(String name) {
                return !name.equals("delay");
            }
        });
        return read ? delay[0] : 0;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}

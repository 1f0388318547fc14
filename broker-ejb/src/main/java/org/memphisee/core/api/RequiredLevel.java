package org.memphisee.core.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The header by which tools say which level of the JetStream API a request needs. A server that would not know the
 * request's newer members must say so instead of leaving them out. Any thread.
 */
public final class RequiredLevel {

    /** Header block that answers requests which are not answered in JSON. */
    public static final String STATUS = "NATS/1.0 412 Required Api Level\r\n\r\n";
    /** What this server speaks: that of NATS 2.10. */
    private static final int LEVEL = 0;
    private static final String NAME = "\nnats-required-api-level:";
    private static final int MAX_DIGITS = 9;

    private RequiredLevel() { }

    /** Whether the header block in the slice asks for no more than what there is; empty is nothing asked for. */
    public static boolean met(byte[] b, int offset, int length) {
        if (length == 0) {
            return true;
        }
        String block = new String(b, offset, length, StandardCharsets.ISO_8859_1);
        int at = block.toLowerCase(Locale.ROOT).indexOf(NAME);
        if (at < 0) {
            return true;
        }
        int end = block.indexOf('\n', at + 1);
        String value = block.substring(at + NAME.length(), end < 0 ? block.length() : end).trim();
        return value.isEmpty() || value.length() <= MAX_DIGITS && value.chars().allMatch(c -> c >= '0' && c <= '9')
            && Integer.parseInt(value) <= LEVEL;
    }
}

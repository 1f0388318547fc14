package org.memphisee.core.client;

import java.nio.charset.StandardCharsets;

/** What a consumer says about a delivery. Immutable. */
public sealed interface LocalSettlement {

    /** Done with it. */
    LocalSettlement ACKNOWLEDGED = new Acknowledged();

    /** The word for it in the protocol (wire-protocol.md 4.6). */
    byte[] word();

    /** Done with it. */
    record Acknowledged() implements LocalSettlement {
        @Override
        public byte[] word() {
            return "+ACK".getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * Wants it again, as long as it has deliveries left.
     *
     * @param delayMillis not before so many milliseconds, 0 for at once
     */
    record Again(long delayMillis) implements LocalSettlement {
        @Override
        public byte[] word() {
            String word = delayMillis <= 0 ? "-NAK"
                : "-NAK {\"delay\":" + Math.min(delayMillis, Long.MAX_VALUE / 1_000_000) * 1_000_000 + "}";
            return word.getBytes(StandardCharsets.US_ASCII);
        }
    }
}

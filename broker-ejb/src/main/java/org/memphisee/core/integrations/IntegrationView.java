package org.memphisee.core.integrations;

import java.util.Map;

/**
 * An integration as people may see it: without secrets.
 *
 * @param name {@code slack}
 * @param keys how to reach it; secrets are masked
 * @param switches which alerts it gets
 * @param valid whether it worked when it was last tried
 * @param state what went through it
 */
public record IntegrationView(String name, Map<String, String> keys, Map<String, Boolean> switches, boolean valid, State state) {

    /**
     * What went through since the start of the broker. Times in nanoseconds since the epoch, 0 for never.
     *
     * @param sent alerts that arrived
     * @param waiting alerts on their way
     * @param dropped alerts that were given up, or came while too many waited
     * @param lastSentNanos when one arrived last
     * @param lastError why one did not arrive last, empty for never
     */
    public record State(long sent, int waiting, long dropped, long lastSentNanos, String lastError) { }
}

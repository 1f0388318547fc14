package org.memphisee.core.notices;

/**
 * Something that people are told.
 *
 * @param id grows with each one, from 1
 * @param kind how serious it is
 * @param text in words
 * @param station the station it is about, empty for none
 * @param page where the dashboard shows more, empty for nowhere
 * @param startNanos when it began, nanoseconds since the epoch
 * @param endNanos when it ended
 */
public record Notice(long id, Kind kind, String text, String station, String page, long startNanos, long endNanos) {

    /** How serious it is; the words are those of management-api.md W-07. */
    public enum Kind {
        INFO("info"), ERROR("error");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As answers name it. */
        public String word() {
            return word;
        }
    }
}

package org.memphisee.core.tasks;

import java.util.Map;

/**
 * A task as people see it at one moment. Times in nanoseconds since the epoch.
 *
 * @param id its number
 * @param kind name of its kind
 * @param title of its kind, for people
 * @param station the station it is about, empty for none
 * @param user who began it
 * @param startedNanos when
 * @param done parts that are done
 * @param total parts altogether, 0 while nobody knows
 * @param data what it remembers, or its result
 * @param state whether it runs, or how it ended
 * @param stopping whether it runs and was told to stop
 * @param reason why it ended early, in words, else empty
 * @param endedNanos when it ended, 0 while it runs
 * @param operation what it does, for sentences
 */
public record TaskView(long id, String kind, String title, String station, String user, long startedNanos, long done,
                       long total, Map<String, String> data, State state, boolean stopping, String reason, long endedNanos,
                       String operation) {

    /** Where a task is in its life. */
    public enum State {
        RUNNING("running"), COMPLETED("completed"), FAILED("failed"), CANCELLED("cancelled"), INTERRUPTED("interrupted");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** As answers name it. */
        public String word() {
            return word;
        }
    }
}

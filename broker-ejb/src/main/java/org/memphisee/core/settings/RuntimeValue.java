package org.memphisee.core.settings;

/**
 * A setting with the value that is in force.
 *
 * @param setting which
 * @param value in force
 * @param initial in force if nobody had changed it while the broker ran
 * @param source where the value comes from
 */
public record RuntimeValue(RuntimeSetting setting, String value, String initial, Source source) {

    /** Where a value comes from. */
    public enum Source {
        DEFAULT("default"), CONFIGURATION("configuration"), CHANGED("api");

        private final String word;

        Source(String word) {
            this.word = word;
        }

        /** As answers name it. */
        public String word() {
            return word;
        }
    }
}

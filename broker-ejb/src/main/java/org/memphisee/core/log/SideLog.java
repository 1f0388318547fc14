package org.memphisee.core.log;

/**
 * Logs beside messages and definitions, of numbered records that go by age and budget. What decides something is never only
 * in one of these.
 */
public enum SideLog {

    /** Changes that people and programs made on purpose: who, when, from where, what (features.md F-179). */
    AUDIT(1),
    /** What clients do all the time: producers and consumers that come and go. */
    ACTIVITY(2),
    /** What the server said (features.md 9.6). */
    SERVER(3);

    private final int number;

    SideLog(int number) {
        this.number = number;
    }

    /** As the store knows it. Part of the format. */
    public int number() {
        return number;
    }
}

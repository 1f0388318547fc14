package org.memphisee.simulation;

/** One publish of a client, told from all others by its payload. */
final class Publication {

    /** What its publisher knows of it. */
    enum Fate {
        /** Nothing: it may be stored. */
        UNKNOWN,
        /** It is stored, under its sequence. */
        STORED,
        /** It is not stored, because the message with its id is. */
        DUPLICATE,
        /** It is not stored. */
        REFUSED
    }

    final String payload;
    final String subject;
    /** Message id, empty for none. */
    final String id;
    /** Scope of a roll-up, empty for none. */
    final String rollup;
    /** Number in the order in which things were sent. */
    final long sent;
    Fate fate = Fate.UNKNOWN;
    /** Whether its publisher was answered, be it that nothing is sure. */
    boolean answered;
    /** Whether somebody may rely on its being there. */
    boolean promised;
    /** Known from an answer, a delivery or a look; 0 before that. */
    long sequence;
    /** When it was stored, 0 for unknown. */
    long storedNanos;
    /** The last look that found it, 0 for none; then its time is known. */
    long found;
    /** Whether a deletion, purge or roll-up that was asked for takes it away. */
    boolean mayGo;
    /** Whether such a deletion was answered. */
    boolean mustBeGone;

    Publication(String payload, String subject, String id, String rollup, long sent) {
        this.payload = payload;
        this.subject = subject;
        this.id = id;
        this.rollup = rollup;
        this.sent = sent;
    }

    @Override
    public String toString() {
        return payload + " to " + subject + (id.isEmpty() ? "" : " id " + id) + (rollup.isEmpty() ? "" : " rolls up " + rollup)
            + " (" + fate + (sequence == 0 ? "" : " " + sequence) + (promised ? ", promised" : "") + ")";
    }
}

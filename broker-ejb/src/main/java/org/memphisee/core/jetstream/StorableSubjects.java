package org.memphisee.core.jetstream;

import java.util.List;

import org.memphisee.core.subject.Subjects;

/**
 * Which subjects a stream may store. Requests to the broker are none: a stream would answer them before the broker does,
 * and show everybody's requests to whoever may read it. What only listens ({@code no_ack}) may, as with NATS, but never to
 * the broker's own subjects.
 */
final class StorableSubjects {

    /** Begins the broker's own subjects and stream names (wire-protocol.md 1.10, 3.11). */
    static final String OWN = "$memphis";
    static final String RESERVED = "names that begin with " + OWN + " are reserved for the broker";
    private static final List<String> API = List.of("$JS.>", "$JSC.>", "$NRG.>");
    private static final String EVENTS = "$JS.EVENT.>";
    private static final String SYSTEM = "$SYS.>";
    private static final String ACCOUNTS = "$SYS.ACCOUNT.>";

    private StorableSubjects() { }

    /** Whether a subject or pattern is the broker's own by its first token. */
    static boolean reserved(String subject) {
        return subject.startsWith(OWN);
    }

    /** Refuses a name that would hide the stream among the broker's own. */
    static void checkName(String name) {
        if (reserved(name)) {
            throw StreamConfigReader.invalid("stream " + RESERVED);
        }
    }

    /**
     * Refuses subjects that no stream may store.
     *
     * @param noAck whether the stream never answers
     */
    static void check(List<String> subjects, boolean noAck) {
        for (String subject : subjects) {
            if (reserved(subject)) {
                throw StreamConfigReader.invalid("subject " + RESERVED);
            }
            if (!noAck) {
                checkAnswered(subject);
            }
        }
    }

    private static void checkAnswered(String subject) {
        if (subject.equals(">")) {
            throw StreamConfigReader.invalid("capturing all subjects requires no-ack to be true");
        }
        if (API.stream().anyMatch(api -> Subjects.collide(subject, api)) && !Subjects.covers(EVENTS, subject)) {
            throw StreamConfigReader.invalid("subjects that overlap with jetstream api require no-ack to be true");
        }
        if (Subjects.collide(subject, SYSTEM) && !Subjects.covers(ACCOUNTS, subject)) {
            throw StreamConfigReader.invalid("subjects that overlap with system api require no-ack to be true");
        }
    }
}

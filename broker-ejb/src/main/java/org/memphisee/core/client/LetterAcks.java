package org.memphisee.core.client;

import java.util.Optional;

/**
 * How deliveries of messages that come again out of the dead-letter log are named:
 * {@code $memphis_pm_acks.<letter>.<group>}, after the subject on which SDKs say the same (wire-protocol.md 4.7). Nobody publishes there; {@link LocalConnection#settle} reads it.
 *
 * @param letter number of the dead letter
 * @param group internal name of the group
 */
record LetterAcks(long letter, String group) {

    private static final String PREFIX = "$memphis_pm_acks.";
    private static final int MOST_DIGITS = 18;

    /** The name. */
    String subject() {
        return PREFIX + letter + '.' + group;
    }

    /** What a name says; empty when it is none. */
    static Optional<LetterAcks> parse(String subject) {
        int dot = subject.indexOf('.', PREFIX.length());
        if (!subject.startsWith(PREFIX) || dot < 0 || dot == subject.length() - 1) {
            return Optional.empty();
        }
        String number = subject.substring(PREFIX.length(), dot);
        boolean readable = !number.isEmpty() && number.length() <= MOST_DIGITS && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return !readable ? Optional.empty() : Optional.of(new LetterAcks(Long.parseLong(number), subject.substring(dot + 1)));
    }
}

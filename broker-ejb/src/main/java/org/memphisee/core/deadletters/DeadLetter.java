package org.memphisee.core.deadletters;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.memphisee.core.control.StationLayout;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;
import org.memphisee.core.errand.ReadLetter;

/**
 * A dead letter as people see it.
 *
 * @param station external name of its station
 * @param partition number of its partition, 0 for a stream of a plain client
 * @param letter why and of whom
 * @param message the message; empty when it was not read
 * @param problem why it was not, empty when nothing is wrong
 */
public record DeadLetter(String station, int partition, Letter letter, Optional<Message> message, String problem) {

    /**
     * What was sent.
     *
     * @param header header block, empty for none
     * @param payload payload
     */
    public record Message(byte[] header, byte[] payload) { }

    public DeadLetter {
        Objects.requireNonNull(station, "a dead letter has a station");
        Objects.requireNonNull(letter, "a dead letter is a letter");
    }

    static DeadLetter of(String station, int partition, ReadLetter.Found found) {
        return new DeadLetter(station, partition, found.letter(), found.message().map(m -> new Message(m.header(), m.payload())),
            found.problem());
    }

    /** Who gave it up; without the one that stands for a copy that nobody's group waits for. */
    public List<LetterGroup> groups() {
        return letter.groups().stream().filter(g -> !g.name().isEmpty()).toList();
    }

    /** The name of a group as people know it. */
    public static String external(LetterGroup group) {
        return StationLayout.externalName(group.name());
    }
}

package org.memphisee.core.partition.letters;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterGroup;

/** What one write brings into the dead-letter log. Shard's thread only. */
final class LetterFlight {

    /** A write takes at most so much; the rest goes with the next one. */
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_LETTERS = 1_000;

    /** A letter as it is stored by the write. */
    static final class Incoming {
        final boolean fresh;
        final List<LetterGroup> added = new ArrayList<>(1);
        Letter letter;

        Incoming(Letter letter, boolean fresh) {
            this.letter = letter;
            this.fresh = fresh;
        }
    }

    private final Map<Long, Incoming> bySequence = new HashMap<>();
    private final Map<Long, Incoming> byId = new LinkedHashMap<>();
    private LetterRecord record;
    private byte[] sealed;

    boolean full() {
        return byId.size() >= MOST_LETTERS || record != null && record.length() >= MOST_BYTES;
    }

    /** The letter of a message that is on its way already, or null. */
    Incoming ofMessage(long sequence) {
        return bySequence.get(sequence);
    }

    /** A letter that is there gets another group. */
    Incoming known(Letter letter) {
        return put(new Incoming(letter, false));
    }

    /** A new letter of a message. */
    Incoming fresh(Letter letter, MessageView message) {
        record(letter.id()).add(letter.id(), message);
        return put(new Incoming(letter, true));
    }

    /** A new letter of something that was never stored. */
    Incoming fresh(Letter letter, String subject, byte[] header, byte[] payload) {
        record(letter.id()).add(letter.id(), letter.sentNanos(), subject, header, payload);
        return put(new Incoming(letter, true));
    }

    private LetterRecord record(long id) {
        if (record == null) {
            record = new LetterRecord(id);
        }
        return record;
    }

    private Incoming put(Incoming incoming) {
        if (incoming.letter.kind() == Letter.Kind.UNACKED) {
            bySequence.put(incoming.letter.sequence(), incoming);
        }
        byId.put(incoming.letter.id(), incoming);
        return incoming;
    }

    /** Letters on their way, by number. */
    Collection<Incoming> letters() {
        return byId.values();
    }

    /** The record of new letters, or null. */
    LetterRecord record() {
        return record;
    }

    /** Its bytes; closes it. */
    byte[] sealed() {
        if (sealed == null) {
            sealed = record.seal();
        }
        return sealed;
    }
}

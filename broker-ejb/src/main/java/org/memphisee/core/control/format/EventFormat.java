package org.memphisee.core.control.format;

import org.memphisee.core.control.SystemEvent;

/**
 * How one type of event is stored.
 *
 * @param type its name in the log
 * @param version the version that is written; all from 1 on are read
 * @param kind the event it stands for
 * @param writing writes the members of the event
 * @param reading reads them back, of any version up to this one
 * @param <E> the event
 */
record EventFormat<E extends SystemEvent>(String type, int version, Class<E> kind, Writing<E> writing, Reading<E> reading) {

    /** Writes an event. */
    interface Writing<E> {
        void write(E event, MemberWriter out);
    }

    /** Reads an event. */
    interface Reading<E> {
        E read(MemberReader in, int version) throws FormatException;
    }

    void write(SystemEvent event, MemberWriter out) {
        writing.write(kind.cast(event), out);
    }

    E read(MemberReader in, int stored) throws FormatException {
        return reading.read(in, stored);
    }
}

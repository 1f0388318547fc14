package org.memphisee.core.control;

import java.util.Objects;

import org.memphisee.core.api.Author;
import org.memphisee.core.api.ChangeSubject;

/**
 * What is kept with an event for people: it decides nothing and is not folded. Immutable.
 *
 * @param by who asked
 * @param atNanos when, nanoseconds since the epoch; 0 when it was not kept
 * @param subject what it is about
 * @param before what made the definition as it was before, null for none
 */
public record ChangeNote(Author by, long atNanos, ChangeSubject subject, SystemEvent before) {

    /** Nothing was kept: the event is of an older release. */
    public static final ChangeNote NONE = new ChangeNote(Author.UNKNOWN, 0, ChangeSubject.UNKNOWN, null);

    public ChangeNote {
        Objects.requireNonNull(by, "author is required");
        Objects.requireNonNull(subject, "subject is required");
    }
}

package org.memphisee.core.audit;

import java.util.Objects;

import org.memphisee.core.api.Author;
import org.memphisee.core.api.ChangeSubject;

/**
 * One change as people see it. Immutable.
 *
 * @param number its number; entries with higher ones are later
 * @param atNanos when, nanoseconds since the epoch
 * @param by who
 * @param action what was done, a word with underscores; empty when the entry does not read
 * @param subject to what
 * @param before the definition before, a JSON object; empty for none
 * @param after the definition afterwards, or what was done, a JSON object; empty when the definition is gone
 * @param problem why the entry does not read, empty when it does
 */
public record AuditEntry(long number, long atNanos, Author by, String action, ChangeSubject subject, String before,
                         String after, String problem) {
    public AuditEntry {
        Objects.requireNonNull(by, "author is required");
        Objects.requireNonNull(subject, "subject is required");
    }
}

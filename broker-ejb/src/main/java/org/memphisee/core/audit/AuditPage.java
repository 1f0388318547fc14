package org.memphisee.core.audit;

import java.util.List;

/**
 * Some entries, the latest first.
 *
 * @param entries entries
 * @param next where the next page begins: the highest number to look at, 0 when there is nothing more
 */
public record AuditPage(List<AuditEntry> entries, long next) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}

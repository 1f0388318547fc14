package org.memphisee.core.access;

import java.util.List;

import org.memphisee.core.control.UserEvent.StationPatterns;

/**
 * Which stations a user may use, as people write it: patterns of external names in which {@code *} stands for any run of
 * characters; {@link Permissions} is what follows from them. Immutable.
 *
 * @param allowRead stations to consume from
 * @param allowWrite stations to create, remove and produce to
 * @param denyRead stations not to consume from, whatever is allowed
 * @param denyWrite stations not to change or produce to, whatever is allowed
 */
public record PermissionPatterns(List<String> allowRead, List<String> allowWrite, List<String> denyRead,
                                 List<String> denyWrite) {

    /** No patterns: everything is allowed. */
    public static final PermissionPatterns NONE = new PermissionPatterns(List.of(), List.of(), List.of(), List.of());

    public PermissionPatterns {
        allowRead = List.copyOf(allowRead);
        allowWrite = List.copyOf(allowWrite);
        denyRead = List.copyOf(denyRead);
        denyWrite = List.copyOf(denyWrite);
    }

    /** Those that were stored. */
    static PermissionPatterns of(StationPatterns stored) {
        return new PermissionPatterns(stored.allowRead(), stored.allowWrite(), stored.denyRead(), stored.denyWrite());
    }

    /** As an event keeps them. */
    StationPatterns stored() {
        return new StationPatterns(allowRead, allowWrite, denyRead, denyWrite);
    }
}

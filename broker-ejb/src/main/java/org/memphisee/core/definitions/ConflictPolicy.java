package org.memphisee.core.definitions;

import java.util.Locale;
import java.util.Optional;

/** What an import does with things that are there already and are otherwise. */
public enum ConflictPolicy {
    /** It changes nothing at all. */
    FAIL,
    /** It leaves them as they are and makes the others. */
    SKIP,
    /** It changes them; where one of them can not be changed, it changes nothing at all. */
    UPDATE;

    /** The policy of that name. */
    public static Optional<ConflictPolicy> of(String word) {
        for (ConflictPolicy policy : values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }
}

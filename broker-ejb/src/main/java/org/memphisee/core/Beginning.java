package org.memphisee.core;

import java.util.List;

import org.memphisee.core.access.FirstUser;

/**
 * What a fresh installation begins with beside root. Where root exists already, nothing of it counts. Immutable.
 *
 * @param users users that somebody wrote down before the first start
 * @param defaultStation whether there is a station to try with, and its schema (features.md F-036)
 */
public record Beginning(List<FirstUser> users, boolean defaultStation) {

    /** Nothing but root. */
    public static final Beginning EMPTY = new Beginning(List.of(), false);

    public Beginning {
        users = List.copyOf(users);
    }
}

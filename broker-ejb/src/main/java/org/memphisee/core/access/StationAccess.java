package org.memphisee.core.access;

import java.util.Objects;

import org.memphisee.core.access.AccessRefusal.Reason;

/**
 * Lets users do to stations what they may, or refuses with the text for them (wire-protocol.md 2.6). Every door asks
 * here. Any thread.
 */
public final class StationAccess {

    private final Users users;

    public StationAccess(Users users) {
        this.users = Objects.requireNonNull(users, "users are required");
    }

    /**
     * Refuses to create a station.
     *
     * @param station external name
     * @throws AccessRefusal the user may not
     */
    public void requireCreate(String user, String station) {
        require(users.permissions(user).mayWrite(station), user, "create", station);
    }

    /**
     * Refuses to change or remove a station, or to produce to it.
     *
     * @param station external name
     * @throws AccessRefusal the user may not
     */
    public void requireWrite(String user, String station) {
        require(users.permissions(user).mayWrite(station), user, "access", station);
    }

    /**
     * Refuses to consume from a station or to look at its messages.
     *
     * @param station external name
     * @throws AccessRefusal the user may not
     */
    public void requireRead(String user, String station) {
        require(users.permissions(user).mayRead(station), user, "access", station);
    }

    /**
     * Refuses to look at a station at all.
     *
     * @param station external name
     * @throws AccessRefusal the user may not
     */
    public void requireUse(String user, String station) {
        require(users.permissions(user).mayUse(station), user, "access", station);
    }

    /**
     * Refuses what only people without limits may do.
     *
     * @param what what it is, behind "not allowed to"
     * @throws AccessRefusal the user has limits
     */
    public void requireEverything(String user, String what) {
        if (users.permissions(user).restricted()) {
            throw new AccessRefusal(Reason.NOT_ALLOWED, "user " + user + " is not allowed to " + what);
        }
    }

    /**
     * Refuses who only looks to change anything but what is its own: stations, users, settings, and so on.
     *
     * @throws AccessRefusal the user is a viewer
     */
    public void requireChanges(String user) {
        if (users.permissions(user).readOnly()) {
            throw new AccessRefusal(Reason.NOT_ALLOWED, "user " + user + " is not allowed to change anything, its role is viewer");
        }
    }

    /**
     * Refuses what only root may do.
     *
     * @param what what it is, behind "not allowed to"
     * @throws AccessRefusal the user is not root
     */
    public void requireRoot(String user, String what) {
        if (!user.equals(Users.ROOT)) {
            throw new AccessRefusal(Reason.NOT_ALLOWED, "user " + user + " is not allowed to " + what + ", only root is");
        }
    }

    private static void require(boolean allowed, String user, String what, String station) {
        if (!allowed) {
            throw new AccessRefusal(Reason.NOT_ALLOWED,
                "user " + user + " is not allowed to " + what + " station " + station);
        }
    }
}

package org.memphisee.port;

/**
 * What the broker knows about a client, for monitors.
 *
 * @param user user it signed in as, empty before that
 * @param subscriptions its subscriptions now
 */
public record SessionDetails(String user, int subscriptions) {

    /** Nothing is known. */
    public static final SessionDetails NONE = new SessionDetails("", 0);
}

package org.memphisee.core.access;

/**
 * A key to the management API as people see it: never its secret.
 *
 * @param id its number
 * @param user whose it is
 * @param name what its user calls it
 * @param createdNanos when it was made, nanoseconds since the epoch
 * @param expiresNanos from when on it is worth nothing, 0 for never
 */
public record ApiKey(long id, String user, String name, long createdNanos, long expiresNanos) {

    /** Whether it is worth nothing any more. */
    public boolean expired(long nowNanos) {
        return expiresNanos > 0 && nowNanos >= expiresNanos;
    }
}

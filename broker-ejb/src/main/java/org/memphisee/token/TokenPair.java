package org.memphisee.token;

/**
 * Two new tokens.
 *
 * @param access for requests
 * @param accessMillis how long it lives, milliseconds
 * @param refresh for the next pair
 * @param refreshMillis how long it lives, milliseconds
 */
public record TokenPair(String access, long accessMillis, String refresh, long refreshMillis) {
    @Override
    public String toString() { // never print tokens
        return "TokenPair[accessMillis=" + accessMillis + ", refreshMillis=" + refreshMillis + "]";
    }
}

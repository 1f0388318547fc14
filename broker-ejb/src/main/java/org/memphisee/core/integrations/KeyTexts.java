package org.memphisee.core.integrations;

import java.net.URI;

/** What texts that people give for an integration may be. */
final class KeyTexts {

    /** Characters of a text at most. */
    static final int MAX_TEXT = 512;

    private KeyTexts() { }

    /** Whether a key is short and has visible ASCII only. */
    static boolean plain(String text) {
        return text.length() <= MAX_TEXT && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** Whether it is the address of a service, with nothing that could hide something else. */
    static boolean address(String url) {
        try {
            URI uri = URI.create(url);
            return url.length() <= MAX_TEXT && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

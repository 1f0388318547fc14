package org.memphisee.core.access;

/**
 * A pattern of station names: {@code *} stands for any run of characters, also none; everything else for itself.
 * Matching takes at most the product of both lengths, whatever the pattern. Immutable.
 */
record StationPattern(String text) {

    boolean matches(String name) {
        int star = -1;
        int resume = 0;
        int p = 0;
        int n = 0;
        while (n < name.length()) {
            if (p < text.length() && text.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < text.length() && text.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }

    /**
     * Whether every name that the other pattern matches is matched here too. A star of the other one stands for a
     * character that only a star matches, since names have more characters than any pattern spells out between stars.
     */
    boolean covers(StationPattern other) {
        return matches(other.text); // the only star in names to match is the pattern's own
    }

    /** Whether some name is matched by both. Takes the product of both lengths. */
    boolean meets(StationPattern other) {
        boolean[] reached = new boolean[other.text.length() + 1];
        for (int p = 0; p <= text.length(); p++) {
            boolean diagonal = false; // what was reached before both characters
            for (int o = 0; o <= other.text.length(); o++) {
                boolean above = reached[o];
                boolean here = p == 0 && o == 0;
                if (p > 0 && o > 0) {
                    here = diagonal && same(text.charAt(p - 1), other.text.charAt(o - 1));
                }
                if (p > 0) {
                    here |= above && (text.charAt(p - 1) == '*' || o > 0 && other.text.charAt(o - 1) == '*');
                }
                if (o > 0) {
                    here |= reached[o - 1] && (other.text.charAt(o - 1) == '*' || p > 0 && text.charAt(p - 1) == '*');
                }
                diagonal = above;
                reached[o] = here;
            }
        }
        return reached[other.text.length()];
    }

    private static boolean same(char a, char b) {
        return a == b || a == '*' || b == '*';
    }
}

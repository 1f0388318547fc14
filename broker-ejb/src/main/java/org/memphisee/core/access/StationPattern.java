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
}

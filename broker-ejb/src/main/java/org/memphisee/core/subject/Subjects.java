package org.memphisee.core.subject;

import java.nio.charset.StandardCharsets;

/** Rules for subjects and patterns (wire-protocol.md 1.10), on bytes so that the data path needs no strings. */
public final class Subjects {

    private Subjects() { }

    /** Whether it may be subscribed to: tokens not empty, no blanks, {@code >} only as the last token. */
    public static boolean validPattern(byte[] s, int offset, int length) {
        if (length == 0) {
            return false;
        }
        int end = offset + length;
        int start = offset;
        for (int i = offset; i <= end; i++) {
            if (i == end || s[i] == '.') {
                if (i == start) {
                    return false;
                }
                if (i - start == 1 && s[start] == '>' && i != end) {
                    return false;
                }
                start = i + 1;
            } else if (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
                return false;
            }
        }
        return true;
    }

    /** Same for text. */
    public static boolean validPattern(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return validPattern(b, 0, b.length);
    }

    /** Whether it names exactly one subject: a valid pattern without wildcard tokens. */
    public static boolean validLiteral(byte[] s, int offset, int length) {
        return validPattern(s, offset, length) && !hasWildcard(s, offset, length);
    }

    /** Same for text. */
    public static boolean validLiteral(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return validLiteral(b, 0, b.length);
    }

    /** Whether no token is empty: what else is odd in a published subject is taken literally, but this matches nothing. */
    public static boolean complete(byte[] s, int offset, int length) {
        boolean empty = true;
        for (int i = offset; i < offset + length; i++) {
            if (s[i] != '.') {
                empty = false;
            } else if (empty) {
                return false;
            } else {
                empty = true;
            }
        }
        return !empty;
    }

    /** Whether a whole token is {@code *} or {@code >}. */
    public static boolean hasWildcard(byte[] s, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if ((s[i] == '*' || s[i] == '>') && (i == offset || s[i - 1] == '.') && (i + 1 == end || s[i + 1] == '.')) {
                return true;
            }
        }
        return false;
    }

    /** Same for text. */
    public static boolean hasWildcard(String subject) {
        byte[] b = subject.getBytes(StandardCharsets.UTF_8);
        return hasWildcard(b, 0, b.length);
    }

    /** Whether the literal subject in the slice matches the pattern. */
    public static boolean matches(byte[] pattern, byte[] s, int offset, int length) {
        int p = 0;
        int i = offset;
        int end = offset + length;
        while (p < pattern.length) {
            int pe = tokenEnd(pattern, p, pattern.length);
            if (pe - p == 1 && pattern[p] == '>') {
                return i < end;
            }
            if (i >= end) {
                return false;
            }
            int e = tokenEnd(s, i, end);
            if (!(pe - p == 1 && pattern[p] == '*')) {
                if (pe - p != e - i) {
                    return false;
                }
                for (int k = 0; k < pe - p; k++) {
                    if (pattern[p + k] != s[i + k]) {
                        return false;
                    }
                }
            }
            boolean patternMore = pe < pattern.length;
            boolean subjectMore = e < end;
            if (!patternMore || !subjectMore) {
                return patternMore == subjectMore;
            }
            p = pe + 1;
            i = e + 1;
        }
        return i >= end;
    }

    /** Same for text. */
    public static boolean matches(String pattern, String subject) {
        byte[] s = subject.getBytes(StandardCharsets.UTF_8);
        return matches(pattern.getBytes(StandardCharsets.UTF_8), s, 0, s.length);
    }

    /** Whether some subject matches both patterns. */
    public static boolean collide(String a, String b) {
        String[] x = a.split("\\.", -1);
        String[] y = b.split("\\.", -1);
        for (int i = 0; ; i++) {
            boolean xEnd = i == x.length;
            boolean yEnd = i == y.length;
            if (xEnd || yEnd) {
                return xEnd && yEnd;
            }
            if (x[i].equals(">") || y[i].equals(">")) {
                return true;
            }
            if (!x[i].equals("*") && !y[i].equals("*") && !x[i].equals(y[i])) {
                return false;
            }
        }
    }

    /** Whether every subject that matches {@code inner} also matches {@code outer}. */
    public static boolean covers(String outer, String inner) {
        String[] o = outer.split("\\.", -1);
        String[] n = inner.split("\\.", -1);
        for (int i = 0; ; i++) {
            boolean oEnd = i == o.length;
            boolean nEnd = i == n.length;
            if (oEnd || nEnd) {
                return oEnd && nEnd;
            }
            if (o[i].equals(">")) {
                return true;
            }
            if (n[i].equals(">") || n[i].equals("*") && !o[i].equals("*") || !o[i].equals("*") && !o[i].equals(n[i])) {
                return false;
            }
        }
    }

    private static int tokenEnd(byte[] s, int from, int end) {
        int i = from;
        while (i < end && s[i] != '.') {
            i++;
        }
        return i;
    }
}

package org.memphisee.core.consumer;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.memphisee.core.subject.Subjects;

/** One or several patterns; matches a subject when any of them does. No patterns match everything. Immutable. */
public final class SubjectFilter {

    /** Matches every message. */
    public static final SubjectFilter EVERYTHING = new SubjectFilter(List.of());

    private final List<String> patterns;
    private final byte[][] encoded;
    private final byte[] literal;

    private SubjectFilter(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        this.encoded = patterns.stream().map(p -> p.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        this.literal = patterns.size() == 1 && !Subjects.hasWildcard(patterns.get(0)) ? encoded[0] : null;
    }

    /** A filter for the patterns; {@code >} alone, like no pattern, is everything. */
    public static SubjectFilter of(List<String> patterns) {
        return patterns.isEmpty() || patterns.contains(">") ? EVERYTHING : new SubjectFilter(patterns);
    }

    /** Whether it lets every message pass. */
    public boolean everything() {
        return encoded.length == 0;
    }

    /** The patterns, empty for everything. */
    public List<String> patterns() {
        return patterns;
    }

    /** The only subject that matches, null when several may. Not to be changed. */
    public byte[] literal() {
        return literal;
    }

    /** Whether the subject in the slice matches. */
    public boolean matches(byte[] bytes, int offset, int length) {
        if (encoded.length == 0) {
            return true;
        }
        for (byte[] pattern : encoded) {
            if (Subjects.matches(pattern, bytes, offset, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return everything() ? ">" : String.join(",", patterns);
    }
}

package org.memphisee.cli.migrate;

import java.util.List;
import java.util.regex.Pattern;

/** Names that are meant: {@code *} stands for anything, {@code ?} for one character. */
public final class Glob {

    private final List<Pattern> patterns;

    /** @param texts the patterns; none for every name */
    public Glob(List<String> texts) {
        patterns = texts.stream().map(Glob::pattern).toList();
    }

    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        text.codePoints().forEach(c -> regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c))));
        return Pattern.compile(regex.toString());
    }

    /** Whether the name is meant. */
    public boolean fits(String name) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}

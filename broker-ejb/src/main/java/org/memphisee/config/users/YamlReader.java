package org.memphisee.config.users;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of YAML that lists of users need: mappings and sequences by indentation, texts plain or in quotes, sequences of
 * texts in brackets, comments. What it does not know it refuses; it never takes it for something else. One use, one thread.
 */
final class YamlReader {

    /** Mappings and sequences inside of each other, at most. */
    private static final int MAX_DEPTH = 16;
    private static final Pattern KEY = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)[ ]*:(?:[ ]+(.*))?");
    /** What means something else in YAML when it stands in front of a plain text. */
    private static final String MARKS = "{}[]&*!|>%@`,?";

    private record Line(int number, int indent, String text) { }

    private final List<Line> lines = new ArrayList<>();
    private int next;

    private YamlReader() { }

    /**
     * Reads a document.
     *
     * @throws UsersFileException it is not in the part of YAML that is known
     */
    static YamlNode read(String text) throws UsersFileException {
        YamlReader reader = new YamlReader();
        reader.split(text);
        if (reader.lines.isEmpty()) {
            return new YamlNode.Text(1, "");
        }
        YamlNode document = reader.block(0);
        if (reader.next < reader.lines.size()) {
            throw reader.wrongIndentation(reader.line());
        }
        return document;
    }

    private void split(String text) throws UsersFileException {
        String[] raw = text.split("\\R", -1);
        for (int i = 0; i < raw.length; i++) {
            String line = raw[i];
            if (i == 0 && (line.equals("---") || line.equals("\uFEFF---"))) {
                continue;
            }
            String content = withoutComment(i == 0 && line.startsWith("\uFEFF") ? line.substring(1) : line).stripTrailing();
            if (content.isBlank()) {
                continue;
            }
            int indent = 0;
            while (content.charAt(indent) == ' ') {
                indent++;
            }
            if (content.charAt(indent) == '\t') {
                throw UsersFileException.at(i + 1, "is indented with a tab; allowed: blanks");
            }
            lines.add(new Line(i + 1, indent, content.substring(indent)));
        }
    }

    /** A comment begins with a # at the start or behind a blank, outside of quotes. */
    private static String withoutComment(String line) {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean first = i == 0 || " \t[,".indexOf(line.charAt(i - 1)) >= 0;
            if (quote == '"' && c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && first) {
                quote = c;
            } else if (c == '#' && (i == 0 || line.charAt(i - 1) == ' ' || line.charAt(i - 1) == '\t')) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private Line line() {
        return lines.get(next);
    }

    private boolean at(int indent, boolean sequence) {
        return next < lines.size() && line().indent() == indent && element(line()) == sequence;
    }

    private static boolean element(Line line) {
        return line.text().equals("-") || line.text().startsWith("- ");
    }

    private UsersFileException wrongIndentation(Line line) {
        return UsersFileException.at(line.number(), "does not belong to anything above it; allowed: the same indentation as its "
            + "neighbours");
    }

    private YamlNode block(int depth) throws UsersFileException {
        if (depth > MAX_DEPTH) {
            throw UsersFileException.at(line().number(), "is nested too deeply; allowed: users, their kinds, and what is known of "
                + "each");
        }
        return element(line()) ? sequence(depth) : mapping(depth);
    }

    private YamlNode sequence(int depth) throws UsersFileException {
        Line first = line();
        List<YamlNode> parts = new ArrayList<>();
        while (at(first.indent(), true)) {
            Line line = line();
            String rest = line.text().substring(1).stripLeading();
            if (rest.isEmpty()) {
                next++;
                parts.add(below(line, depth));
            } else if (KEY.matcher(rest).matches() || rest.equals("-") || rest.startsWith("- ")) {
                lines.set(next, new Line(line.number(), line.indent() + line.text().length() - rest.length(), rest));
                parts.add(block(depth + 1));
            } else {
                next++;
                parts.add(text(line.number(), rest));
            }
        }
        return ended(first, new YamlNode.Sequence(first.number(), parts));
    }

    private YamlNode mapping(int depth) throws UsersFileException {
        Line first = line();
        Map<String, YamlNode> parts = new LinkedHashMap<>();
        while (at(first.indent(), false)) {
            Line line = line();
            Matcher key = KEY.matcher(line.text());
            if (!key.matches()) {
                throw UsersFileException.at(line.number(), "is not understood; allowed: a name, a colon and a blank, then a value");
            }
            next++;
            String value = key.group(2) == null ? "" : key.group(2).strip();
            YamlNode part = value.isEmpty() ? below(line, depth) : value(line.number(), value);
            if (parts.put(key.group(1), part) != null) {
                throw UsersFileException.at(line.number(), key.group(1) + " is given twice; allowed: once");
            }
        }
        return ended(first, new YamlNode.Mapping(first.number(), parts));
    }

    private YamlNode ended(Line first, YamlNode node) throws UsersFileException {
        if (next < lines.size() && line().indent() > first.indent()) {
            throw wrongIndentation(line());
        }
        return node;
    }

    /** What stands below a name or a dash; a sequence may begin below the name itself. */
    private YamlNode below(Line line, int depth) throws UsersFileException {
        boolean deeper = next < lines.size() && (line().indent() > line.indent()
            || line().indent() == line.indent() && element(line()) && !element(line));
        return deeper ? block(depth + 1) : new YamlNode.Text(line.number(), "");
    }

    private static YamlNode value(int line, String value) throws UsersFileException {
        if (!value.startsWith("[")) {
            return text(line, value);
        }
        List<YamlNode> parts = new ArrayList<>();
        if (!value.endsWith("]")) {
            throw UsersFileException.at(line, "has a list without its end; allowed: [one, two] on one line");
        }
        for (String part : parts(value.substring(1, value.length() - 1))) {
            parts.add(text(line, part));
        }
        return new YamlNode.Sequence(line, parts);
    }

    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        char quote = 0;
        for (char c : list.toCharArray()) {
            if (c == ',' && quote == 0) {
                parts.add(part.toString().strip());
                part.setLength(0);
                continue;
            }
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && part.toString().isBlank()) {
                quote = c;
            }
            part.append(c);
        }
        if (!part.toString().isBlank()) {
            parts.add(part.toString().strip());
        }
        return parts;
    }

    private static YamlNode text(int line, String value) throws UsersFileException {
        char first = value.isEmpty() ? ' ' : value.charAt(0);
        if (first == '"' || first == '\'') {
            return new YamlNode.Text(line, unquoted(line, value, first));
        }
        if (MARKS.indexOf(first) >= 0 || value.startsWith("- ") || value.contains(": ")) {
            throw UsersFileException.at(line, "has a value that means something else in YAML; allowed: the same in quotes");
        }
        return new YamlNode.Text(line, value.equals("~") || value.equals("null") ? "" : value);
    }

    private static String unquoted(int line, String value, char quote) throws UsersFileException {
        StringBuilder text = new StringBuilder();
        int i = 1;
        while (i < value.length() && (value.charAt(i) != quote || quote == '\'' && value.startsWith("''", i))) {
            char c = value.charAt(i++);
            if (c == quote) {
                i++; // a quote that is doubled is meant
            } else if (c == '\\' && quote == '"') {
                c = i < value.length() ? value.charAt(i++) : 0;
                if (c != '"' && c != '\\' && c != '/') {
                    throw UsersFileException.at(line, "has an unknown sign behind a backslash; allowed: \\\\ and \\\"");
                }
            }
            text.append(c);
        }
        if (i != value.length() - 1) {
            throw UsersFileException.at(line, "has quotes that do not end where the value does; allowed: all of the value in quotes");
        }
        return text.toString();
    }
}

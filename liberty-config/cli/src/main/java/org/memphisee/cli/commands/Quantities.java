package org.memphisee.cli.commands;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.memphisee.cli.run.CliFailure;

/** Durations and sizes as people write them. */
final class Quantities {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,10})(s|m|h|d|w)?");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,13})(b|k|kb|kib|m|mb|mib|g|gb|gib|t|tb|tib)?");

    private Quantities() { }

    /** Seconds of {@code 90}, {@code 90s}, {@code 15m}, {@code 12h}, {@code 7d}, {@code 2w}. */
    static long seconds(String text) {
        Matcher m = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw CliFailure.usage("\"" + text + "\" is no duration; write 90s, 15m, 12h, 7d or 2w");
        }
        return Long.parseLong(m.group(1)) * switch (m.group(2) == null ? "s" : m.group(2)) {
            case "m" -> 60L;
            case "h" -> 3_600L;
            case "d" -> 86_400L;
            case "w" -> 604_800L;
            default -> 1L;
        };
    }

    /** Bytes of {@code 4096}, {@code 64k}, {@code 512MiB}, {@code 10g}; each unit is 1024 of the one before. */
    static long bytes(String text) {
        Matcher m = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw CliFailure.usage("\"" + text + "\" is no size; write 4096, 64k, 512MiB or 10g");
        }
        String unit = m.group(2) == null ? "b" : m.group(2);
        return Long.parseLong(m.group(1)) << switch (unit.charAt(0)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            case 't' -> 40;
            default -> 0;
        };
    }
}

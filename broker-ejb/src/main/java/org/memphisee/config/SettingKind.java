package org.memphisee.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value, and what is allowed.
 *
 * @param <T> type of the value
 * @param allowed what is allowed, for people
 * @param parse turns trimmed text into a value, empty when it is not allowed
 */
record SettingKind<T>(String allowed, Function<String, Optional<T>> parse) {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(B|KB|KIB|MB|MIB|GB|GIB|TB|TIB|K|M|G|T)?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

    /** A TCP port. */
    static SettingKind<Integer> port() {
        return integer(1, 65535);
    }

    /** A whole number in a range, both ends included. */
    static SettingKind<Integer> integer(int min, int max) {
        return new SettingKind<>("a whole number from " + min + " to " + max, text -> number(text)
            .filter(n -> n >= min && n <= max).map(Long::intValue));
    }

    /** A whole number in a range, or 0 which {@code meansZero}. */
    static SettingKind<Integer> integerOrZero(int min, int max, String meansZero) {
        return new SettingKind<>("a whole number from " + min + " to " + max + ", or 0 " + meansZero,
            text -> number(text).filter(n -> n == 0 || n >= min && n <= max).map(Long::intValue));
    }

    /** A port, or nothing. */
    static SettingKind<Optional<Integer>> optionalPort() {
        SettingKind<Integer> port = port();
        return new SettingKind<>(port.allowed() + ", or nothing",
            text -> text.isEmpty() ? Optional.of(Optional.empty()) : port.parse().apply(text).map(Optional::of));
    }

    /** Bytes with an optional unit; K, M, G, T and KB, KiB and so on are all powers of 1024. */
    static SettingKind<Long> size(long min, long max) {
        return new SettingKind<>("a size from " + sizeText(min) + " to " + sizeText(max) + ", such as 64MiB",
            text -> bytes(text).filter(n -> n >= min && n <= max));
    }

    /** As {@link #size}, or 0 which {@code meansZero}. */
    static SettingKind<Long> sizeOrZero(long min, long max, String meansZero) {
        return new SettingKind<>("a size from " + sizeText(min) + " to " + sizeText(max) + ", or 0 " + meansZero,
            text -> bytes(text).filter(n -> n == 0 || n >= min && n <= max));
    }

    /** A duration with unit, as milliseconds. */
    static SettingKind<Long> duration(String min, String max) {
        long low = millis(min).orElseThrow();
        long high = millis(max).orElseThrow();
        return new SettingKind<>("a duration from " + min + " to " + max + ", such as 250ms, 10s, 5m or 2h",
            text -> millis(text).filter(n -> n >= low && n <= high));
    }

    /** One of an enumeration's names in lower case. */
    static <E extends Enum<E>> SettingKind<E> choice(Class<E> type) {
        StringBuilder names = new StringBuilder();
        for (E value : type.getEnumConstants()) {
            names.append(names.isEmpty() ? "" : ", ").append(value.name().toLowerCase(Locale.ROOT));
        }
        return new SettingKind<>("one of " + names, text -> {
            for (E value : type.getEnumConstants()) {
                if (value.name().equalsIgnoreCase(text)) {
                    return Optional.of(value);
                }
            }
            return Optional.empty();
        });
    }

    /** A truth value, also in the other ways that people write it, with or without quotes. */
    static SettingKind<Boolean> flag() {
        return new SettingKind<>("true or false", text -> switch (text.toLowerCase(Locale.ROOT).replaceAll("[\"']", "")) {
            case "true", "t", "1" -> Optional.of(true);
            case "false", "f", "0" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** Parts separated by commas, each of which matches an expression; may be empty. */
    static SettingKind<List<String>> list(String allowed, String expression) {
        Pattern pattern = Pattern.compile(expression);
        return new SettingKind<>(allowed, text -> {
            List<String> parts = text.isBlank() ? List.of() : List.of(text.trim().split("\\s*,\\s*"));
            return Optional.of(parts).filter(all -> all.stream().allMatch(part -> pattern.matcher(part).matches()));
        });
    }

    /** A regular expression, or nothing. */
    static SettingKind<String> pattern() {
        return new SettingKind<>("a regular expression of at most 500 characters, or nothing", text -> {
            try {
                Pattern.compile(text);
                return Optional.of(text).filter(t -> t.length() <= 500);
            } catch (java.util.regex.PatternSyntaxException e) {
                return Optional.empty();
            }
        });
    }

    /** Text that matches an expression. */
    static SettingKind<String> text(String allowed, String expression) {
        Pattern pattern = Pattern.compile(expression);
        return new SettingKind<>(allowed, text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()));
    }

    /** Bytes as people write them, in the largest binary unit that divides them. */
    static String sizeText(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long value = bytes;
        while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + units[unit];
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static Optional<Long> bytes(String text) {
        var matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = 10 * "BKMGT".indexOf(unit.charAt(0));
        long value = Long.parseLong(matcher.group(1));
        return value > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(value << shift);
    }

    private static Optional<Long> millis(String text) {
        var matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long factor = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        long value = Long.parseLong(matcher.group(1));
        return value > Long.MAX_VALUE / factor ? Optional.empty() : Optional.of(value * factor);
    }
}

package org.memphisee.core.wire;

/** Durations as NATS clients and servers print them: {@code 5s}, {@code 1m30s}, {@code 1.5ms}. */
public final class GoDuration {

    private static final long SECOND = 1_000_000_000L;

    private GoDuration() { }

    /** Nanoseconds, or -1 when it is no duration, is negative or exceeds a long. */
    static long parse(String text) {
        double total = 0;
        int i = 0;
        if (text.isEmpty()) {
            return -1;
        }
        while (i < text.length()) {
            int start = i;
            while (i < text.length() && (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.')) {
                i++;
            }
            int unitStart = i;
            while (i < text.length() && !Character.isDigit(text.charAt(i)) && text.charAt(i) != '.') {
                i++;
            }
            double unit = unit(text.substring(unitStart, i));
            if (unit < 0 || unitStart == start) {
                return -1;
            }
            try {
                total += Double.parseDouble(text.substring(start, unitStart)) * unit;
            } catch (NumberFormatException notANumber) {
                return -1;
            }
        }
        return total > Long.MAX_VALUE / 2.0 ? -1 : Math.round(total);
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "\u00b5s", "\u03bcs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60.0 * SECOND;
            case "h" -> 3600.0 * SECOND;
            default -> -1;
        };
    }

    /** The text for a duration that is not negative. */
    public static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return fraction(nanos, 1_000) + "\u00b5s";
        }
        if (nanos < SECOND) {
            return fraction(nanos, 1_000_000) + "ms";
        }
        long minutes = nanos / (60 * SECOND);
        String seconds = fraction(nanos % (60 * SECOND), SECOND) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String fraction(long nanos, long unit) {
        long rest = nanos % unit;
        if (rest == 0) {
            return Long.toString(nanos / unit);
        }
        String digits = Long.toString(unit + rest).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return nanos / unit + "." + digits.substring(0, end);
    }
}

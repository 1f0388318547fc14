package org.memphisee.gateway.monitor;

import java.util.function.UnaryOperator;

/** The parameters of one request, read as the reference reads them (monitoring.md 1.1). */
final class Parameters {

    static final int DEFAULT_LIMIT = 1024;
    private static final int MAX_SHOWN = 64;

    private final UnaryOperator<String> values;

    /** @param values gives the first value of a parameter, null when there is none */
    Parameters(UnaryOperator<String> values) {
        this.values = values;
    }

    /** Its text, empty when it is not there. */
    String text(String name) {
        String value = values.apply(name);
        return value == null ? "" : value;
    }

    boolean flag(String name) throws BadParameterException {
        String value = text(name);
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "", "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new BadParameterException("Error decoding boolean for '" + name + "': " + shown(value));
        };
    }

    /** A whole number; the default when it is not there. */
    long number(String name, long otherwise) throws BadParameterException {
        String value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new BadParameterException("Error decoding integer for '" + name + "': " + shown(value));
        }
    }

    /** First row to show, at least 0. */
    int offset() throws BadParameterException {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number("offset", 0)));
    }

    /** Rows to show at most, at least 1. */
    int limit() throws BadParameterException {
        long limit = number("limit", DEFAULT_LIMIT);
        return limit <= 0 ? DEFAULT_LIMIT : (int) Math.min(Integer.MAX_VALUE, limit);
    }

    private static String shown(String value) {
        String cut = value.length() > MAX_SHOWN ? value.substring(0, MAX_SHOWN) : value;
        return '"' + cut.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }
}

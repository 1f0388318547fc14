package org.memphisee.cli.server;

import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a check found.
 *
 * @param name the check
 * @param status how it is
 * @param text in words
 * @param figures measured values
 */
public record CheckResult(String name, Status status, String text, List<Figure> figures) {

    /** By the exit codes of Nagios. */
    public enum Status {
        OK(0), WARNING(1), CRITICAL(2), UNKNOWN(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** The more urgent of the two; what is not known is more urgent than a warning. */
        Status or(Status other) {
            return urgency() >= other.urgency() ? this : other;
        }

        private int urgency() {
            return switch (this) {
                case OK -> 0;
                case WARNING -> 1;
                case UNKNOWN -> 2;
                case CRITICAL -> 3;
            };
        }
    }

    /**
     * A value and its limits.
     *
     * @param unit as Nagios has it: empty, {@code %}, {@code ms}; days are without unit
     * @param warn above (or below, for what should be high) it is a warning
     * @param crit likewise critical
     */
    public record Figure(String name, double value, String unit, double warn, double crit) {

        /** How it is when the value should be low; when {@code warn > crit}, when it should be high. */
        public Status status() {
            boolean low = warn <= crit;
            if (low ? value >= crit : value <= crit) {
                return Status.CRITICAL;
            }
            return (low ? value >= warn : value <= warn) ? Status.WARNING : Status.OK;
        }
    }

    static CheckResult of(String name, String text, Figure figure) {
        return new CheckResult(name, figure.status(), text, List.of(figure));
    }

    static CheckResult of(String name, Status status, String text) {
        return new CheckResult(name, status, text, List.of());
    }

    /** With all members. */
    public ObjectNode json() {
        ObjectNode n = JsonNodeFactory.instance.objectNode().put("name", name).put("status", status.name()).put("text", text);
        var list = n.putArray("figures");
        figures.forEach(f -> list.addObject().put("name", f.name).put("value", f.value).put("unit", f.unit)
            .put("warn", f.warn).put("crit", f.crit));
        return n;
    }

    /** The most urgent status of all. */
    public static Status worst(List<CheckResult> results) {
        return results.stream().map(CheckResult::status).reduce(Status.OK, Status::or);
    }
}

package org.memphisee.cli.server;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results of checks as monitoring systems read them. */
public final class CheckText {

    private CheckText() { }

    /** One line: status, what is not well (or that all is), then the figures. */
    public static String nagios(List<CheckResult> results) {
        CheckResult.Status worst = CheckResult.worst(results);
        String text = results.stream().filter(r -> worst == CheckResult.Status.OK || r.status() != CheckResult.Status.OK)
            .map(r -> r.name() + ": " + oneLine(r.text())).collect(Collectors.joining("; "));
        String figures = results.stream().flatMap(r -> r.figures().stream().map(f -> "'" + r.name() + "_" + f.name() + "'="
            + number(f.value()) + f.unit() + ";" + range(f, f.warn()) + ";" + range(f, f.crit())))
            .collect(Collectors.joining(" "));
        return "MEMPHIS " + worst + " - " + text + (figures.isEmpty() ? "" : " | " + figures);
    }

    /** A limit as a range of Nagios: what should be high alerts below it. */
    private static String range(CheckResult.Figure figure, double limit) {
        return number(limit) + (figure.warn() > figure.crit() ? ":" : "");
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('|', '/');
    }

    /** Text format of Prometheus. */
    public static String prometheus(List<CheckResult> results) {
        StringBuilder text = new StringBuilder("# HELP memphisee_check_status 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN\n"
            + "# TYPE memphisee_check_status gauge\n");
        results.forEach(r -> text.append("memphisee_check_status{check=\"").append(r.name()).append("\"} ")
            .append(r.status().code()).append('\n'));
        if (results.stream().anyMatch(r -> !r.figures().isEmpty())) {
            text.append("# HELP memphisee_check_value what the check measured\n# TYPE memphisee_check_value gauge\n");
        }
        results.forEach(r -> r.figures().forEach(f -> text.append("memphisee_check_value{check=\"").append(r.name())
            .append("\",figure=\"").append(f.name()).append("\"} ").append(number(f.value())).append('\n')));
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3f", value);
    }
}

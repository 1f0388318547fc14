package org.memphisee.it.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Collects a crash run and writes {@code target/crash-report.md}. */
final class CrashReport {
    private final Map<String, Integer> kills = new TreeMap<>();
    private final List<Duration> readyTimes = new ArrayList<>();
    private final String subject;
    private int notReached;

    CrashReport(String subject) {
        this.subject = subject;
    }

    void killed(String how) {
        kills.merge(how, 1, Integer::sum);
    }

    /** The named point was not passed in time; the process was killed instead. */
    void notReached(String point) {
        notReached++;
        killed("random (point " + point + " not reached)");
    }

    void ready(Duration time) {
        readyTimes.add(time);
    }

    /** Writes the file and returns the summary line. */
    String write(List<StreamLedger> ledgers, Definitions definitions, List<String> violations) throws IOException {
        long acknowledged = ledgers.stream().mapToLong(StreamLedger::acknowledgedCount).sum();
        long lost = ledgers.stream().mapToLong(StreamLedger::lost).sum();
        long duplicated = ledgers.stream().mapToLong(StreamLedger::duplicated).sum();
        long redelivered = ledgers.stream().mapToLong(StreamLedger::redelivered).sum();
        int total = kills.values().stream().mapToInt(Integer::intValue).sum();
        String summary = String.format(Locale.ROOT,
                "crash: %d kills, %d messages acknowledged, %d lost, %d duplicated in the log, %d redelivered, "
                        + "%d definitions answered, %d violations, ready again after %.1f s (median), %.1f s (longest)",
                total, acknowledged, lost, duplicated, redelivered, definitions.acknowledged(), violations.size(),
                seconds(readyTimes, readyTimes.size() / 2), seconds(readyTimes, readyTimes.size() - 1));
        StringBuilder text = new StringBuilder("# Crash test\n\n").append(summary)
                .append(".\n\nSubject: ").append(subject)
                .append("\n\n## Kills\n\n| how | times |\n|---|---|\n");
        kills.forEach((how, times) -> text.append("| ").append(how).append(" | ").append(times).append(" |\n"));
        if (notReached > 0) {
            text.append("\nPoints not reached in time: ").append(notReached).append('\n');
        }
        text.append("\n## Streams\n\n| stream | acknowledged | stored | lost | duplicated | duplicate answers "
                + "| redelivered | redelivered after a double ack |\n|---|---|---|---|---|---|---|---|\n");
        for (StreamLedger ledger : ledgers) {
            text.append(String.format(Locale.ROOT, "| %s | %d | %d | %d | %d | %d | %d | %d |%n", ledger.name(),
                    ledger.acknowledgedCount(), ledger.verifiedUpTo(), ledger.lost(), ledger.duplicated(),
                    ledger.duplicateAnswers(), ledger.redelivered(), ledger.redeliveredDoubleAcks()));
        }
        text.append("\n## Violations\n\n");
        if (violations.isEmpty()) {
            text.append("None.\n");
        }
        violations.forEach(violation -> text.append("- ").append(violation).append('\n'));
        Path file = Path.of("target", "crash-report.md");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return summary;
    }

    private static double seconds(List<Duration> times, int index) {
        return times.isEmpty() ? 0 : times.stream().sorted().toList().get(index).toMillis() / 1000.0;
    }
}

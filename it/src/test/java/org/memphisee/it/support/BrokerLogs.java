package org.memphisee.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Prints the end of the brokers' logs when a test fails. Found by JUnit through {@code META-INF/services}. The logs
 * themselves stay in {@code target/brokers}.
 */
public final class BrokerLogs implements TestWatcher {
    private static final int LINES = 60;
    private static final int BROKERS = 2;
    private static final List<Path> LOGS = new ArrayList<>();

    /** The log files of a broker that is about to start. */
    static void opened(BrokerHome home) {
        synchronized (LOGS) {
            LOGS.add(home.logs());
        }
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        List<Path> last;
        synchronized (LOGS) {
            last = List.copyOf(LOGS.subList(Math.max(0, LOGS.size() - BROKERS), LOGS.size()));
        }
        for (Path logs : last) {
            for (String name : List.of("console.log", "messages.log")) {
                System.out.println(tail(context.getDisplayName(), logs.resolve(name)));
            }
        }
    }

    private static String tail(String test, Path log) {
        StringBuilder text = new StringBuilder("---- " + test + " failed; end of " + log + '\n');
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(line -> text.append(line)
                    .append('\n'));
        } catch (IOException e) {
            text.append(e);
        }
        return text.append("----").toString();
    }
}

package org.memphisee.ejb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals to a process of its own, in half a second. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pipe is not read with an end in sight
final class StopSignalsTest {

    /** Says what it is asked, and ends when its input does. */
    static final class Program {
        private Program() { }

        /** With the argument "back", gives the signals back before anything arrives. */
        public static void main(String[] arguments) throws IOException {
            StopSignals signals = StopSignals.taken(status -> System.out.println("asked " + status));
            if (List.of(arguments).contains("back")) {
                signals.close();
            }
            System.out.println("up");
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    @Test
    void shouldHearOfEachSignalInAServerOfOurs() throws Exception {
        assumeFalse(interruptIgnored(), "this build runs in the background of a shell, where Ctrl-C is ignored by all it starts");
        Process process = started(true);
        signal(process, "TERM");
        assertEquals("asked 0", line(process));
        signal(process, "INT");
        assertEquals("asked 130", line(process));
        signal(process, "TERM");
        assertEquals("asked 0", line(process));
        process.getOutputStream().close();
        assertEquals(0, ended(process));
    }

    @Test
    void shouldLeaveSignalsAloneInOtherServersAndAfterItsEnd() throws Exception {
        for (Process process : List.of(started(false), started(true, "back"))) {
            signal(process, "TERM");
            assertEquals(143, ended(process));
        }
    }

    private static Process started(boolean ours, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
            "-D" + StopSignals.PROPERTY + "=" + ours, Program.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals("up", line(process));
        return process;
    }

    private static boolean interruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring("SigIgn:".length()).trim(), 16) >> 1 & 1) == 1);
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor());
    }

    /** The next line; byte by byte, since nothing may be read ahead. */
    private static String line(Process process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; c = process.getInputStream().read()) {
            line.append((char) c);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).trim();
    }

    private static int ended(Process process) throws InterruptedException {
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return process.exitValue();
    }
}

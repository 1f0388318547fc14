package org.memphisee.gateway.monitor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

/** What the operating system says about our process. Any thread. */
public final class ProcessFigures {

    private static final long PAGE_BYTES = 4096;

    private ProcessFigures() { }

    /** Resident bytes where the system tells, else the memory the JVM has taken. */
    public static long residentBytes() {
        try {
            String statm = Files.readString(Path.of("/proc/self/statm"), StandardCharsets.US_ASCII);
            return Long.parseLong(statm.split(" ")[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException e) {
            return Runtime.getRuntime().totalMemory();
        }
    }

    /** Percent of one processor, lately. */
    static double cpuPercent() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            int processors = Runtime.getRuntime().availableProcessors();
            return Math.max(0, Math.round(system.getProcessCpuLoad() * processors * 1000) / 10.0);
        }
        return 0;
    }

    /** Processor time used so far, in seconds. */
    public static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getProcessCpuTime() / 1e9 : 0;
    }

    /** Files and sockets that are open. */
    public static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getOpenFileDescriptorCount() : 0;
    }
}

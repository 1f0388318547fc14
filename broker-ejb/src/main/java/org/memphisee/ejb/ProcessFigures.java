package org.memphisee.ejb;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

/** What the operating system says about our process. Any thread. */
public final class ProcessFigures {

    private static final String RESIDENT = "VmRSS:";

    private ProcessFigures() { }

    /** Resident bytes where the system tells, else the memory the JVM has taken. */
    public static long residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(RESIDENT)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // another system than Linux
        }
        return Runtime.getRuntime().totalMemory();
    }

    /** Percent of one processor, lately. */
    public static double cpuPercent() {
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

    /** Bytes of memory that the system, or the container we run in, has for its processes; 0 when it does not tell. */
    public static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize() : 0;
    }

    /** Files and sockets that may be open at a time; 0 when the system does not tell. */
    public static long maxFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount() : 0;
    }

    /** Files and sockets that are open. */
    public static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getOpenFileDescriptorCount() : 0;
    }
}

package org.memphisee.gateway.rest;

import java.lang.management.ManagementFactory;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import com.sun.management.OperatingSystemMXBean;

/** Figures of this process. Any thread. */
final class ProcessFigures {

    private ProcessFigures() { }

    /** Processor and memory use in percent of the machine's. */
    static Answer now() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine)) {
            return Answer.SERVER_ERROR;
        }
        Runtime runtime = Runtime.getRuntime();
        double cpu = Math.max(0, machine.getProcessCpuLoad()) * 100;
        double memory = 100.0 * (runtime.totalMemory() - runtime.freeMemory()) / Math.max(1, machine.getTotalMemorySize());
        return Answer.json(200, JsonNodeFactory.instance.objectNode().put("cpu", rounded(cpu))
            .put("memory", rounded(memory)).put("storage", 0));
    }

    private static double rounded(double percent) {
        return Math.round(percent * 100) / 100.0;
    }
}

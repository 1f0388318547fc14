package org.memphisee.gateway.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.memphisee.ejb.ProcessFigures;

/** How much of the machine this process uses. Any thread. */
final class Utilization {

    private Utilization() { }

    /** Processors and resident memory in percent of the machine's. */
    static Answer now() {
        double cpu = ProcessFigures.cpuPercent() / Runtime.getRuntime().availableProcessors();
        double memory = 100.0 * ProcessFigures.residentBytes() / Math.max(1, ProcessFigures.memoryBytes());
        return Answer.json(200, JsonNodeFactory.instance.objectNode().put("cpu", rounded(cpu))
            .put("memory", rounded(memory)).put("storage", 0));
    }

    private static double rounded(double percent) {
        return Math.round(percent * 100) / 100.0;
    }
}

package org.memphisee.cli.bench;

/**
 * What was measured.
 *
 * @param mode the load
 * @param messages messages in the measured time
 * @param seconds the measured time
 * @param size bytes of a payload
 * @param times what each took, empty where nothing of the kind is measured
 * @param late how late this program itself sent, where messages have times when they are due
 * @param cpuSeconds processor time of this program while it was measured
 */
public record Outcome(String mode, long messages, double seconds, int size, Times times, Times late, double cpuSeconds) {

    public double rate() {
        return seconds > 0 ? messages / seconds : 0;
    }

    /** Share of one core that this program used: near the number of cores it measures itself. */
    public double busy() {
        return seconds > 0 ? cpuSeconds / seconds : 0;
    }
}

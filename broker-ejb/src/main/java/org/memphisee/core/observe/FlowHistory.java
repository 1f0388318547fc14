package org.memphisee.core.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much went through the broker lately, kept whether anybody looks or not: the last quarter of an hour by the second,
 * six hours by ten seconds, a week by the minute. Takes 580 KB, never more. Forgets with the process. Thread-safe.
 */
public final class FlowHistory {

    /** How finely something is kept, and for how long. */
    public enum Step {
        /** For 15 minutes. */
        SECOND(1, 900),
        /** For 6 hours. */
        TEN_SECONDS(10, 2_160),
        /** For 7 days. */
        MINUTE(60, 10_080);

        private final int seconds;
        private final int slots;

        Step(int seconds, int slots) {
            this.seconds = seconds;
            this.slots = slots;
        }

        /** Length of one step. */
        public int seconds() {
            return seconds;
        }

        /** How far back it is kept, in milliseconds. */
        public long reachMillis() {
            return 1_000L * seconds * slots;
        }
    }

    /**
     * Counters since the start.
     *
     * @param stored messages that were stored
     * @param delivered deliveries of stored messages
     * @param inBytes bytes from clients
     * @param outBytes bytes to clients
     */
    public record Flow(long stored, long delivered, long inBytes, long outBytes) {

        private double[] since(Flow before) {
            double[] amounts = {stored - before.stored, delivered - before.delivered, inBytes - before.inBytes,
                outBytes - before.outBytes};
            for (int i = 0; i < amounts.length; i++) {
                amounts[i] = Math.max(0, amounts[i]); // a counter that began anew
            }
            return amounts;
        }
    }

    /**
     * One step.
     *
     * @param atMillis its beginning, since the epoch
     * @param stored messages per second
     * @param delivered messages per second
     * @param inBytes bytes per second
     * @param outBytes bytes per second
     */
    public record Point(long atMillis, double stored, double delivered, double inBytes, double outBytes) { }

    private static final int METRICS = 4;
    /** A pause that is longer was a sleep of the machine or a clock that was put right: nothing is known of it. */
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final List<Ring> rings = Arrays.stream(Step.values()).map(Ring::new).toList();
    private Flow last;
    private long lastMillis;

    /**
     * Counters as they are now; to be called about once a second. What came since the last time is spread evenly over the
     * time between, so that a sampler that was late leaves no gap and no peak.
     *
     * @param atMillis now, since the epoch
     */
    public synchronized void sample(long atMillis, Flow now) {
        long took = atMillis - lastMillis;
        if (last != null && took > 0 && took <= LONGEST_PAUSE_MILLIS) {
            double[] amounts = now.since(last);
            for (long from = lastMillis; from < atMillis;) {
                long to = Math.min(atMillis, (from / 1_000 + 1) * 1_000);
                double share = (double) (to - from) / took;
                for (Ring ring : rings) {
                    ring.add(from, to - from, amounts, share);
                }
                from = to;
            }
        }
        last = now;
        lastMillis = atMillis;
    }

    /**
     * What is known of a time, the oldest first. Steps of which nothing is known are left out; the one that has not ended
     * yet is too.
     */
    public synchronized List<Point> points(Step step, long fromMillis, long toMillis) {
        return rings.get(step.ordinal()).points(fromMillis, Math.min(toMillis, lastMillis));
    }

    /** Steps of one length; a slot belongs to the step that used it last. */
    private static final class Ring {
        private final long stepMillis;
        private final long[] number;
        private final float[] coveredMillis;
        private final double[][] amounts;

        private Ring(Step step) {
            stepMillis = 1_000L * step.seconds;
            number = new long[step.slots];
            Arrays.fill(number, Long.MIN_VALUE);
            coveredMillis = new float[step.slots];
            amounts = new double[METRICS][step.slots];
        }

        private void add(long atMillis, long tookMillis, double[] of, double share) {
            long step = Math.floorDiv(atMillis, stepMillis);
            int slot = slot(step);
            if (number[slot] != step) {
                number[slot] = step;
                coveredMillis[slot] = 0;
                for (double[] metric : amounts) {
                    metric[slot] = 0;
                }
            }
            coveredMillis[slot] += tookMillis;
            for (int i = 0; i < METRICS; i++) {
                amounts[i][slot] += of[i] * share;
            }
        }

        private List<Point> points(long fromMillis, long toMillis) {
            List<Point> found = new ArrayList<>();
            long ended = Math.floorDiv(toMillis, stepMillis);
            for (long step = Math.max(Math.floorDiv(fromMillis, stepMillis), ended - number.length); step < ended; step++) {
                int slot = slot(step);
                if (number[slot] == step && coveredMillis[slot] > 0) {
                    double seconds = coveredMillis[slot] / 1_000.0;
                    found.add(new Point(step * stepMillis, amounts[0][slot] / seconds, amounts[1][slot] / seconds,
                        amounts[2][slot] / seconds, amounts[3][slot] / seconds));
                }
            }
            return found;
        }

        private int slot(long step) {
            return (int) Math.floorMod(step, (long) number.length);
        }
    }
}

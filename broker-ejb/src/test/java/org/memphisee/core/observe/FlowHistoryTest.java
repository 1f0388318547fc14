package org.memphisee.core.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.observe.FlowHistory.Flow;
import org.memphisee.core.observe.FlowHistory.Point;
import org.memphisee.core.observe.FlowHistory.Step;

class FlowHistoryTest {

    private static final long BEGIN = 1_795_000_000_000L - 1_795_000_000_000L % 60_000;

    private final FlowHistory history = new FlowHistory();

    private void sample(long millis, long stored) {
        history.sample(BEGIN + millis, new Flow(stored, 2 * stored, 10 * stored, 20 * stored));
    }

    private List<Point> points(Step step, long from, long to) {
        return history.points(step, BEGIN + from, BEGIN + to);
    }

    @Test
    void shouldTellRatesOfEachSecondAndWholeStepsOnly() {
        sample(0, 0);
        sample(1_000, 5);
        sample(2_000, 5);
        sample(3_500, 50);
        assertEquals(List.of(new Point(BEGIN, 5, 10, 50, 100), new Point(BEGIN + 1_000, 0, 0, 0, 0),
            new Point(BEGIN + 2_000, 30, 60, 300, 600)), points(Step.SECOND, 0, 10_000));
        assertEquals(List.of(), points(Step.TEN_SECONDS, 0, 10_000), "ten seconds are not over");
    }

    @Test
    void shouldSpreadWhatALateLookFound() {
        sample(0, 0);
        sample(5_000, 50);
        assertEquals(List.of(10.0, 10.0, 10.0, 10.0, 10.0),
            points(Step.SECOND, 0, 5_000).stream().map(Point::stored).toList());
    }

    @Test
    void shouldKnowNothingOfALongSleepAndOfAClockThatWentBack() {
        sample(0, 0);
        sample(1_000, 1);
        sample(3_600_000, 100_000);
        sample(3_601_000, 100_002);
        assertEquals(List.of(BEGIN + 3_600_000), points(Step.SECOND, 2_000, 3_700_000).stream().map(Point::atMillis).toList());
        sample(1_800_000, 100_003);
        sample(1_801_000, 100_007);
        assertEquals(List.of(new Point(BEGIN + 1_800_000, 4, 8, 40, 80)), points(Step.SECOND, 1_500_000, 3_700_000));
    }

    @Test
    void shouldCountFromNothingAgainWhenACounterBeganAnew() {
        sample(0, 1_000);
        sample(1_000, 3);
        sample(2_000, 5);
        assertEquals(List.of(0.0, 2.0), points(Step.SECOND, 0, 2_000).stream().map(Point::stored).toList());
    }

    /** A week in which every second has a message: each step says one a second, as far back as it reaches. */
    @Test
    void shouldKeepAQuarterOfAnHourSixHoursAndAWeek() {
        long week = 7 * 24 * 3_600L;
        for (long second = 0; second <= week + 3_600; second++) {
            sample(1_000 * second, second);
        }
        long end = 1_000 * (week + 3_600);
        for (Step step : Step.values()) {
            List<Point> known = points(step, 0, end);
            assertEquals(step.reachMillis() / 1_000 / step.seconds(), known.size(), step.name());
            assertEquals(BEGIN + end - step.reachMillis(), known.get(0).atMillis(), step.name());
            assertTrue(known.stream().allMatch(point -> Math.abs(point.stored() - 1) < 1e-9), step.name());
        }
        assertEquals(7 * 24 * 3_600_000L, Step.MINUTE.reachMillis());
    }
}

package org.memphisee.core.letters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.letters.LetterGroup.Again;

class RetryPolicyTest {

    private static final long SECOND = 1_000_000_000L;
    private static final LetterGroup GIVEN_UP = LetterGroup.of("g", LetterGroup.Cause.TERMINATED, 1, "why", 7, true);

    private final RetryPolicy policy = new RetryPolicy(List.of(1_000L, 60_000L), 4);

    @Test
    void shouldWaitLongerFromAttemptToAttemptUntilTheLast() {
        LetterGroup g = policy.begin(GIVEN_UP, 100 * SECOND);
        assertEquals(Again.BY_ITSELF, g.again());
        assertEquals(101 * SECOND, g.dueNanos());
        g = policy.tried(g, 200 * SECOND, SECOND);
        assertEquals(260 * SECOND, g.dueNanos());
        g = policy.tried(g, 300 * SECOND, SECOND);
        assertEquals(360 * SECOND, g.dueNanos(), "the last delay counts for all that follow");
        g = policy.tried(g, 400 * SECOND, 90 * SECOND);
        assertEquals(490 * SECOND, g.dueNanos(), "not before the member's time is over");
        assertTrue(g.resending());
        g = policy.tried(g, 500 * SECOND, SECOND);
        assertEquals(Again.FINAL, g.again());
        assertEquals(4, g.attempts());
        assertFalse(g.resending());
        assertEquals("why", g.reason());
    }

    @Test
    void shouldDoNothingWithoutDelays() {
        assertEquals(GIVEN_UP, RetryPolicy.NONE.begin(GIVEN_UP, 1));
        assertTrue(RetryPolicy.NONE.none());
    }

    @Test
    void shouldTakeOverWhatAnotherPolicyBegan() {
        LetterGroup g = policy.tried(policy.begin(GIVEN_UP, 0), 0, 0);
        assertEquals(g, new RetryPolicy(List.of(5L), 2).adopted(g));
        assertEquals(Again.FINAL, new RetryPolicy(List.of(5L), 1).adopted(g).again());
        assertEquals(Again.NO, RetryPolicy.NONE.adopted(g).again());
        assertEquals(GIVEN_UP.byHand(), RetryPolicy.NONE.adopted(GIVEN_UP.byHand()), "people's wishes are theirs");
        assertEquals(GIVEN_UP, policy.adopted(GIVEN_UP), "what was there before is left to people");
    }
}

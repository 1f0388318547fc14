package org.memphisee.core.integrations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Outcome;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.core.time.TestClock;
import org.memphisee.core.time.TimedLoop;

/** On a clock that moves when told, without threads. */
class AlertQueueTest {

    private static final long SECOND = 1_000_000_000L;

    private final TestClock clock = new TestClock();
    private final TimedLoop loop = new TimedLoop(clock);
    private final Deque<Answer> planned = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private final List<Outcome> heard = new ArrayList<>();
    private CompletableFuture<Answer> open;
    private boolean holding;
    private Target target = new Target("", "xoxb-secret", "C1");
    private final Messenger messenger = new Messenger() {
        @Override
        public CompletableFuture<Answer> check(Target to) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public CompletableFuture<Answer> send(Target to, String title, String text, String link) {
            assertTrue(open == null || open.isDone(), "one at a time");
            sent.add((clock.now - 1_000 * SECOND) / SECOND + " " + text);
            open = new CompletableFuture<>();
            if (!holding) {
                open.complete(planned.isEmpty() ? Answer.DONE : planned.poll());
            }
            return open;
        }
    };
    private final AlertQueue queue = new AlertQueue(loop, clock, messenger, () -> target, answer -> heard.add(answer.outcome()));

    private void add(String text) {
        queue.add("title", text, "");
        settle();
    }

    private void settle() {
        for (int i = 0; i < 10; i++) {
            loop.turn();
        }
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.now += SECOND;
            settle();
        }
    }

    private void plan(int times, Outcome outcome, String reason, long wait) {
        for (int i = 0; i < times; i++) {
            planned.add(new Answer(outcome, reason, wait));
        }
    }

    @Test
    void shouldSendOneASecondInTheirOrder() {
        add("a");
        add("b");
        add("c");
        assertEquals(List.of("0 a"), sent);
        pass(5);
        assertEquals(List.of("0 a", "1 b", "2 c"), sent);
        assertEquals(3, queue.state().sent());
        assertEquals(0, queue.state().waiting());
        assertEquals(clock.wallNanos() - 3 * SECOND, queue.state().lastSentNanos());
    }

    /** F-147. */
    @Test
    void shouldWaitAsLongAsTheServiceWishesAndThenLoseNothing() {
        plan(1, Outcome.LIMITED, "too many messages", 7 * SECOND);
        add("a");
        add("b");
        pass(6);
        assertEquals(List.of("0 a"), sent);
        pass(3);
        assertEquals(List.of("0 a", "7 a", "8 b"), sent);
        assertEquals("too many messages", queue.state().lastError());
        assertEquals(0, queue.state().dropped());
    }

    @Test
    void shouldNotWaitForeverBecauseAServiceSaysSo() {
        plan(1, Outcome.LIMITED, "x", Long.MAX_VALUE);
        add("a");
        pass(600);
        assertEquals(List.of("0 a", "600 a"), sent);
    }

    @Test
    void shouldPauseLongerAfterEachFailureAndGiveUpAfterTenTries() {
        plan(10, Outcome.FAILED, "status 500", 0);
        add("a");
        add("b");
        pass(400);
        assertEquals(List.of("0 a", "2 a", "6 a", "14 a", "30 a", "62 a", "122 a", "182 a", "242 a", "302 a", "362 b"), sent);
        assertEquals(1, queue.state().dropped());
        assertEquals(1, queue.state().sent());
        assertEquals(0, queue.state().waiting());
    }

    @Test
    void shouldGiveUpAtOnceWhatTheServiceWillNeverTake() {
        plan(1, Outcome.BAD_TOKEN, "invalid_auth", 0);
        plan(1, Outcome.BAD_CHANNEL, "is_archived", 0);
        plan(1, Outcome.FORBIDDEN, "private", 0);
        add("a");
        add("b");
        add("c");
        add("d");
        pass(4);
        assertEquals(List.of("0 a", "1 b", "2 c", "3 d"), sent);
        assertEquals(3, queue.state().dropped());
        assertEquals(List.of(Outcome.BAD_TOKEN, Outcome.BAD_CHANNEL, Outcome.FORBIDDEN, Outcome.DONE), heard);
    }

    @Test
    void shouldCountOnlyWhatComesWhileTooManyWait() {
        holding = true;
        for (int i = 0; i < AlertQueue.MOST + 500; i++) {
            add("x");
        }
        assertEquals(AlertQueue.MOST, queue.state().waiting());
        assertEquals(500, queue.state().dropped());
        holding = false;
        open.complete(Answer.DONE);
        pass(AlertQueue.MOST);
        assertEquals(AlertQueue.MOST, queue.state().sent());
        add("y");
        assertEquals(1, queue.state().waiting() + sent.stream().filter(s -> s.endsWith("y")).count());
    }

    @Test
    void shouldDropWhatWaitsWhenNobodyIsToBeToldAnyMore() {
        holding = true;
        add("a");
        add("b");
        target = null;
        open.complete(Answer.DONE);
        pass(2);
        assertEquals(1, sent.size());
        assertEquals(1, queue.state().dropped());
        assertEquals(0, queue.state().waiting());
    }

    @Test
    void shouldSurviveAMessengerThatFails() {
        holding = true;
        add("a");
        holding = false;
        open.completeExceptionally(new IllegalStateException("secret"));
        settle();
        pass(2);
        assertEquals(List.of("0 a", "2 a"), sent);
        assertEquals("an internal error", queue.state().lastError());
    }
}

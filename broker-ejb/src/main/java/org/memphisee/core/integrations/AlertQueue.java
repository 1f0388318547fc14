package org.memphisee.core.integrations;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.memphisee.core.integrations.IntegrationView.State;
import org.memphisee.core.integrations.Messenger.Answer;
import org.memphisee.core.integrations.Messenger.Outcome;
import org.memphisee.core.integrations.Messenger.Target;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.TimedLoop;

/**
 * Alerts on their way out (features.md 7.6): one after the other, at most one a second, each up to {@value #TRIES} times. The service's
 * wish to wait is kept, a failure is followed by a pause that doubles. At most {@value #MOST} wait; what comes then is
 * counted only. Nothing is kept over a restart.
 */
final class AlertQueue {

    /** Alerts that may wait: some 2 MB at most. */
    static final int MOST = 1_000;
    /** Tries of one alert. */
    static final int TRIES = 10;
    /** Time between two messages; what Slack allows for a channel. */
    static final long PACE_NANOS = 1_000_000_000L;
    /** The longest pause after a failure. */
    static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;
    /** The longest that a service may make us wait. */
    static final long LONGEST_WAIT_NANOS = 600_000_000_000L;

    /** A message that is to be sent. */
    private static final class Item {
        private final String title;
        private final String text;
        private final String link;
        private int tries;

        private Item(String title, String text, String link) {
            this.title = title;
            this.text = text;
            this.link = link;
        }
    }

    private final TimedLoop loop;
    private final BrokerClock clock;
    private final Messenger messenger;
    private final Supplier<Target> target;
    private final Consumer<Answer> answers;
    private final Deque<Item> items = new ArrayDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile long lastSent;
    private volatile String lastError = "";
    private boolean sending;
    private boolean timer;
    private long notBefore;

    /**
     * A queue in which nothing waits.
     *
     * @param loop on which it works
     * @param target whom to send to; null for nobody: then what waits is dropped
     * @param answers told of each answer, on the loop
     */
    AlertQueue(TimedLoop loop, BrokerClock clock, Messenger messenger, Supplier<Target> target, Consumer<Answer> answers) {
        this.loop = loop;
        this.clock = clock;
        this.messenger = messenger;
        this.target = target;
        this.answers = answers;
        this.notBefore = clock.nowNanos();
    }

    /** Adds a message. Any thread. */
    void add(String title, String text, String link) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        Item item = new Item(title, text, link);
        loop.execute(() -> {
            items.addLast(item);
            next();
        });
    }

    /** What went through. Any thread. */
    State state() {
        return new State(sent.sum(), waiting.get(), dropped.sum(), lastSent, lastError);
    }

    // ---- loop

    /** Looks what is to be done; also when the target has changed. */
    void next() {
        if (sending || items.isEmpty()) {
            return;
        }
        Target to = target.get();
        if (to == null) {
            items.forEach(item -> drop());
            items.clear();
            return;
        }
        long pause = notBefore - clock.nowNanos();
        if (pause > 0) {
            if (!timer) {
                timer = true;
                loop.after(pause, () -> {
                    timer = false;
                    next();
                });
            }
            return;
        }
        Item item = items.peekFirst();
        item.tries++;
        sending = true;
        CompletableFuture<Answer> answer = messenger.send(to, item.title, item.text, item.link);
        answer.whenComplete((done, failure) -> loop.execute(() -> ended(item,
            done != null ? done : Answer.of(Outcome.FAILED, "an internal error"))));
    }

    private void ended(Item item, Answer answer) {
        sending = false;
        long now = clock.nowNanos();
        switch (answer.outcome()) {
            case DONE -> {
                items.remove(item);
                waiting.decrementAndGet();
                sent.increment();
                lastSent = clock.wallNanos();
                notBefore = now + PACE_NANOS;
            }
            case LIMITED -> again(item, now + Math.max(PACE_NANOS, Math.min(answer.waitNanos(), LONGEST_WAIT_NANOS)));
            case FAILED -> again(item, now + Math.min(PACE_NANOS << item.tries, LONGEST_PAUSE_NANOS));
            case BAD_TOKEN, BAD_CHANNEL, FORBIDDEN -> {
                items.remove(item);
                drop();
                notBefore = now + PACE_NANOS;
            }
        }
        if (answer.outcome() != Outcome.DONE) {
            lastError = answer.reason();
        }
        answers.accept(answer);
        next();
    }

    private void again(Item item, long at) {
        notBefore = at;
        if (item.tries >= TRIES) {
            items.remove(item);
            drop();
        }
    }

    private void drop() {
        waiting.decrementAndGet();
        dropped.increment();
    }
}

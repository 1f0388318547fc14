package org.memphisee.ra.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.memphisee.client.Delivery;
import org.memphisee.client.GroupFeed;
import org.memphisee.client.GroupSpec;

/**
 * Tells the broker what became of messages: acknowledged, again later, or given up. While the connection is lost the words wait
 * for the next one, as long as the broker would listen to them. Thread-safe.
 */
final class Settlement {

    private static final Logger LOG = System.getLogger(Settlement.class.getName());
    private static final byte[] ACKNOWLEDGED = {};
    private static final byte[] AGAIN_NOW = "-NAK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GIVEN_UP = "+TERM".getBytes(StandardCharsets.US_ASCII);
    /** Words that wait for a connection; more are dropped, their messages come again. */
    private static final int MOST_LATE = 20_000;

    private record Late(Delivery delivery, byte[] words) { }

    private final GroupSpec group;
    private final RedeliveryDelay delay;
    private final ActivationFigures figures;
    private final long ackWaitNanos;
    private final List<Late> late = new ArrayList<>();
    private GroupFeed feed;

    Settlement(GroupSpec group, RedeliveryDelay delay, ActivationFigures figures) {
        this.group = group;
        this.delay = delay;
        this.figures = figures;
        ackWaitNanos = TimeUnit.MILLISECONDS.toNanos(group.ackWaitMillis());
    }

    /** There is a connection again: says what waited. */
    synchronized void connected(GroupFeed to) {
        feed = to;
        long now = System.nanoTime();
        for (Late words : late) {
            if (now - words.delivery.touchedAt() < ackWaitNanos) {
                to.settleEarlier(words.delivery, words.words);
            }
        }
        late.clear();
    }

    /** The connection is lost. */
    synchronized void disconnected() {
        feed = null;
    }

    /** What waits for a connection was of a group that is gone. */
    synchronized void voided() {
        feed = null;
        late.clear();
    }

    void handled(List<Delivery> messages) {
        figures.acknowledged.add(messages.size());
        settle(messages, ACKNOWLEDGED);
    }

    /** They come again at once, here or elsewhere. */
    void returned(List<Delivery> messages) {
        settle(messages, AGAIN_NOW);
    }

    /** An attempt failed: later again, or given up when it was the last. */
    void failed(List<Delivery> messages, Outcome.Failed outcome) {
        figures.failed.add(messages.size());
        for (Delivery message : messages) {
            if (message.withdrawn()) {
                continue;
            }
            if (message.attempt() < group.maxDeliveries()) {
                long millis = delay.afterMillis(message.attempt());
                LOG.log(Level.DEBUG, "{0} of station {1} failed in group {2}, again in {3} ms: {4}", message,
                    group.station(), group.group(), millis, outcome.text());
                settle(List.of(message), ("-NAK {\"delay\":" + TimeUnit.MILLISECONDS.toNanos(millis) + "}")
                    .getBytes(StandardCharsets.US_ASCII));
            } else {
                giveUp(message, outcome.text());
            }
        }
    }

    private void giveUp(Delivery message, String why) {
        figures.exhausted.increment();
        LOG.log(Level.WARNING, "RA0207 Message {0} of station {1} (partition {2}) is given up in group {3} after {4} "
            + "deliveries: {5}", Long.toString(message.sequence()), group.station(),
            Integer.toString(message.partition()), group.group(), Integer.toString(message.attempt()), why);
        settle(List.of(message), GIVEN_UP);
        GroupFeed current;
        synchronized (this) {
            current = feed;
        }
        if (current != null) {
            current.report(message, why);
        }
    }

    private void settle(List<Delivery> all, byte[] words) {
        // of a group that is gone: a new one with its name would take the words for its own messages
        List<Delivery> messages = all.stream().noneMatch(Delivery::withdrawn) ? all
            : all.stream().filter(m -> !m.withdrawn()).toList();
        if (messages.isEmpty()) {
            return;
        }
        GroupFeed current;
        synchronized (this) {
            current = feed != null && feed.session().open() ? feed : null;
            if (current == null) {
                for (Delivery message : messages) {
                    if (late.size() < MOST_LATE) {
                        late.add(new Late(message, words));
                    }
                }
                return;
            }
        }
        current.settle(messages, words);
    }
}

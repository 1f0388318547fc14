package org.memphisee.core.notices;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

import org.memphisee.core.time.BrokerClock;

/**
 * Alerts about messages, of each station and kind at most one a minute: the first goes on at once, what comes in the minute
 * after it is one alert with a count. A flood is told of, and hides nothing of other stations. Alerts of other kinds go on as
 * they come. Any thread; nothing waits.
 */
public final class PacedAlerts implements Alerts {

    /** Time between two alerts of a kind about a station. */
    static final long PACE_NANOS = 60_000_000_000L;
    /** Stations and kinds that are told apart; what clients name beyond that is paced together. */
    static final int MOST = 1_000;
    private static final int MOST_TEXT = 900;

    private record Key(Alert.Kind kind, String station) { }

    private static final class Paced {
        private long toldNanos;
        private long waiting;
        private Alert latest;
    }

    private final Alerts to;
    private final BrokerClock clock;
    private final Map<Key, Paced> told = new HashMap<>();

    /** None yet; {@code to} is told of what goes on. */
    public PacedAlerts(Alerts to, BrokerClock clock) {
        this.to = to;
        this.clock = clock;
    }

    @Override
    public void raise(Alert alert) {
        raise(alert, 1);
    }

    /** Raises an alert that stands for so many things of its kind, of which it describes the last one. */
    public void raise(Alert alert, long count) {
        if (alert.kind() == Alert.Kind.DISCONNECTION) {
            to.raise(alert);
            return;
        }
        synchronized (told) {
            Key key = new Key(alert.kind(), alert.station());
            Paced paced = told.get(key);
            if (paced == null && told.size() >= MOST) {
                key = new Key(alert.kind(), "");
                paced = told.get(key);
            }
            if (paced != null) {
                paced.waiting += count;
                paced.latest = alert;
                return;
            }
            paced = new Paced();
            paced.toldNanos = clock.nowNanos();
            told.put(key, paced);
            to.raise(counted(alert, count));
        }
    }

    /** Raises what has waited for its minute to end; to be called about every second. */
    public void look() {
        long now = clock.nowNanos();
        synchronized (told) {
            for (Iterator<Paced> each = told.values().iterator(); each.hasNext();) {
                Paced paced = each.next();
                if (now - paced.toldNanos < PACE_NANOS) {
                    continue;
                }
                if (paced.waiting == 0) {
                    each.remove();
                } else {
                    to.raise(counted(paced.latest, paced.waiting));
                    paced.waiting = 0;
                    paced.toldNanos = now;
                }
            }
        }
    }

    private static Alert counted(Alert alert, long count) {
        if (count == 1) {
            return alert;
        }
        String text = alert.text().length() <= MOST_TEXT ? alert.text() : alert.text().substring(0, MOST_TEXT) + '…';
        return new Alert(alert.kind(), alert.station(), text + " (and " + (count - 1) + " more)", alert.detail(),
            alert.deadLetter());
    }
}

package org.memphisee.dashboard.api;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down who guesses passwords. Wrong logins are counted per address and user name, and per address; each counter
 * forgives with time. Right logins count for nothing, and no address can use up another one's tries. The number of
 * counters is bounded: the ones untouched for longest go first. Thread-safe.
 */
final class LoginLimiter {

    private static final int MAX_COUNTERS = 8_192;
    /** Longer names are counted by their beginning. */
    private static final int MAX_NAME = 64;

    private static final double TRIES_FOR_USER = 10;
    private static final double FORGIVEN_FOR_USER = 1.0 / 30;
    private static final double TRIES_FOR_ADDRESS = 60;
    private static final double FORGIVEN_FOR_ADDRESS = 1.0 / 5;

    private static final class Counter {
        private double wrong;
        private long atMillis;
    }

    private final LongSupplier millis;
    private final LinkedHashMap<String, Counter> counters = new LinkedHashMap<>(64, 0.75f, true);

    LoginLimiter(LongSupplier millis) {
        this.millis = millis;
    }

    /** Seconds until this address may try to sign in as this user; 0 when it may at once. */
    synchronized long waitSeconds(String address, String user) {
        return Math.max(wait(userKey(address, user), TRIES_FOR_USER, FORGIVEN_FOR_USER),
            wait(network(address), TRIES_FOR_ADDRESS, FORGIVEN_FOR_ADDRESS));
    }

    /** Counts a wrong login. */
    synchronized void failed(String address, String user) {
        count(userKey(address, user), FORGIVEN_FOR_USER);
        count(network(address), FORGIVEN_FOR_ADDRESS);
        Iterator<Map.Entry<String, Counter>> oldest = counters.entrySet().iterator();
        while (counters.size() > MAX_COUNTERS) {
            oldest.next();
            oldest.remove();
        }
    }

    synchronized int size() {
        return counters.size();
    }

    private long wait(String key, double tries, double forgiven) {
        Counter counter = counters.get(key);
        if (counter == null) {
            return 0;
        }
        double over = decayed(counter, forgiven) + 1 - tries;
        return over <= 0 ? 0 : (long) Math.ceil(over / forgiven);
    }

    private void count(String key, double forgiven) {
        Counter counter = counters.computeIfAbsent(key, k -> new Counter());
        counter.wrong = decayed(counter, forgiven) + 1;
        counter.atMillis = millis.getAsLong();
    }

    private double decayed(Counter counter, double forgiven) {
        return Math.max(0, counter.wrong - (millis.getAsLong() - counter.atMillis) / 1000.0 * forgiven);
    }

    private static String userKey(String address, String user) {
        String name = user.toLowerCase(Locale.ROOT);
        return network(address) + " " + name.substring(0, Math.min(MAX_NAME, name.length()));
    }

    /** One household has a whole network of IPv6 addresses. */
    private static String network(String address) {
        String[] groups = address.split(":", -1);
        if (groups.length < 3) {
            return address;
        }
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < 4 && i < groups.length && !(groups[i].isEmpty() && i > 0); i++) {
            network.append(groups[i]).append(':');
        }
        return network.toString();
    }
}

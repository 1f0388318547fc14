package org.memphisee.net.http;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;

/**
 * The connections of an HTTP port. Looks at all of them once a second for those whose time is over: setting a deadline
 * is then one write, and a request needs no timer. Thread-safe.
 */
public final class HttpConnections {

    private static final long LOOK_MILLIS = 1_000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    private final int max;
    private final Clock clock;
    private final Future<?> looking;
    private volatile String date;
    private volatile boolean closing;

    /**
     * None yet.
     *
     * @param max how many there may be
     * @param loops their event loops, one of which looks for those whose time is over
     * @param clock for the date in answers
     */
    public HttpConnections(int max, EventLoopGroup loops, Clock clock) {
        this.max = max;
        this.clock = clock;
        this.date = now();
        this.looking = loops.next().scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether one more would be too many; several loops that ask at once may overshoot by one each. */
    boolean full() {
        return open.size() >= max;
    }

    /** Value of the header {@code Date}. */
    String date() {
        return date;
    }

    void opened(HttpConnection connection) {
        open.add(connection);
        if (closing) { // accepted while close() was already going through the connections
            connection.finishLater();
        }
    }

    void ended(HttpConnection connection) {
        open.remove(connection);
        if (closing && open.isEmpty()) {
            synchronized (open) {
                open.notifyAll();
            }
        }
    }

    /** Whether each connection ends with the answer at hand. True before every connection has heard of it. */
    boolean closing() {
        return closing;
    }

    /** Lets requests that are being answered end, and no others begin. */
    public void finish() {
        closing = true;
        open.forEach(HttpConnection::finishLater);
    }

    /** After {@link #finish()}: waits that long for them, then drops what is left. */
    public void close(long drainMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis);
        boolean interrupted = false;
        synchronized (open) {
            for (long left = drainMillis; !open.isEmpty() && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
                try {
                    open.wait(left);
                } catch (InterruptedException e) { // the container interrupts its threads when it stops
                    interrupted = true;
                }
            }
        }
        looking.cancel(false);
        open.forEach(HttpConnection::dropLater);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        date = now();
        long now = System.nanoTime();
        open.forEach(connection -> connection.look(now));
    }

    private String now() {
        return DATE.format(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
    }
}

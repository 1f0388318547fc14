package org.memphisee.net;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All clients of a listener, whichever door they came through. Thread-safe. */
public final class Connections {

    private final NetCounters counters;
    private final int max;
    private final AtomicLong lastClientId = new AtomicLong();
    private final AtomicInteger arriving = new AtomicInteger();
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final ClosedConnections closed = new ClosedConnections();
    private final Object allEnded = new Object();
    private volatile boolean leaving;
    private volatile boolean closing;

    /**
     * None yet.
     *
     * @param max how many there may be
     */
    public Connections(NetCounters counters, int max) {
        this.counters = counters;
        this.max = max;
    }

    /** A number for the next client. */
    public long nextClientId() {
        return lastClientId.incrementAndGet();
    }

    /** What a monitor shows of those that are open. */
    public List<ConnectionFigures> figures() {
        return open.stream().map(ClientConnection::figures).toList();
    }

    /** What a monitor shows of those that ended lately. */
    public List<ConnectionFigures> closedFigures() {
        return closed.all();
    }

    /** How many are open. */
    public int size() {
        return open.size();
    }

    /** Whether one more would be too many; several threads that ask at once may overshoot by one each. */
    public boolean full() {
        return open.size() + arriving.get() >= max;
    }

    /** A socket that is no client yet. */
    public void arriving() {
        arriving.incrementAndGet();
    }

    /** It became one, or went away. */
    public void arrived() {
        arriving.decrementAndGet();
    }

    void opened(ClientConnection connection) {
        open.add(connection);
        counters.opened();
        if (leaving) {
            connection.tellLeaving();
        }
        if (closing) { // accepted while close() was already going through the connections
            connection.shutDown();
        }
    }

    void ended(ClientConnection connection, ConnectionFigures figures) {
        if (!open.remove(connection)) {
            return;
        }
        closed.add(figures);
        counters.closed();
        if (closing && open.isEmpty()) {
            synchronized (allEnded) {
                allEnded.notifyAll();
            }
        }
    }

    /** Tells all clients, and those that come yet, that this server is about to stop. */
    public void leave() {
        leaving = true;
        open.forEach(ClientConnection::tellLeaving);
    }

    /** Has so many clients go, those first that did not have to yet. */
    public void dismiss(int most) {
        int left = most;
        for (ClientConnection connection : open) {
            if (left == 0) {
                return;
            }
            left -= connection.dismiss() ? 1 : 0;
        }
    }

    /** Ends all sessions, waits that long for what is still to be written, then drops what is left. */
    public void close(long drainMillis) {
        closing = true;
        open.forEach(ClientConnection::shutDown);
        awaitEnd(drainMillis);
        open.forEach(ClientConnection::dropLater);
    }

    private void awaitEnd(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        boolean interrupted = false;
        synchronized (allEnded) {
            long left = millis;
            while (!open.isEmpty() && left > 0) {
                try {
                    allEnded.wait(left);
                } catch (InterruptedException e) { // the container interrupts its threads when it stops
                    interrupted = true;
                }
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jgroups.util.ThreadFactory;

/**
 * Lets in only who has shown that it is a node, or at least says something. JGroups reads the greeting of a connection on the one
 * thread that accepts; so whoever connects and is silent, or is slow with TLS, would keep all others out. Here they wait beside:
 * a bounded number, for a bounded time.
 */
final class ClusterDoor extends ServerSocket {

    /** How long somebody may take to greet, TLS included. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Who is silent for so long is not there. Nodes that are send something each 100 ms. */
    static final int READ_MILLIS = 5_000;
    private static final int POLL_MILLIS = 5;
    private static final int IDLE_MILLIS = 200;
    /** A cookie, two numbers, and at least an IPv4 address with its port. */
    private static final int GREETING = 4 + 2 + 2 + 1 + 4 + 2;

    private final Supplier<SSLContext> tls;
    private final ThreadFactory threads;
    private final int mostWaiting;
    private final int mostOpen;
    private final BlockingQueue<Socket> ready = new LinkedBlockingQueue<>();
    /** Only the door's thread touches these two. */
    private final ArrayDeque<Guest> waiting = new ArrayDeque<>();
    private final List<Socket> inside = new ArrayList<>();
    private boolean started;

    /** Somebody who has not greeted yet. */
    private static final class Guest {
        private final Socket raw;
        private final long since = System.nanoTime();
        private volatile Socket shown;
        private volatile boolean failed;

        private Guest(Socket raw) {
            this.raw = raw;
        }
    }

    /** @param tls null for plain connections */
    ClusterDoor(Supplier<SSLContext> tls, ThreadFactory threads, int mostWaiting, int mostOpen) throws IOException {
        this.tls = tls;
        this.threads = threads;
        this.mostWaiting = mostWaiting;
        this.mostOpen = mostOpen;
    }

    /** The next one that has greeted. Only from JGroups' acceptor. */
    @Override
    public Socket accept() throws IOException {
        if (!started) {
            started = true;
            threads.newThread(this::keep, "door").start();
        }
        try {
            while (!isClosed()) {
                Socket next = ready.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("closed");
    }

    private void keep() {
        try {
            while (!isClosed()) {
                next();
            }
        } catch (IOException e) {
            // closed
        } finally {
            waiting.forEach(guest -> shut(guest.raw));
            for (Socket left = ready.poll(); left != null; left = ready.poll()) {
                shut(left);
            }
        }
    }

    private void next() throws IOException {
        try {
            setSoTimeout(waiting.isEmpty() ? IDLE_MILLIS : POLL_MILLIS);
            welcome(super.accept());
        } catch (SocketTimeoutException e) {
            // look at those who wait
        }
        for (Iterator<Guest> guests = waiting.iterator(); guests.hasNext();) {
            Guest guest = guests.next();
            if (guest.failed || System.nanoTime() - guest.since > PATIENCE_NANOS) {
                guests.remove();
                shut(guest.raw);
            } else if (greeted(guest)) {
                guests.remove();
                inside.add(guest.shown);
                ready.add(guest.shown);
            }
        }
    }

    private void welcome(Socket socket) {
        inside.removeIf(Socket::isClosed);
        if (inside.size() >= mostOpen) {
            shut(socket);
            return;
        }
        if (waiting.size() >= mostWaiting) {
            shut(waiting.poll().raw);
        }
        Guest guest = new Guest(socket);
        waiting.add(guest);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS);
        } catch (SocketException e) {
            guest.failed = true;
        }
        if (tls == null) {
            guest.shown = socket;
        } else {
            threads.newThread(() -> shake(guest), "handshake").start();
        }
    }

    private void shake(Guest guest) {
        try {
            SSLSocket socket = (SSLSocket) tls.get().getSocketFactory().createSocket(guest.raw, null, guest.raw.getPort(), true);
            socket.setUseClientMode(false);
            socket.setNeedClientAuth(true);
            socket.setEnabledProtocols(ClusterSockets.PROTOCOLS);
            socket.startHandshake();
            guest.shown = socket;
        } catch (IOException | RuntimeException e) {
            guest.failed = true; // no node of ours: scanners, probes of load balancers
        }
    }

    /** Whether the greeting can be read without waiting; after TLS it is a node's. */
    private boolean greeted(Guest guest) {
        try {
            return guest.shown != null && (tls != null || guest.raw.getInputStream().available() >= GREETING);
        } catch (IOException e) {
            guest.failed = true;
            return false;
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }
}

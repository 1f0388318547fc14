package org.memphisee.cluster.jgroups;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.logging.Logger;

import org.memphisee.core.time.BrokerClock;
import org.memphisee.message.OperatorMessage;

/**
 * Time passes for the link to one peer; while there is none, looks whether something listens there, and connects. A thread of its
 * own, because looking and connecting may take half a second each, and nobody else's beats may wait for that.
 */
final class PeerTicker {

    private static final Logger LOG = Logger.getLogger(PeerTicker.class.getName());
    private static final int LOOK_MILLIS = 500;
    private static final long REDIAL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** For so long the node whose name comes later waits to be visited. */
    private static final long VISIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private enum Found { LISTENING, REFUSED, NOTHING }

    private final boolean visits;
    private final String peer;
    /** Where the peer is now; asked before each attempt. */
    private final Supplier<InetSocketAddress> address;
    private final ChannelLinks channel;
    private final BrokerClock clock;
    private volatile boolean ended;
    private volatile Thread thread;
    private boolean wasLinked = true;
    private boolean gone;
    private long aloneSince;
    private long nextLook;

    PeerTicker(String self, String peer, Supplier<InetSocketAddress> address, ChannelLinks channel, BrokerClock clock) {
        visits = self.compareTo(peer) < 0;
        this.peer = peer;
        this.address = address;
        this.channel = channel;
        this.clock = clock;
    }

    void start(ThreadFactory threads) {
        thread = threads.newThread(this::run);
        thread.setName("memphisee-link-" + peer);
        thread.start();
    }

    void end() {
        ended = true;
        wake();
    }

    /** Something happened to a connection. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!ended) {
            long due;
            try {
                due = turn();
            } catch (RuntimeException e) { // a defect; but no link may stay without beats for it
                OperatorMessage.UNEXPECTED.log(LOG, e, "the link to " + peer, e);
                due = clock.nowNanos() + REDIAL_NANOS;
            }
            long pause = Math.min(due - clock.nowNanos(), REDIAL_NANOS);
            if (pause > 0 && !ended) {
                LockSupport.parkNanos(pause);
            }
        }
    }

    /** Returns when to look again. */
    private long turn() {
        if (channel.node().linked(peer)) {
            wasLinked = true;
        } else {
            alone();
        }
        long due = ended ? 0 : channel.node().tick(peer);
        channel.hangUp(peer);
        return due;
    }

    private void alone() {
        long now = clock.nowNanos();
        if (wasLinked) {
            wasLinked = false;
            gone = false;
            aloneSince = now;
            nextLook = now;
        }
        if (now >= nextLook && !channel.connected(peer)) {
            InetSocketAddress at = address.get();
            Found found = look(at);
            if (found == Found.LISTENING && (visits || now - aloneSince > VISIT_NANOS)) {
                channel.dial(peer, at);
            } else if (found == Found.REFUSED && !gone) {
                gone = true;
                channel.node().gone(peer);
            }
            nextLook = clock.nowNanos() + REDIAL_NANOS;
        }
    }

    /** Only a refusal says that the process is not there; no answer says nothing. */
    private static Found look(InetSocketAddress at) {
        if (at.isUnresolved()) {
            return Found.NOTHING;
        }
        try (Socket socket = new Socket()) {
            socket.connect(at, LOOK_MILLIS);
            return Found.LISTENING;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).startsWith("Connection refused") ? Found.REFUSED : Found.NOTHING;
        } catch (IOException e) {
            return Found.NOTHING;
        }
    }
}

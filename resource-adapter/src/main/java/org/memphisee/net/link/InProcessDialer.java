package org.memphisee.net.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.EventLoop;
import org.memphisee.client.BrokerAddress;
import org.memphisee.client.Dialer;
import org.memphisee.client.LinkListener;
import org.memphisee.net.IoThreads;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.port.BrokerPort;
import org.memphisee.port.SessionInfo;

/** Links to a broker in the same process: sessions of its port, without a socket. */
final class InProcessDialer implements Dialer {

    /** Beyond every number that a listener gives. */
    private static final long FIRST_ID = 1L << 40;
    private static final long END_MILLIS = 2_000;

    private final IoThreads threads;
    private final NetSettings settings;
    private final NetCounters counters;
    private final AtomicLong lastId = new AtomicLong(FIRST_ID);
    private final Set<InProcessLink> links = ConcurrentHashMap.newKeySet();
    private volatile BrokerPort broker;

    InProcessDialer(IoThreads threads, NetSettings settings, NetCounters counters) {
        this.threads = threads;
        this.settings = settings;
        this.counters = counters;
    }

    @Override
    public boolean inProcess() {
        return true;
    }

    void serve(BrokerPort registered) {
        broker = registered;
    }

    void unserve() {
        broker = null;
        links.forEach(InProcessLink::shutDown);
        long end = System.nanoTime() + END_MILLIS * 1_000_000;
        while (!links.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    void ended(InProcessLink link) {
        links.remove(link);
    }

    @Override
    public void dial(BrokerAddress address, LinkListener listener) {
        try {
            EventLoop loop = threads.group().next();
            loop.execute(() -> open(loop, listener));
        } catch (RejectedExecutionException e) {
            listener.closed("the resource adapter has stopped");
        }
    }

    private void open(EventLoop loop, LinkListener listener) {
        BrokerPort current = broker;
        if (current == null) {
            listener.closed("the broker has not started yet");
            return;
        }
        SessionInfo info = SessionInfo.plain(lastId.incrementAndGet(), "in-process", 0, SessionInfo.Transport.IN_PROCESS);
        InProcessLink link = new InProcessLink(this, current, info, loop, listener, settings, counters);
        links.add(link);
        link.open();
        if (broker != current) { // gone while we opened
            link.shutDown();
        }
    }
}

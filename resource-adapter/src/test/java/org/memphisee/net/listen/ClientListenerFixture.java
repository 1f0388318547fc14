package org.memphisee.net.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

import org.junit.jupiter.api.AfterEach;
import org.memphisee.net.FanOutBroker;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.support.Await;
import org.memphisee.wire.WireSettings;

/** A listener with real sockets, and a broker that fans out. */
abstract class ClientListenerFixture {

    /** No PING of the server comes in between on a slow machine. */
    static final NetSettings SETTINGS = NetSettings.DEFAULTS.withAddress("127.0.0.1", 0)
            .withWire(new WireSettings(4096, 60_000, 600_000, 600_000, 2));

    final NetCounters counters = new NetCounters();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final List<ClientListener> listeners = new ArrayList<>();
    final FanOutBroker broker = new FanOutBroker(false);
    private final ThreadFactory factory = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    };

    final int listen(NetSettings settings) throws ListenException {
        return listen(broker, settings);
    }

    final int listen(FanOutBroker withBroker, NetSettings settings) throws ListenException {
        ClientListener listener = ClientListener.open(withBroker, settings, counters, factory);
        listeners.add(listener);
        return listener.port();
    }

    final FanOutBroker.Session onlySession() {
        return broker.sessions.values().iterator().next();
    }

    @AfterEach
    void leavesNothingBehind() {
        listeners.forEach(ClientListener::close);
        Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
        assertEquals(0, counters.connections());
        assertTrue(broker.sessions.isEmpty());
    }
}

package org.memphisee.net.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.memphisee.net.FanOutBroker;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.net.listen.ClientListener;
import org.memphisee.net.listen.ListenException;
import org.memphisee.support.Await;

/** An HTTP port on real sockets, with a service that remembers. */
abstract class HttpPortFixture {


    static final HttpSettings PATIENT = HttpSettings.on(0);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final RecordingService service = new RecordingService();
    ClientListener listener;

    @BeforeEach
    void listen() throws ListenException {
        listener = ClientListener.open(new FanOutBroker(false), NetSettings.DEFAULTS.withAddress("127.0.0.1", 0),
                new NetCounters(), task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                });
    }

    final RawHttp client() throws IOException {
        return client(PATIENT);
    }

    final RawHttp client(HttpSettings settings) throws IOException {
        if (listener.httpPort().isEmpty()) {
            try {
                listener.openHttp(service, settings);
            } catch (ListenException e) {
                throw new IOException(e);
            }
        }
        return new RawHttp(listener.httpPort().orElseThrow());
    }

    @AfterEach
    void leavesNothingBehind() {
        listener.close();
        Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
    }
}

package org.memphisee.net.link;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.memphisee.client.Dialer;
import org.memphisee.net.IoThreads;
import org.memphisee.net.NetCounters;
import org.memphisee.net.NetSettings;
import org.memphisee.port.BrokerPort;

/** The threads on which links of applications run, and the two kinds of links. Thread-safe. */
public final class Links implements AutoCloseable {

    /** Bytes that may wait in a link; what applications may have in flight is less. */
    private static final long MAX_QUEUED_BYTES = 512L << 20;
    private static final long WRITE_DEADLINE_MILLIS = 10_000;

    private final IoThreads threads;
    private final TcpDialer tcp;
    private final InProcessDialer inProcess;

    /**
     * @param loops event loops, at least 1; their threads are made when first needed
     * @param factory makes the threads
     * @param counters where the traffic of sessions inside the process is counted
     * @param connectMillis time for a TCP connection
     */
    public Links(int loops, ThreadFactory factory, NetCounters counters, int connectMillis) {
        NetSettings settings = NetSettings.DEFAULTS.withBudgets(1, MAX_QUEUED_BYTES, WRITE_DEADLINE_MILLIS);
        threads = new IoThreads(loops, settings.nativeTransport(), factory, "memphis-link-");
        tcp = new TcpDialer(threads, settings, connectMillis);
        inProcess = new InProcessDialer(threads, settings, counters);
    }

    /** Links over TCP. */
    public Dialer tcp() {
        return tcp;
    }

    /** Links to the broker that was {@link #serve registered}. */
    public Dialer inProcess() {
        return inProcess;
    }

    /** There is a broker in this process. */
    public void serve(BrokerPort broker) {
        inProcess.serve(broker);
    }

    /** There is none any more: its links end. Returns when they have. */
    public void unserve() {
        inProcess.unserve();
    }

    /** Runs a task later on one of the threads; it must not block. Nothing happens after {@link #close}. */
    public void schedule(Runnable task, long delayMillis) {
        try {
            threads.group().schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed meanwhile: there is nobody who waits for the task
        }
    }

    /** Ends the threads and with them what is still open. */
    @Override
    public void close() {
        threads.close();
    }
}

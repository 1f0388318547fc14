package org.memphisee.core.jetstream.transfer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

import org.memphisee.core.time.World;

/** The transfers that are under way, at most {@value #MOST}. Thread-safe. */
public final class Transfers implements AutoCloseable {

    /** So many at a time; more are refused. */
    public static final int MOST = 16;

    private static final long LOOK_NANOS = 100_000_000;
    /** Each transfer waits once at most. */
    private static final int WAITING = 4 * MOST;

    private final World world;
    private final Map<String, Transfer> open = new ConcurrentHashMap<>();
    /** Made for the first transfer: most brokers never have one. */
    private ExecutorService worker;
    private World.Running watch;
    private boolean closed;

    /** None yet. */
    public Transfers(World world) {
        this.world = world;
    }

    /** Begins a transfer; false when there are too many, or the broker stops. */
    public synchronized boolean begin(Transfer transfer) {
        if (closed || open.size() >= MOST) {
            return false;
        }
        if (worker == null) {
            worker = world.worker("memphisee-transfers", WAITING);
            watch = world.repeat("memphisee-transfer-watch", LOOK_NANOS, this::look);
        }
        open.put(transfer.id(), transfer);
        transfer.begin(this);
        return true;
    }

    /** A transfer that is under way. */
    public Optional<Transfer> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /** How many are under way. */
    public int size() {
        return open.size();
    }

    /** Does something between the steps of transfers, once one has begun. */
    public void between(Runnable work) {
        execute(work);
    }

    private void look() {
        open.values().forEach(Transfer::wake);
    }

    void ended(Transfer transfer) {
        open.remove(transfer.id());
    }

    void execute(Runnable work) {
        ExecutorService to;
        synchronized (this) {
            to = worker;
        }
        try {
            to.execute(work);
        } catch (RejectedExecutionException e) {
            // the broker stops, and with it the transfer
        }
    }

    /** Ends all of them where they are; what was restored in part is removed at the next start. */
    @Override
    public void close() {
        ExecutorService ending;
        World.Running looking;
        synchronized (this) {
            closed = true;
            ending = worker;
            looking = watch;
        }
        if (ending != null) {
            looking.close();
            List.copyOf(open.values()).forEach(this::ended);
            ending.shutdownNow();
        }
    }
}

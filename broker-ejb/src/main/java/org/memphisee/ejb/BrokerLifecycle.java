package org.memphisee.ejb;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;

import org.memphisee.config.BrokerSettings;
import org.memphisee.message.OperatorMessage;
import org.memphisee.ra.RaControl;
import org.memphisee.run.ExitStatus;

/**
 * The life of the broker in the container. Starting is done on a thread of its own: the web modules come up at once, a
 * long recovery is visible on the monitor, and a failure stops the server with one line instead of leaving half an
 * application. Stopping is done in the opposite order: after a signal to our own server by a thread of ours, before the container
 * takes the web modules away ({@link Drain}), else by the container's thread.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class BrokerLifecycle implements BrokerStatus, GatewayHost {

    private static final Logger LOG = Logger.getLogger(BrokerLifecycle.class.getName());
    private static final long START_GIVES_UP_MILLIS = 20_000;

    @Resource(lookup = "concurrent/brokerThreads")
    private ManagedThreadFactory threads;

    @Resource(lookup = "broker/raControl")
    private RaControl adapter;

    private final Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
    private volatile BrokerParts parts;
    private volatile HttpPorts ports;
    private volatile String failure = "";
    private volatile Thread starter;
    private StopSignals signals;
    private boolean closed;

    @PostConstruct
    void begin() {
        parts = new BrokerParts(threads, adapter, this::openAgain);
        Drain drain = new Drain(this::announceEnd, this::drainDelay, this::leave, this::close, new ServerProcess());
        signals = StopSignals.taken(status -> {
            if (state.get() != State.FAILED) { // that ends already, with the status that says so
                drain.ask(status);
            }
        });
        starter = threads.newThread(checked() ? this::start : () -> LOG.fine("refused to start"));
        starter.setName("memphisee-start");
        starter.start();
    }

    private boolean checked() {
        try {
            parts.check();
            return true;
        } catch (StartException e) {
            fail(e.status(), e.getMessage());
            return false;
        } catch (RuntimeException e) {
            unexpected(e);
            return false;
        }
    }

    private void start() {
        try {
            parts.open();
            parts.openGateway();
            ports = new HttpPorts(parts.settings().orElseThrow().listen());
            if (!state.compareAndSet(State.STARTING, State.RUNNING)) {
                return; // told to stop meanwhile
            }
            new Banner(parts.settings().orElseThrow(), wellKnownPassword(), started).show();
        } catch (StartException e) {
            fail(e.status(), e.getMessage());
        } catch (InterruptedException e) {
            LOG.fine("stopped while starting");
        } catch (RuntimeException e) {
            unexpected(e);
        }
    }

    /** The definitions of this node were replaced. Any thread. */
    private void openAgain() {
        Thread before = starter;
        Thread again = threads.newThread(() -> again(before));
        again.setName("memphisee-start");
        again.start();
    }

    private void again(Thread before) {
        try {
            before.join();
            if (!beginsAgain()) {
                return; // told to stop meanwhile
            }
            parts.openAgain();
            state.compareAndSet(State.STARTING, State.RUNNING);
        } catch (StartException e) {
            fail(e.status(), e.getMessage());
        } catch (InterruptedException e) {
            LOG.fine("stopped while opening again");
        } catch (RuntimeException e) {
            unexpected(e);
        }
    }

    /** Whoever closes waits for this thread from now on. */
    private synchronized boolean beginsAgain() {
        starter = Thread.currentThread();
        return state.compareAndSet(State.RUNNING, State.STARTING);
    }

    private void unexpected(RuntimeException e) {
        LOG.log(Level.SEVERE, OperatorMessage.START_FAILED.line(e), e);
        fail(ExitStatus.START_FAILED, OperatorMessage.START_FAILED.lineWithRemedy(e));
    }

    private void fail(int status, String lines) {
        failure = lines;
        if (state.getAndUpdate(now -> now == State.STOPPING ? now : State.FAILED) == State.STOPPING) {
            return;
        }
        lines.lines().forEach(ServerProcess::print);
        new ServerProcess().stop(status,
            parts.engine().isPresent() ? ServerProcess.CLOSING : ServerProcess.NOTHING_OPEN);
    }

    @PreDestroy
    void end() {
        signals.close();
        close();
    }

    /** The broker is not ready from now on; clients that are here are served. */
    private void announceEnd() {
        long delay = drainDelay();
        if (state.getAndSet(State.STOPPING) == State.RUNNING && delay > 0) {
            OperatorMessage.DRAINING.log(LOG, delay);
        }
    }

    private long drainDelay() {
        return parts.engine().isPresent() ? parts.settings().map(settings -> settings.life().drainDelayMillis()).orElse(0L) : 0;
    }

    /** Other nodes, when there are some, take over what this one leads, and its clients. */
    private void leave(Drain.Hurry hurry) throws InterruptedException {
        if (parts.accepting()) {
            parts.leave(hurry);
        }
    }

    /** Closes everything, once; who comes meanwhile waits. */
    private synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Instant begin = Instant.now();
        boolean hadClients = parts.accepting();
        state.set(State.STOPPING);
        if (hadClients) {
            ServerProcess.print(OperatorMessage.STOPPING.line());
        }
        try {
            starter.interrupt();
            starter.join(START_GIVES_UP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        parts.close();
        if (hadClients) {
            ServerProcess.print(OperatorMessage.STOPPED.line(seconds(begin)));
        }
    }

    @Override
    public State state() {
        return state.get();
    }

    @Override
    public Instant started() {
        return started;
    }

    @Override
    public Optional<BrokerSettings> settings() {
        return parts.settings();
    }

    @Override
    public Optional<BrokerEngine> engine() {
        return parts.engine();
    }

    @Override
    public void serveGateway(GatewayOpening gateway) {
        try {
            parts.serveGateway(gateway);
        } catch (StartException e) {
            fail(e.status(), e.getMessage());
        }
    }

    @Override
    public void closeGateway() {
        parts.closeGateway();
    }

    @Override
    public MetadataHealth metadata() {
        return parts.metadata();
    }

    @Override
    public Optional<Instant> certificateEnds() {
        return parts.certificateEnds();
    }

    @Override
    public List<Problem> health() {
        return switch (state.get()) {
            case STARTING -> List.of(new Problem(Problem.Part.STARTING, "the broker is starting"));
            case FAILED -> List.of(new Problem(Problem.Part.FAILED, failure));
            case STOPPING -> List.of(new Problem(Problem.Part.DRAINING, "the broker is stopping"));
            case RUNNING -> parts.engine().map(engine -> Readiness.problems(engine, ports, parts.metadata()))
                .orElse(List.of(new Problem(Problem.Part.FAILED, "there is no broker engine")));
        };
    }

    static String seconds(Instant since) {
        return String.format(java.util.Locale.ROOT, "%.1f", Duration.between(since, Instant.now()).toMillis() / 1000.0);
    }
}

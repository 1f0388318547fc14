package org.memphisee.dashboard.live;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.memphisee.core.stations.StationReading;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/**
 * The one sampler for all viewers. It looks at the broker once a second while somebody follows a topic, and not at all
 * otherwise. A look that takes longer than a second is waited for: viewers see that nothing new comes. Who cannot have
 * a channel polls, which counts as following for a while. Thread-safe.
 */
final class LiveHub implements Viewer.Source {

    /** Viewers at a time; further ones are asked to come back. */
    static final int MAX_VIEWERS = 256;
    /** Stations whose groups are looked at for those who poll. */
    private static final int MAX_POLLED = 256;

    private static final Logger LOG = Logger.getLogger(LiveHub.class.getName());
    private static final long INTERVAL_MILLIS = 1_000;
    private static final long FRESH_MILLIS = 2_500;
    /** A look that gave no answer for so long is given up: a partition went while it was asked. */
    private static final long LOST_NANOS = 10_000_000_000L;
    /** Who asks every five seconds is still there; whoever has not asked for so long has left. */
    private static final long POLLED_NANOS = 15_000_000_000L;

    private final BrokerStatus status;
    private final ScheduledExecutorService executor;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private volatile Sample sample;

    // all below: under this object's monitor
    private Future<?> ticking;
    private long lookingSince;
    private boolean looking;
    private boolean again;
    private long generation;
    private long number;
    private final Rows rows = new Rows();
    private final OverviewFigures overview;
    private final Board stations = new Board();
    private final Board tasks = new Board();
    private final Board notices = new Board();
    private Map<String, Board> groups = Map.of();
    private boolean polled;
    private long polledAt;
    /** When somebody asked last for the groups of a station. */
    private final Map<String, Long> polledStations = new HashMap<>();

    LiveHub(BrokerStatus status, ScheduledExecutorService executor) {
        this.status = status;
        this.executor = executor;
        this.overview = new OverviewFigures(status, executor);
    }

    /** Whether there was room for one more. */
    synchronized boolean add(Viewer viewer) {
        return viewers.size() < MAX_VIEWERS && viewers.add(viewer);
    }

    @Override
    public void remove(Viewer viewer) {
        viewers.remove(viewer);
    }

    @Override
    public boolean running() {
        return engine().isPresent();
    }

    @Override
    public Optional<Viewer.Access> access(String token) {
        return engine().flatMap(engine -> engine.tokens().management().access(token).map(user -> {
            boolean restricted = engine.users().permissions(user.name()).restricted();
            return new Viewer.Access(user.name(), restricted ? Optional.of(key -> // as it may at that moment
                engine.users().permissions(user.name()).mayUse(Rows.stationOf(key))) : Optional.empty());
        }));
    }

    private Optional<BrokerEngine> engine() {
        return status.state() == BrokerStatus.State.RUNNING ? status.engine() : Optional.empty();
    }

    /** What somebody else has looked at a while ago is not the last look. */
    @Override
    public Sample sample() {
        Sample last = sample;
        return last == null || System.currentTimeMillis() - last.atMillis() > FRESH_MILLIS ? null : last;
    }

    /** Looks at once, then every second. */
    @Override
    public synchronized void followed() {
        if (ticking == null) {
            ticking = executor.scheduleAtFixedRate(this::tick, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
        look();
    }

    /**
     * Somebody who cannot have a channel asks, and will ask again.
     *
     * @param stations whose groups are looked at
     */
    synchronized void polled(Set<String> stations) {
        polled = true;
        polledAt = System.nanoTime();
        stations.stream().filter(name -> polledStations.size() < MAX_POLLED || polledStations.containsKey(name))
            .forEach(name -> polledStations.put(name, polledAt));
        if (ticking == null || !groups.keySet().containsAll(polledStations.keySet())) {
            followed();
        }
    }

    private boolean pollers() {
        long now = System.nanoTime();
        polledStations.values().removeIf(when -> now - when > POLLED_NANOS);
        polled &= now - polledAt <= POLLED_NANOS;
        return polled;
    }

    private void tick() {
        try {
            viewers.forEach(Viewer::check);
            synchronized (this) {
                if (!pollers() && viewers.stream().noneMatch(Viewer::follows)) {
                    ticking.cancel(false);
                    ticking = null;
                    return;
                }
                look();
            }
            viewers.forEach(Viewer::push); // those whose slower pace is due
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "live figures of the dashboard", e); // the next tick tries again
        }
    }

    private synchronized void look() {
        long now = System.nanoTime();
        if (looking && now - lookingSince < LOST_NANOS) {
            again = true;
            return;
        }
        BrokerEngine engine = engine().orElse(null);
        if (engine == null) {
            return;
        }
        looking = true;
        lookingSince = now;
        again = false;
        long mine = ++generation;
        engine.stations().reader().read().whenComplete((readings, failure) -> {
            try {
                executor.execute(() -> looked(mine, engine, readings, failure));
            } catch (RejectedExecutionException stopping) {
                LOG.log(Level.FINE, "no live figures while stopping", stopping);
            }
        });
    }

    private void looked(long mine, BrokerEngine engine, List<StationReading> readings, Throwable failure) {
        synchronized (this) {
            if (mine != generation) {
                return;
            }
            looking = false;
            if (failure == null) {
                publish(engine, readings);
            } else {
                LOG.log(Level.WARNING, "live figures of the dashboard", failure);
            }
            if (again) {
                again = false;
                if (newlyWatched()) {
                    look();
                }
            }
        }
        viewers.forEach(Viewer::push);
    }

    private Set<String> watched() {
        return Stream.concat(polledStations.keySet().stream(),
            viewers.stream().flatMap(viewer -> viewer.watchedStations().stream())).collect(Collectors.toSet());
    }

    private boolean newlyWatched() {
        return !groups.keySet().containsAll(watched());
    }

    private void publish(BrokerEngine engine, List<StationReading> readings) {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        number++;
        Map<String, String> current = rows.stations(readings, nanos);
        stations.update(number, current);
        tasks.update(number, TaskRows.tasks(engine.tasks().list()));
        notices.update(number, TaskRows.notices(engine.notices().newerThan(0)));
        groups = groups(readings, millis);
        String figures = overview.sample(engine, readings, nanos, millis).toString();
        sample = new Sample(number, millis, figures, OverviewFigures.history(engine, millis).toString(), stations, tasks,
            notices, groups);
    }

    private Map<String, Board> groups(List<StationReading> readings, long millis) {
        Set<String> watched = watched();
        Map<String, Board> boards = new HashMap<>();
        Map<String, StationReading> byKey = new HashMap<>();
        readings.forEach(reading -> byKey.put(Rows.key(reading, byKey), reading));
        for (String station : watched) {
            Board board = Optional.ofNullable(groups.get(station)).orElseGet(Board::new);
            StationReading reading = byKey.get(station);
            board.update(number, reading == null ? Map.of() : rows.groups(reading, station, millis));
            boards.put(station, board);
        }
        return Map.copyOf(boards);
    }
}

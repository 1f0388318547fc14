package org.memphisee.meta.jpa;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.control.DefinitionsSnapshot;
import org.memphisee.message.OperatorMessage;
import org.memphisee.meta.postgres.PostgresException;

/**
 * Keeps the metadata database there and its tables in step, on one thread of its own, and tries again for ever when the
 * database is not available. {@link #start()} and {@link #close()} are called once.
 */
public final class MetadataService {

    private static final Logger LOG = Logger.getLogger(MetadataService.class.getName());
    private static final long FIRST_RETRY_SECONDS = 1;
    private static final long LAST_RETRY_SECONDS = 30;
    private static final int MAX_WAITING = 50_000;
    private static final int EVENTS_PER_TRANSACTION = 500;
    private static final long NOTHING = -1;
    private static final long SNAPSHOT_LIMIT_SECONDS = 30;
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS);
    /** Time without a change after which the database is asked whether it is there: health must not say so unasked. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long STOP_LIMIT_MILLIS = 45_000;

    private final MetadataDatabase database;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final MetadataFeed feed;
    private final EventBacklog backlog = new EventBacklog(MAX_WAITING);
    private final Thread worker;
    private volatile boolean available;
    private volatile boolean settled;
    private volatile long unavailableSince = System.nanoTime();
    private volatile int rebuilds;
    private long retry = FIRST_RETRY_SECONDS;
    private String lastFailure = "";
    private CompletableFuture<DefinitionsSnapshot> atStart;
    private long applied = NOTHING;
    private LetterPointers letters;
    private Optional<DatabaseClaim> claim = Optional.empty();

    /**
     * A service that is not started yet.
     *
     * @param settings which database
     * @param postgresDirectory directory of the embedded one
     * @param feed the log that is projected
     * @param threads makes the one thread
     */
    public MetadataService(BrokerSettings.Database settings, Path postgresDirectory, MetadataFeed feed,
                           ThreadFactory threads) {
        this.feed = feed;
        this.database = new MetadataDatabase(settings, postgresDirectory);
        this.worker = threads.newThread(this::run);
        worker.setName("memphisee-metadata");
    }

    /** Begins to work; returns at once. */
    public void start() {
        atStart = feed.follow(backlog);
        worker.start();
    }

    /** Whether the database can be used now. */
    public boolean available() {
        return available;
    }

    /** Whether the first attempt to reach and migrate the database has ended, well or not. */
    public boolean settled() {
        return settled;
    }

    /** Seconds since the database was last of use, or since the start; 0 while it is. */
    public long unavailableSeconds() {
        return available ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - unavailableSince));
    }

    /** How often the tables were written anew since the start. */
    int rebuilds() {
        return rebuilds;
    }

    /** Ends the work and stops the embedded database. */
    public void close() throws InterruptedException {
        closing.complete(null);
        backlog.wake();
        worker.join(STOP_LIMIT_MILLIS);
    }

    private void run() {
        while (!isClosing()) {
            try {
                MetadataDatabase.Access access = database.open();
                claim = database.claim(access);
                OperatorMessage.METADATA_AVAILABLE.log(LOG, database.shown(), SchemaMigration.migrate(access));
                try (EntityManagerFactory factory = persistence(access)) {
                    work(new MetadataProjection(factory, feed.logId()));
                }
            } catch (DatabaseClaim.TakenException e) {
                reportTaken(e.getMessage());
            } catch (PostgresException e) {
                report(e, e.isPortInUse());
            } catch (InterruptedException e) {
                LOG.fine("interrupted"); // the container does that when it stops; closing tells whether it is time
            } catch (RuntimeException e) {
                report(e, false);
            } finally {
                claim.ifPresent(DatabaseClaim::close);
                claim = Optional.empty();
            }
            if (available) {
                unavailableSince = System.nanoTime();
            }
            available = false;
            settled = true;
            pause();
        }
        stopDatabase();
    }

    private void work(MetadataProjection projection) throws InterruptedException {
        letters = new LetterPointers(projection::connected, feed::letters);
        synchronise(projection);
        available = true;
        settled = true;
        long answered = System.nanoTime();
        long claimed = answered;
        long looked = answered - LOOK_AGAIN_NANOS;
        boolean more = false;
        while (!isClosing()) {
            if (!database.alive()) {
                throw new MetadataException("the embedded PostgreSQL ended by itself");
            }
            if (backlog.overflowed()) {
                rebuild(projection, "too many events waited");
            }
            List<EventBacklog.Numbered> events = backlog.peek(EVENTS_PER_TRANSACTION, more ? 0 : LOOK_AGAIN_MILLIS);
            if (!events.isEmpty()) {
                apply(projection, events);
                answered = System.nanoTime();
            } else if (System.nanoTime() - answered >= IDLE_NANOS) {
                projection.ask();
                wentWell();
                answered = System.nanoTime();
            }
            if (claim.isPresent() && System.nanoTime() - claimed >= IDLE_NANOS) {
                claim.get().ask();
                claimed = System.nanoTime();
            }
            if (more || System.nanoTime() - looked >= LOOK_AGAIN_NANOS) {
                more = letters.look();
                looked = System.nanoTime();
            }
        }
    }

    private void apply(MetadataProjection projection, List<EventBacklog.Numbered> events) throws InterruptedException {
        try {
            applied(projection.apply(events));
        } catch (RuntimeException e) {
            if (!Failures.misfit(e)) {
                throw e;
            }
            LOG.log(Level.FINE, "event does not fit", e);
            rebuild(projection, "an event did not fit to them: " + Failures.line(e));
        }
    }

    /** Events of before our start are in no backlog: when the tables lack some, they are written anew. */
    private void synchronise(MetadataProjection projection) throws InterruptedException {
        OptionalLong position = projection.position();
        boolean first = applied == NOTHING;
        long expected = first ? value(atStart).index() : applied;
        if (position.isEmpty()) {
            rebuild(projection, "they belonged to no log or to another one");
        } else if (position.getAsLong() < expected || first && position.getAsLong() != expected) {
            rebuild(projection, "they were at event " + position.getAsLong() + " and not at " + expected);
        } else {
            applied = position.getAsLong();
        }
    }

    private void rebuild(MetadataProjection projection, String why) throws InterruptedException {
        backlog.restart();
        DefinitionsSnapshot snapshot = value(feed.snapshot());
        projection.rebuild(snapshot);
        letters.anew();
        applied(snapshot.index());
        rebuilds = rebuilds + 1; // written by the worker only
        OperatorMessage.PROJECTION_REBUILT.log(LOG, snapshot.index(), why);
    }

    private void applied(long index) {
        applied = index;
        wentWell();
        backlog.done(index);
    }

    /** Nothing is in the way: the next failure is news, and is tried again soon. */
    private void wentWell() {
        lastFailure = "";
        retry = FIRST_RETRY_SECONDS;
    }

    /** Gives up when this service closes: an engine that closed before us never answers. */
    private DefinitionsSnapshot value(CompletableFuture<DefinitionsSnapshot> snapshot) throws InterruptedException {
        try {
            CompletableFuture.anyOf(snapshot, closing).get(SNAPSHOT_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!snapshot.isDone()) {
                throw new InterruptedException("closing");
            }
            return snapshot.get();
        } catch (ExecutionException | TimeoutException e) {
            throw new MetadataException("the log's definitions cannot be read: " + e, e);
        }
    }

    private EntityManagerFactory persistence(MetadataDatabase.Access access) {
        return Persistence.createEntityManagerFactory("metadata", Map.of(
            "jakarta.persistence.jdbc.driver", "org.postgresql.Driver", "jakarta.persistence.jdbc.url", access.url(),
            "jakarta.persistence.jdbc.user", access.user(), "jakarta.persistence.jdbc.password", access.password(),
            "eclipselink.connection-pool.default.initial", "1", "eclipselink.connection-pool.default.min", "1",
            "eclipselink.connection-pool.default.max", String.valueOf(database.maxConnections()),
            "eclipselink.classloader", MetadataService.class.getClassLoader()));
    }

    private void stopDatabase() {
        Thread.interrupted(); // an interrupt that came while closing must not keep the database from being stopped
        try {
            database.close();
        } catch (PostgresException e) {
            OperatorMessage.STOP_FAILED.log(LOG, "the embedded PostgreSQL", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportTaken(String who) {
        if (!who.equals(lastFailure)) {
            lastFailure = who;
            OperatorMessage.METADATA_TAKEN.log(LOG, database.shown(), who, retry);
        }
    }

    private void report(Exception failure, boolean portInUse) {
        String text = Failures.line(failure);
        LOG.log(Level.FINE, text, failure);
        if (text.equals(lastFailure)) {
            return; // once is enough until something changes
        }
        lastFailure = text;
        if (portInUse) {
            OperatorMessage.POSTGRES_PORT_IN_USE.log(LOG, database.port());
        } else if (failure instanceof PostgresException) {
            OperatorMessage.POSTGRES_START_FAILED.log(LOG, retry, text);
        } else if (Failures.misfit(failure)) {
            OperatorMessage.PROJECTION_FAILED.log(LOG, retry, text);
        } else {
            OperatorMessage.METADATA_UNAVAILABLE.log(LOG, retry, text);
        }
    }

    private void pause() {
        try {
            closing.get(retry, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            retry = Math.min(LAST_RETRY_SECONDS, retry * 2);
        } catch (InterruptedException | ExecutionException e) {
            LOG.log(Level.FINE, "tries again before its time", e);
        }
    }

    private boolean isClosing() {
        return closing.isDone();
    }
}

package org.memphisee.ejb;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.ejb.Local;

import org.memphisee.config.BrokerSettings;

/** What the web modules and health checks may know about the broker. Thread-safe, does not block. */
@Local
public interface BrokerStatus {

    /** Where the broker is in its life. */
    enum State {
        /** Settings, recovery, opening of the port. */
        STARTING,
        /** Clients are served. */
        RUNNING,
        /** It could not start; the server is about to stop. */
        FAILED,
        /** Clients are asked to leave, or gone. */
        STOPPING
    }

    State state();

    /** When the server process started. */
    Instant started();

    /** The settings in force; empty until they are read. */
    Optional<BrokerSettings> settings();

    /** The broker proper; empty until it is open. */
    Optional<BrokerEngine> engine();

    /** Whether root's password is the one that everybody knows; true until that is known. */
    default boolean wellKnownPassword() {
        return engine().map(engine -> engine.users().wellKnownPassword()).orElse(true);
    }

    /** How the metadata database is. */
    MetadataHealth metadata();

    /** When the certificate that clients see ends; empty without one, or when only the container knows it. */
    default Optional<Instant> certificateEnds() {
        return Optional.empty();
    }

    /**
     * Why clients are not served as they should be, the gravest first; empty when everything is well. The one source of
     * readiness: {@code /healthz} and {@code /health/ready} say the same (O-041).
     */
    List<Problem> health();

    /** The same, one line each. */
    default List<String> problems() {
        return health().stream().map(Problem::text).toList();
    }
}

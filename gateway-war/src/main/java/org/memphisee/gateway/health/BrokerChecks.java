package org.memphisee.gateway.health;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.BrokerStatus.State;
import org.memphisee.ejb.MetadataHealth;
import org.memphisee.ejb.Problem;
import org.memphisee.ejb.Problem.Part;

/** The checks (monitoring.md 5). Liveness depends neither on the database nor on the disk: a restart helps neither. */
@ApplicationScoped
public class BrokerChecks {

    private static final int MAX_NAMES = 20;

    @EJB
    private BrokerStatus status;

    /** For the container. */
    public BrokerChecks() { }

    BrokerChecks(BrokerStatus status) {
        this.status = status;
    }

    /** Down when a restart would help. */
    @Produces
    @Liveness
    public HealthCheck process() {
        return () -> {
            Optional<String> fault = status.engine().flatMap(BrokerEngine::fault);
            HealthCheckResponseBuilder response = HealthCheckResponse.named("process")
                .status(status.state() != State.FAILED && fault.isEmpty());
            fault.ifPresent(problem -> response.withData("problem", problem));
            return response.build();
        };
    }

    /** Up once all streams are recovered and clients are served. */
    @Produces
    @Startup
    public HealthCheck storage() {
        return () -> HealthCheckResponse.named("startup-storage").status(status.engine().isPresent())
            .withData("state", status.state().name()).withData("streams", status.engine()
                .map(e -> (long) e.observer().streamCount()).orElse(0L)).build();
    }

    /** Up once the database is migrated, or has been found out of reach: clients do not wait for it (P7). */
    @Produces
    @Startup
    public HealthCheck database() {
        return () -> {
            MetadataHealth metadata = status.metadata();
            return HealthCheckResponse.named("startup-metadata").status(metadata.settled())
                .withData("available", metadata.available()).build();
        };
    }

    /** Up once every port is open. */
    @Produces
    @Startup
    public HealthCheck ports() {
        return () -> listeners("startup-listeners", status.health());
    }

    /** Down when a port is not open any more. */
    @Produces
    @Readiness
    public HealthCheck openPorts() {
        return () -> listeners("listeners", status.health());
    }

    /** Down while a stream takes no messages because its log failed. */
    @Produces
    @Readiness
    public HealthCheck streams() {
        return () -> {
            List<Problem> frozen = of(status.health(), EnumSet.of(Part.STREAMS));
            HealthCheckResponseBuilder response = HealthCheckResponse.named("streams").status(frozen.isEmpty());
            if (!frozen.isEmpty()) {
                response.withData("names", String.join(" ",
                    frozen.stream().limit(MAX_NAMES).map(Problem::stream).toList()));
            }
            return response.build();
        };
    }

    /** Down while publishes are refused for lack of space. */
    @Produces
    @Readiness
    public HealthCheck space() {
        return () -> {
            List<Problem> full = of(status.health(), EnumSet.of(Part.STORAGE_SPACE));
            HealthCheckResponseBuilder response = HealthCheckResponse.named("storage-space").status(full.isEmpty())
                .withData("percent", status.engine().map(e -> (long) e.storagePercent()).orElse(0L));
            full.forEach(problem -> response.withData("problem", problem.text()));
            return response.build();
        };
    }

    /** Down when the operator wants the database to count and it has been away for long. */
    @Produces
    @Readiness
    public HealthCheck metadata() {
        return () -> {
            MetadataHealth metadata = status.metadata();
            return HealthCheckResponse.named("metadata")
                .status(of(status.health(), EnumSet.of(Part.METADATA)).isEmpty())
                .withData("available", metadata.available())
                .withData("unavailable-seconds", metadata.unavailableSeconds()).build();
        };
    }

    /** Down while clients are asked to leave. */
    @Produces
    @Readiness
    public HealthCheck draining() {
        return () -> HealthCheckResponse.named("draining").status(status.state() != State.STOPPING).build();
    }

    /** Down while this node is not one of its cluster as the others are; always up for a broker alone. */
    @Produces
    @Readiness
    public HealthCheck cluster() {
        return () -> {
            List<Problem> problems = of(status.health(), EnumSet.of(Part.CLUSTER));
            HealthCheckResponseBuilder response = HealthCheckResponse.named("cluster").status(problems.isEmpty());
            problems.forEach(problem -> response.withData("problem", problem.text()));
            return response.build();
        };
    }

    private static HealthCheckResponse listeners(String name, List<Problem> problems) {
        List<Problem> closed = of(problems, EnumSet.of(Part.LISTENERS, Part.STARTING, Part.FAILED));
        HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(closed.isEmpty());
        if (!closed.isEmpty()) {
            response.withData("problems", String.join("; ", closed.stream().map(Problem::text).toList()));
        }
        return response.build();
    }

    private static List<Problem> of(List<Problem> problems, Set<Part> parts) {
        return problems.stream().filter(p -> parts.contains(p.part())).toList();
    }
}

package org.memphisee.gateway.health;

import java.util.List;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.BrokerStatus.State;

/** The checks, see monitoring.md 5. Neither depends on the database: a broker without it serves its clients (P7). */
@ApplicationScoped
public class BrokerChecks {

    @EJB
    private BrokerStatus status;

    /** Up once stored data is recovered and clients are served. */
    @Produces
    @Startup
    public HealthCheck startup() {
        return () -> HealthCheckResponse.named("startup").status(status.state() == State.RUNNING)
            .withData("state", status.state().name()).build();
    }

    /** Up as long as a restart would not help. */
    @Produces
    @Liveness
    public HealthCheck process() {
        return () -> HealthCheckResponse.named("process").status(status.state() != State.FAILED).build();
    }

    /** Up while every client is served as it should be. */
    @Produces
    @Readiness
    public HealthCheck broker() {
        return () -> {
            List<String> problems = status.problems();
            HealthCheckResponseBuilder response = HealthCheckResponse.named("broker").status(problems.isEmpty());
            if (!problems.isEmpty()) {
                response.withData("problems", String.join("; ", problems.subList(0, Math.min(20, problems.size()))));
            }
            return response.build();
        };
    }
}

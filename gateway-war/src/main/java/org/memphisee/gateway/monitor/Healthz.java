package org.memphisee.gateway.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.observe.StreamFigures;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.Problem;

/** Readiness with its reason (monitoring.md 1.8); what is wrong comes from the same place as in MicroProfile Health. */
final class Healthz {

    private static final long ASK_SECONDS = 2;

    private final BrokerStatus status;

    Healthz(BrokerStatus status) {
        this.status = status;
    }

    /** Status and body. */
    record Answer(int code, ObjectNode body) { }

    /** One thing that is wrong. */
    private record Fault(int code, String status, String type, String stream, String text) { }

    Answer answer(Parameters parameters) throws BadParameterException {
        boolean serverOnly = parameters.flag("js-server-only");
        boolean enabledOnly = parameters.flag("js-enabled-only") || parameters.flag("js-enabled");
        boolean details = parameters.flag("details");
        Optional<Fault> asked = asked(parameters);
        List<Fault> faults = new ArrayList<>();
        if (asked.isPresent() && asked.get().code() == 400) {
            faults.add(asked.get());
        } else if (enabledOnly) {
            if (status.engine().isEmpty()) {
                faults.add(new Fault(503, "unavailable", "JETSTREAM", "", "JetStream not enabled"));
            }
        } else {
            status.health().stream().filter(p -> !serverOnly || p.part() != Problem.Part.STREAMS)
                .forEach(p -> faults.add(fault(p)));
            asked.ifPresent(faults::add);
        }
        return answer(faults, details);
    }

    private static Answer answer(List<Fault> faults, boolean details) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (faults.isEmpty()) {
            return new Answer(200, body.put("status", "ok"));
        }
        Fault first = faults.get(0);
        if (!details) {
            return new Answer(first.code(), body.put("status", first.status()).put("error", first.text()));
        }
        body.put("status", "error");
        for (Fault fault : faults) {
            ObjectNode error = body.withArray("errors").addObject().put("type", fault.type());
            if (!fault.stream().isEmpty()) {
                error.put("stream", fault.stream());
            }
            error.put("error", fault.text());
        }
        return new Answer(first.code(), body);
    }

    private Fault fault(Problem problem) {
        return switch (problem.part()) {
            case LISTENERS -> new Fault(500, "error", "CONNECTION", "", problem.text());
            case STREAMS -> new Fault(503, "unavailable", "STREAM", problem.stream(), "JetStream stream '" + tenant()
                + " > " + problem.stream() + "' could not be recovered");
            case CLUSTER -> new Fault(503, "unavailable", "JETSTREAM", "", problem.text().matches("(has|is|rebuilds) .*")
                ? "JetStream " + problem.text() : problem.text());
            case STORAGE_SPACE -> new Fault(503, "unavailable", "JETSTREAM", "", problem.text());
            default -> new Fault(503, "unavailable", "CONNECTION", "", problem.text());
        };
    }

    /** What is wrong with the object that was asked for by name. */
    private Optional<Fault> asked(Parameters parameters) {
        String account = parameters.text("account");
        String stream = parameters.text("stream");
        String consumer = parameters.text("consumer");
        if (!stream.isEmpty() && account.isEmpty()) {
            return bad("\"account\" must not be empty when checking stream health");
        }
        if (!consumer.isEmpty() && stream.isEmpty()) {
            return bad("\"stream\" must not be empty when checking consumer health");
        }
        Optional<BrokerEngine> engine = status.engine();
        if (account.isEmpty() || engine.isEmpty()) {
            return Optional.empty();
        }
        if (!account.equals(tenant())) {
            return missing("ACCOUNT", "JetStream account \"" + account + "\" not found");
        }
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        Optional<StreamFigures> found = engine.get().observer().streams(0).stream(stream);
        if (found.isEmpty()) {
            if (consumer.isEmpty() && elsewhere(engine.get(), stream)) {
                return Optional.empty(); // another node has it, and answers for it
            }
            return missing("STREAM", "JetStream stream \"" + stream + "\" not found on account \"" + account + '"');
        }
        if (!consumer.isEmpty()
            && found.get().consumers().stream().noneMatch(c -> c.config().name().equals(consumer))) {
            return missing("CONSUMER", "JetStream consumer \"" + consumer + "\" not found for stream \"" + stream
                + "\" on account \"" + account + '"');
        }
        return Optional.empty();
    }

    private static boolean elsewhere(BrokerEngine engine, String stream) {
        if (engine.cluster().isEmpty()) {
            return false;
        }
        try {
            return engine.leaderships().defined(stream).get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false; // said as if it were not there: whoever asks asks again
        }
    }

    private String tenant() {
        return status.engine().map(BrokerEngine::tenant).orElse("");
    }

    private static Optional<Fault> bad(String text) {
        return Optional.of(new Fault(400, "error", "BAD_REQUEST", "", text));
    }

    private static Optional<Fault> missing(String type, String text) {
        return Optional.of(new Fault(404, "unavailable", type, "", text));
    }
}

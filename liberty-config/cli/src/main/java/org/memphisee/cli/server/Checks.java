package org.memphisee.cli.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;

import org.memphisee.cli.http.ManagementApi;
import org.memphisee.cli.http.Monitor;
import org.memphisee.cli.link.Broker;
import org.memphisee.cli.run.CliFailure;
import org.memphisee.cli.run.ExitCode;
import org.memphisee.cli.server.CheckResult.Figure;
import org.memphisee.cli.server.CheckResult.Status;
import org.memphisee.cli.context.Target;
import org.memphisee.client.BrokerSession;
import org.memphisee.client.SubscriptionHandler;
import org.memphisee.wire.ClientFrames;

/** The checks by name. */
public final class Checks {

    private static final byte[] NONE = {};
    private static final int MAX_NAMES = 5;

    private final Target target;
    private final Monitor monitor;
    private final Monitor metrics;
    private final Supplier<ManagementApi> api;
    private final Supplier<Broker> broker;
    private final int timeoutSeconds;
    private final Map<String, Supplier<CheckResult>> all = new LinkedHashMap<>();
    private OptionalDouble warn = OptionalDouble.empty();
    private OptionalDouble crit = OptionalDouble.empty();

    public Checks(Target target, Monitor monitor, Monitor metrics, Supplier<ManagementApi> api, Supplier<Broker> broker,
                  int timeoutSeconds) {
        this.target = target;
        this.monitor = monitor;
        this.metrics = metrics;
        this.api = api;
        this.broker = broker;
        this.timeoutSeconds = timeoutSeconds;
        all.put("ready", this::ready);
        all.put("connection", this::connection);
        all.put("storage", this::storage);
        all.put("streams", this::streams);
        all.put("groups", this::groups);
        all.put("metadata", this::metadata);
        all.put("certificates", this::certificates);
        all.put("roundtrip", this::roundTrip);
    }

    public List<String> names() {
        return List.copyOf(all.keySet());
    }

    /** Other limits than the defaults, for whatever the check measures. */
    public void limits(OptionalDouble newWarn, OptionalDouble newCrit) {
        warn = newWarn;
        crit = newCrit;
    }

    /** Makes one check. Who does not answer is critical; whatever else hinders it leaves the state unknown. */
    public CheckResult check(String name) {
        try {
            return all.get(name).get();
        } catch (CliFailure e) {
            return CheckResult.of(name, e.code() == ExitCode.UNREACHABLE ? Status.CRITICAL : Status.UNKNOWN, e.getMessage());
        }
    }

    private Figure figure(String name, double value, String unit, double usualWarn, double usualCrit) {
        return new Figure(name, value, unit, warn.orElse(usualWarn), crit.orElse(usualCrit));
    }

    private CheckResult ready() {
        JsonNode health = metrics.json("/health/ready");
        if (health.path("status").asText().equals("UP")) {
            return CheckResult.of("ready", Status.OK, "the broker serves clients");
        }
        List<String> down = new ArrayList<>();
        health.path("checks").forEach(row -> {
            if (!row.path("status").asText().equals("UP")) {
                down.add(row.path("name").asText());
            }
        });
        return CheckResult.of("ready", Status.CRITICAL, "not ready: " + String.join(", ", down));
    }

    private JsonNode part(String name) {
        for (JsonNode row : metrics.json("/health/ready").path("checks")) {
            if (row.path("name").asText().equals(name)) {
                return row;
            }
        }
        throw new CliFailure(ExitCode.TRY_AGAIN, "the broker does not say; it may be starting");
    }

    private CheckResult storage() {
        JsonNode part = part("storage-space");
        double percent = part.path("data").path("percent").asDouble();
        Figure figure = figure("percent", percent, "%", 80, 95);
        if (part.path("status").asText().equals("UP")) {
            return CheckResult.of("storage", "storage is used to " + Math.round(percent) + " %", figure);
        }
        return new CheckResult("storage", Status.CRITICAL, part.path("data").path("problem").asText("publishes are refused"),
            List.of(figure));
    }

    private CheckResult streams() {
        List<String> broken = new ArrayList<>();
        monitor.json("/healthz?details=true").path("errors").forEach(error -> {
            if (error.path("type").asText().equals("STREAM")) {
                broken.add(error.path("stream").asText());
            }
        });
        return broken.isEmpty() ? CheckResult.of("streams", Status.OK, "every stream takes messages")
            : CheckResult.of("streams", Status.CRITICAL, broken.size() + " take no messages: " + some(broken));
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MAX_NAMES, names.size()))) + (names.size() > MAX_NAMES ? " ..." : "");
    }

    private CheckResult groups() {
        long worst = 0;
        String who = "no group is behind";
        for (JsonNode station : api.get().get("monitoring/getMainOverviewData").path("delayed_cgs")) {
            for (JsonNode group : station.path("cgs")) {
                long lag = group.path("num_of_delayed_msgs").asLong();
                if (lag > worst) {
                    worst = lag;
                    who = "group " + group.path("cg_name").asText() + " of station " + station.path("station_name").asText()
                        + " is " + lag + " messages behind";
                }
            }
        }
        return CheckResult.of("groups", who, figure("lag", worst, "", 10_000, 100_000));
    }

    private CheckResult metadata() {
        JsonNode part = part("metadata");
        if (part.path("data").path("available").asBoolean()) {
            return CheckResult.of("metadata", Status.OK, "the database of definitions is up to date");
        }
        return CheckResult.of("metadata", part.path("status").asText().equals("UP") ? Status.WARNING : Status.CRITICAL,
            "the database of definitions is away for " + part.path("data").path("unavailable-seconds").asText() + " s");
    }

    private CheckResult connection() {
        try (Broker opened = broker.get()) {
            BrokerSession session = opened.open();
            long begun = System.nanoTime();
            opened.await(session.flush());
            double millis = (System.nanoTime() - begun) / 1e6;
            return CheckResult.of("connection", "user " + session.user() + " connects, the broker answers",
                figure("rtt", millis, "ms", 250, 2_000));
        }
    }

    private CheckResult roundTrip() {
        try (Broker opened = broker.get()) {
            BrokerSession session = opened.open();
            CompletableFuture<Void> arrived = new CompletableFuture<>();
            long sid = session.newSubscription(new SubscriptionHandler() {
                @Override
                public void message(byte[] bytes, int subjectOffset, int subjectLength, int replyOffset, int replyLength,
                                    int bodyOffset, int headerLength, int payloadLength) {
                    arrived.complete(null);
                }

                @Override
                public void readComplete() {
                    // one message is all
                }
            });
            String subject = session.inboxPrefix() + "check.1";
            ClientFrames frames = new ClientFrames(256);
            frames.line("SUB " + subject + " " + sid);
            frames.publish(subject.getBytes(StandardCharsets.UTF_8), NONE, NONE, "check".getBytes(StandardCharsets.UTF_8));
            long begun = System.nanoTime();
            session.send(frames);
            opened.await(arrived);
            return CheckResult.of("roundtrip", "a message came back", figure("time", (System.nanoTime() - begun) / 1e6, "ms",
                500, 5_000));
        }
    }

    private CheckResult certificates() {
        double least = Double.MAX_VALUE;
        String where = "";
        try {
            for (URI uri : List.of(target.api(), target.monitor(), target.metrics())) {
                if (uri.getScheme().equals("https")) {
                    double days = CertificateLook.daysLeft(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort(), false,
                        timeoutSeconds * 1000);
                    where = days < least ? uri.toString() : where;
                    least = Math.min(least, days);
                }
            }
            if (target.tls()) {
                double days = CertificateLook.daysLeft(target.host(), target.clientPort(), true, timeoutSeconds * 1000);
                where = days < least ? target.host() + ":" + target.clientPort() : where;
                least = Math.min(least, days);
            }
        } catch (IOException e) {
            return CheckResult.of("certificates", Status.CRITICAL, "a certificate cannot be looked at: " + e.getMessage());
        }
        if (where.isEmpty()) {
            return CheckResult.of("certificates", Status.OK, "none of the addresses used here is encrypted");
        }
        return CheckResult.of("certificates", "the certificate of " + where + " ends in " + (long) least + " days",
            figure("days", Math.floor(least), "", 21, 7));
    }
}

package org.memphisee.dashboard.live;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/** Topic {@code overview}: what runs and how much goes through. Not thread-safe. */
final class OverviewFigures {

    /** Five minutes, one sample a second. */
    private static final int HISTORY = 300;

    private record Sample(long atMillis, double in, double out) { }

    private final BrokerStatus status;
    private final RateMeter inMessages = new RateMeter();
    private final RateMeter outMessages = new RateMeter();
    private final RateMeter inBytes = new RateMeter();
    private final RateMeter outBytes = new RateMeter();
    private final Deque<Sample> history = new ArrayDeque<>();

    OverviewFigures(BrokerStatus status) {
        this.status = status;
    }

    /** The figures now. */
    ObjectNode sample(BrokerEngine engine, List<Reading> stations, long nowNanos, long nowMillis) {
        BrokerEngine.Counters counters = engine.counters();
        inMessages.observe(nowNanos, counters.inMessages());
        outMessages.observe(nowNanos, counters.outMessages());
        inBytes.observe(nowNanos, counters.inBytes());
        outBytes.observe(nowNanos, counters.outBytes());
        remember(nowMillis);
        ObjectNode json = Json.object().put("protocolVersion", engine.port().identity().version())
            .put("server", engine.port().identity().serverName()).put("startedAt", status.started().toEpochMilli());
        ArrayNode problems = json.putArray("problems");
        status.problems().forEach(problems::add);
        json.put("connections", counters.connections()).put("totalConnections", counters.totalConnections())
            .put("subscriptions", counters.subscriptions()).put("slowConsumers", counters.slowConsumers());
        Json.rate(json, "inRate", inMessages.perSecond());
        Json.rate(json, "outRate", outMessages.perSecond());
        Json.rate(json, "inBytesRate", inBytes.perSecond());
        Json.rate(json, "outBytesRate", outBytes.perSecond());
        json.put("stations", stations.size()).put("messages", stations.stream().mapToLong(Reading::messages).sum())
            .put("storedBytes", counters.storedBytes()).put("memoryBytes", counters.memoryBytes());
        status.settings().ifPresent(settings -> settings(json, settings));
        return json;
    }

    private static void settings(ObjectNode json, BrokerSettings settings) {
        json.put("wellKnownPassword", settings.access().wellKnownPassword());
        json.put("storeLimit", settings.storage().maxBytes());
        long total = 0;
        long free = 0;
        try {
            FileStore disk = Files.getFileStore(settings.storage().dataDir());
            total = disk.getTotalSpace();
            free = disk.getUsableSpace();
        } catch (IOException e) {
            total = 0; // shown as unknown; the broker itself reports a disk that is gone
        }
        json.put("diskTotal", total).put("diskFree", free);
    }

    private void remember(long nowMillis) {
        OptionalDouble in = inMessages.perSecond();
        OptionalDouble out = outMessages.perSecond();
        if (in.isPresent() && out.isPresent()) {
            history.add(new Sample(nowMillis, in.getAsDouble(), out.getAsDouble()));
            if (history.size() > HISTORY) {
                history.remove();
            }
        }
    }

    /** Samples taken while somebody looked, as {@code [[millis, in, out], …]}, the oldest first. */
    ArrayNode history() {
        ArrayNode samples = Json.object().arrayNode();
        history.forEach(s -> samples.addArray().add(s.atMillis()).add(Math.round(s.in() * 10) / 10.0)
            .add(Math.round(s.out() * 10) / 10.0));
        return samples;
    }
}

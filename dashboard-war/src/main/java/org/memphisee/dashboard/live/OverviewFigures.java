package org.memphisee.dashboard.live;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Executor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.observe.FlowHistory;
import org.memphisee.core.stations.StationReading;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/** Topic {@code overview}: what runs and how much goes through. Not thread-safe. */
final class OverviewFigures {

    /** What a page that comes gets of the throughput before. */
    private static final long HISTORY_MILLIS = 300_000;
    /** What comes with every look: more than lies between two frames for a page that nobody looks at. */
    private static final long RECENT_MILLIS = 10_000;

    private final BrokerStatus status;
    private final DirectorySize directory;
    private final RateMeter inMessages = new RateMeter();
    private final RateMeter outMessages = new RateMeter();
    private final RateMeter inBytes = new RateMeter();
    private final RateMeter outBytes = new RateMeter();
    private final RateMeter received = new RateMeter();
    private final RateMeter sent = new RateMeter();

    OverviewFigures(BrokerStatus status, Executor executor) {
        this.status = status;
        this.directory = new DirectorySize(executor, System::nanoTime);
    }

    /** The figures now. */
    ObjectNode sample(BrokerEngine engine, List<StationReading> stations, long nowNanos, long nowMillis) {
        BrokerEngine.Counters counters = engine.counters();
        inMessages.observe(nowNanos, counters.storedMessages());
        outMessages.observe(nowNanos, counters.deliveredMessages());
        received.observe(nowNanos, counters.inMessages());
        sent.observe(nowNanos, counters.outMessages());
        inBytes.observe(nowNanos, counters.inBytes());
        outBytes.observe(nowNanos, counters.outBytes());
        ObjectNode json = Json.object().put("protocolVersion", engine.port().identity().version())
            .put("server", engine.port().identity().serverName()).put("startedAt", status.started().toEpochMilli());
        ArrayNode problems = json.putArray("problems");
        status.problems().forEach(problems::add);
        engine.cluster().ifPresent(cluster -> {
            ArrayNode nodes = json.putArray("nodes");
            cluster.nodes().forEach(node -> nodes.addObject().put("name", node.name()).put("state", node.state().label()));
        });
        json.put("connections", counters.connections()).put("totalConnections", counters.totalConnections())
            .put("subscriptions", counters.subscriptions()).put("slowConsumers", counters.slowConsumers());
        Json.rate(json, "inRate", inMessages.perSecond());
        Json.rate(json, "outRate", outMessages.perSecond());
        Json.rate(json, "receivedRate", received.perSecond());
        Json.rate(json, "sentRate", sent.perSecond());
        Json.rate(json, "inBytesRate", inBytes.perSecond());
        Json.rate(json, "outBytesRate", outBytes.perSecond());
        json.put("stations", stations.size()).put("messages", stations.stream().mapToLong(StationReading::messages).sum())
            .put("storedBytes", counters.storedBytes()).put("memoryBytes", counters.memoryBytes());
        json.put("storagePercent", engine.storagePercent());
        json.put("wellKnownPassword", status.wellKnownPassword());
        status.settings().ifPresent(settings -> settings(json, settings));
        json.set("points", points(engine, nowMillis - RECENT_MILLIS, nowMillis));
        return json;
    }

    private void settings(ObjectNode json, BrokerSettings settings) {
        json.put("storeLimit", settings.storage().maxBytes());
        directory.of(settings.storage().dataDir()).ifPresent(bytes -> json.put("dataBytes", bytes));
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

    /** The throughput of the last minutes, whoever looked, as {@code [[millis, in, out], …]}, the oldest first. */
    static ArrayNode history(BrokerEngine engine, long nowMillis) {
        return points(engine, nowMillis - HISTORY_MILLIS, nowMillis);
    }

    private static ArrayNode points(BrokerEngine engine, long fromMillis, long toMillis) {
        ArrayNode points = Json.object().arrayNode();
        engine.history().points(FlowHistory.Step.SECOND, fromMillis, toMillis).forEach(p -> points.addArray()
            .add(p.atMillis()).add(Math.round(p.stored() * 10) / 10.0).add(Math.round(p.delivered() * 10) / 10.0));
        return points;
    }
}

package org.memphisee.gateway.monitor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.port.ServerIdentity;

/** The server's state as one JSON object (monitoring.md 1.3), in the order of the specification. */
final class Varz {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final BrokerStatus status;
    private final Map<String, LongAdder> requests;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    Varz(BrokerStatus status, Map<String, LongAdder> requests) {
        this.status = status;
        this.requests = requests;
    }

    ObjectNode toJson() {
        status.engine().ifPresent(engine -> identity(engine.port().identity()));
        json.put("go", "java " + Runtime.version());
        status.settings().ifPresent(this::listening);
        json.putObject("cluster");
        json.putObject("gateway");
        json.putObject("leaf");
        json.putObject("mqtt");
        json.putObject("websocket");
        status.settings().ifPresent(settings -> storage(settings, status.engine()));
        process();
        status.engine().ifPresent(engine -> traffic(engine.counters()));
        ObjectNode counts = json.putObject("http_req_stats");
        requests.forEach((path, count) -> counts.put(path, count.sum()));
        json.put("config_load_time", status.started().toString());
        return json;
    }

    private void identity(ServerIdentity identity) {
        json.put("server_id", identity.serverId()).put("server_name", identity.serverName())
            .put("version", identity.version()).put("proto", 1);
        if (identity.authRequired()) {
            json.put("auth_required", true);
        }
    }

    private void listening(BrokerSettings settings) {
        BrokerSettings.Listen listen = settings.listen();
        json.put("host", listen.address()).put("port", listen.clientPort());
        json.put("max_connections", settings.budgets().maxConnections());
        json.put("http_host", listen.address()).put("http_port", listen.monitorPort()).put("http_base_path", "")
            .put("https_port", 0);
        json.put("max_payload", settings.budgets().maxPayload());
        json.put("max_pending", settings.budgets().outboundBytes());
    }

    private void storage(BrokerSettings settings, java.util.Optional<BrokerEngine> engine) {
        ObjectNode jetstream = json.putObject("jetstream");
        ObjectNode config = jetstream.putObject("config");
        config.put("max_memory", settings.budgets().batchCacheBytes());
        config.put("max_storage", settings.storage().maxBytes());
        config.put("store_dir", settings.storage().dataDir().toString());
        if (settings.storage().durability() == BrokerSettings.Durability.ALWAYS) {
            config.put("sync_always", true);
        } else {
            config.put("sync_interval", settings.storage().syncIntervalMillis() * NANOS_PER_MILLI);
        }
        engine.map(BrokerEngine::counters).ifPresent(counters -> {
            ObjectNode stats = jetstream.putObject("stats");
            stats.put("memory", counters.memoryBytes()).put("storage", counters.storedBytes());
            stats.put("reserved_memory", 0).put("reserved_storage", 0).put("accounts", 1).put("ha_assets", 0);
            stats.putObject("api").put("total", counters.apiTotal()).put("errors", counters.apiErrors());
        });
    }

    private void process() {
        Instant now = Instant.now();
        json.put("start", status.started().toString()).put("now", now.toString())
            .put("uptime", uptime(Duration.between(status.started(), now)));
        json.put("mem", residentBytes());
        int processors = Runtime.getRuntime().availableProcessors();
        json.put("cores", processors).put("gomaxprocs", processors).put("cpu", cpuPercent(processors));
    }

    private void traffic(BrokerEngine.Counters counters) {
        json.put("connections", counters.connections()).put("total_connections", counters.totalConnections());
        json.put("routes", 0).put("remotes", 0).put("leafnodes", 0);
        json.put("in_msgs", counters.inMessages()).put("out_msgs", counters.outMessages());
        json.put("in_bytes", counters.inBytes()).put("out_bytes", counters.outBytes());
        json.put("slow_consumers", counters.slowConsumers()).put("subscriptions", counters.subscriptions());
    }

    /** As in {@code 1d2h3m4s}; leading zero parts are left out. */
    static String uptime(Duration duration) {
        StringBuilder text = new StringBuilder();
        if (duration.toDays() > 0) {
            text.append(duration.toDays()).append('d');
        }
        if (duration.toHours() > 0) {
            text.append(duration.toHoursPart()).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        return text.append(duration.toSecondsPart()).append('s').toString();
    }

    /** Resident bytes of the process where the system tells, else the memory the JVM has taken. */
    private static long residentBytes() {
        try {
            String statm = Files.readString(Path.of("/proc/self/statm"), StandardCharsets.US_ASCII);
            return Long.parseLong(statm.split(" ")[1]) * 4096;
        } catch (IOException | NumberFormatException e) {
            return Runtime.getRuntime().totalMemory();
        }
    }

    private static double cpuPercent(int processors) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            return Math.max(0, Math.round(system.getProcessCpuLoad() * processors * 1000) / 10.0);
        }
        return 0;
    }
}

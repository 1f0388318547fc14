package org.memphisee.gateway.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.ProcessFigures;
import org.memphisee.net.NetSettings;
import org.memphisee.net.WebSocketSettings;
import org.memphisee.port.ServerIdentity;

/** The server's state as one JSON object (monitoring.md 1.3), in the order of the specification. */
final class Varz {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final BrokerStatus status;
    private final Map<String, LongAdder> requests;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    Varz(BrokerStatus status, Map<String, LongAdder> requests) {
        this.status = status;
        this.requests = requests;
    }

    /** Complete once the broker is open; what it does not know before that is missing. */
    ObjectNode toJson() {
        Optional<BrokerEngine> engine = status.engine();
        engine.ifPresent(e -> identity(e.port().identity()));
        json.put("go", "java " + Runtime.version());
        status.settings().ifPresent(this::listening);
        ObjectNode cluster = json.putObject("cluster");
        status.settings().ifPresent(settings -> ClusterPart.varz(cluster, settings, engine));
        json.putObject("gateway");
        json.putObject("leaf");
        json.putObject("mqtt");
        status.settings().ifPresent(settings -> {
            webSocket(settings);
            ObjectNode jetstream = json.putObject("jetstream");
            engine.ifPresent(e -> storage(jetstream, settings, e));
        });
        process();
        engine.ifPresent(e -> traffic(e.counters(), ServerLinks.linked(e).size()));
        ObjectNode counts = json.putObject("http_req_stats");
        requests.forEach((path, count) -> counts.put(path, count.sum()));
        json.put("config_load_time", status.started().toString());
        engine.ifPresent(e -> json.put("system_account", "$SYS").putObject("slow_consumer_stats")
            .put("clients", e.counters().slowConsumers()).put("routes", 0).put("gateways", 0).put("leafs", 0));
        return json;
    }

    private void identity(ServerIdentity identity) {
        json.put("server_id", identity.serverId()).put("server_name", identity.serverName())
            .put("version", identity.version()).put("proto", 1);
    }

    private void listening(BrokerSettings settings) {
        BrokerSettings.Listen listen = settings.listen();
        NetSettings net = NetSettings.DEFAULTS;
        json.put("host", listen.address()).put("port", listen.clientPort());
        status.engine().filter(e -> e.port().identity().authRequired())
            .ifPresent(e -> json.put("auth_required", true));
        BrokerSettings.ClientTls tls = settings.tls().client();
        if (tls == BrokerSettings.ClientTls.REQUIRED || tls == BrokerSettings.ClientTls.MUTUAL) {
            json.put("tls_required", true);
        }
        if (tls == BrokerSettings.ClientTls.MUTUAL) {
            json.put("tls_verify", true);
        }
        status.engine().ifPresent(e -> ClusterPart.urls(json, e));
        json.put("max_connections", settings.budgets().maxConnections())
            .put("ping_interval", net.wire().pingIntervalMillis() * NANOS_PER_MILLI)
            .put("ping_max", net.wire().maxOutstandingPings());
        json.put("http_host", listen.address()).put("http_port", listen.monitorPort())
            .put("http_base_path", settings.monitoring().basePath())
            .put("https_port", 0);
        json.put("auth_timeout", net.wire().authTimeoutMillis() / MILLIS_PER_SECOND)
            .put("max_control_line", net.wire().maxControlLine());
        json.put("max_payload", status.engine().map(e -> e.port().identity().maxPayload())
            .orElse(settings.budgets().maxPayload())).put("max_pending", settings.budgets().outboundBytes());
        json.put("tls_timeout", net.wire().authTimeoutMillis() / MILLIS_PER_SECOND)
            .put("write_deadline", net.writeDeadlineMillis() * NANOS_PER_MILLI);
    }

    private void webSocket(BrokerSettings settings) {
        ObjectNode websocket = json.putObject("websocket");
        if (settings.listen().webSocketPort() == 0) {
            return;
        }
        websocket.put("host", settings.listen().address()).put("port", settings.listen().webSocketPort())
            .put("handshake_timeout", WebSocketSettings.OFF.handshakeMillis() * NANOS_PER_MILLI);
        if (!settings.tls().webSocket()) {
            websocket.put("no_tls", true);
        }
        if (settings.webSocket().origins().contains(WebSocketSettings.SAME_ORIGIN)) {
            websocket.put("same_origin", true);
        }
        settings.webSocket().origins().stream().filter(o -> !o.equals(WebSocketSettings.SAME_ORIGIN))
            .forEach(o -> websocket.withArray("allowed_origins").add(o));
        if (settings.webSocket().compression()) {
            websocket.put("compression", true);
        }
    }

    private static void storage(ObjectNode jetstream, BrokerSettings settings, BrokerEngine engine) {
        storageConfig(jetstream.putObject("config"), settings, engine);
        BrokerEngine.Counters counters = engine.counters();
        ObjectNode stats = jetstream.putObject("stats");
        stats.put("memory", counters.memoryBytes()).put("storage", counters.storedBytes());
        stats.put("reserved_memory", engine.reservedMemory()).put("reserved_storage", engine.reservedStorage())
            .put("accounts", 1).put("ha_assets", engine.cluster().map(status -> status.groups().size()).orElse(0));
        stats.putObject("api").put("total", counters.apiTotal()).put("errors", counters.apiErrors());
        engine.cluster().ifPresent(cluster -> ClusterPart.meta(jetstream, "meta", cluster));
    }

    /**
     * What may be stored; without a limit of its own the store may take what the disk has, so that shares make sense.
     */
    static void storageConfig(ObjectNode config, BrokerSettings settings, BrokerEngine engine) {
        long limit = settings.storage().maxBytes();
        long room = settings.storage().dataDir().toFile().getUsableSpace() - settings.storage().minFreeBytes();
        config.put("max_memory", settings.budgets().stationMemoryBytes());
        config.put("max_storage", limit > 0 ? limit : Math.max(0, room) + engine.counters().storedBytes());
        config.put("store_dir", settings.storage().dataDir().toString());
        config.put("sync_interval", settings.storage().syncIntervalMillis() * NANOS_PER_MILLI);
        if (settings.storage().durability() == BrokerSettings.Durability.ALWAYS) {
            config.put("sync_always", true);
        }
    }

    private void process() {
        Instant now = Instant.now();
        json.put("start", status.started().toString()).put("now", now.toString())
            .put("uptime", GoText.uptime(Duration.between(status.started(), now)));
        json.put("mem", ProcessFigures.residentBytes());
        int processors = Runtime.getRuntime().availableProcessors();
        json.put("cores", processors).put("gomaxprocs", processors).put("cpu", ProcessFigures.cpuPercent());
    }

    private void traffic(BrokerEngine.Counters counters, int linked) {
        json.put("connections", counters.connections()).put("total_connections", counters.totalConnections());
        json.put("routes", linked).put("remotes", linked).put("leafnodes", 0);
        json.put("in_msgs", counters.inMessages()).put("out_msgs", counters.outMessages());
        json.put("in_bytes", counters.inBytes()).put("out_bytes", counters.outBytes());
        json.put("slow_consumers", counters.slowConsumers()).put("subscriptions", counters.subscriptions());
    }
}

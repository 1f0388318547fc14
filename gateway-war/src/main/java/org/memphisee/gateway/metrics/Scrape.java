package org.memphisee.gateway.metrics;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.memphisee.core.observe.StreamFigures;
import org.memphisee.core.observe.StreamSnapshot;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.net.ConnectionFigures;

/**
 * One moment of the broker, read by all gauges of a scrape and taken anew when it is older than a second. Thread-safe.
 */
final class Scrape {

    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final int LISTED_CONNECTIONS = 1024;

    private final Monitor monitor;
    private final BrokerEngine engine;
    private volatile Moment moment;

    Scrape(Monitor monitor, BrokerEngine engine) {
        this.monitor = monitor;
        this.engine = engine;
        this.moment = take();
    }

    /**
     * Everything at one moment.
     *
     * @param takenNanos when, by the monotonic clock
     * @param numbers by name of the series
     * @param texts by name of the series
     * @param streams by name
     */
    record Moment(long takenNanos, Map<String, Double> numbers, Map<String, String> texts,
                  Map<String, StreamFigures> streams) { }

    /** The newest moment that may be shown. */
    Moment moment() {
        Moment known = moment;
        if (System.nanoTime() - known.takenNanos() < FRESH_NANOS) {
            return known;
        }
        synchronized (this) {
            if (moment == known) {
                moment = take();
            }
            return moment;
        }
    }

    /** Takes a moment now, for whoever must not miss a change. */
    synchronized Moment renewed() {
        moment = take();
        return moment;
    }

    /** A number of the server, 0 when it is not there. */
    double number(String name) {
        return moment().numbers().getOrDefault(name, 0.0);
    }

    private Moment take() {
        Map<String, Double> numbers = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        Flat.collect("memphis_varz", monitor.varz(), numbers, texts);
        Flat.collect("memphis_subsz", monitor.show("/subsz", engine), numbers, texts);
        Flat.collect("memphis_routez", monitor.show("/routez", engine), numbers, texts);
        numbers.put("memphis_varz_jetstream_meta_cluster_size", 1.0);
        connections(numbers);
        StreamSnapshot snapshot = engine.observer().streams(0);
        server(numbers, snapshot);
        BrokerStatus status = monitor.status();
        numbers.put("memphis_healthz_status", status.health().isEmpty() ? 0.0 : 1.0);
        Map<String, StreamFigures> streams = new HashMap<>();
        snapshot.streams().forEach(s -> streams.put(s.name(), s));
        return new Moment(System.nanoTime(), Map.copyOf(numbers), Map.copyOf(texts), streams);
    }

    private void connections(Map<String, Double> numbers) {
        List<ConnectionFigures> all = engine.openConnections();
        List<ConnectionFigures> listed = all.size() <= LISTED_CONNECTIONS ? all : all.stream()
            .sorted(Comparator.comparingLong(ConnectionFigures::clientId)).limit(LISTED_CONNECTIONS).toList();
        String connz = "memphis_connz_";
        numbers.put(connz + "num_connections", (double) listed.size());
        numbers.put(connz + "total", (double) all.size());
        numbers.put(connz + "offset", 0.0);
        numbers.put(connz + "limit", (double) LISTED_CONNECTIONS);
        numbers.put(connz + "pending_bytes", sum(listed, ConnectionFigures::pendingBytes));
        numbers.put(connz + "subscriptions", sum(listed, ConnectionFigures::subscriptions));
        numbers.put(connz + "in_bytes", sum(listed, ConnectionFigures::inBytes));
        numbers.put(connz + "out_bytes", sum(listed, ConnectionFigures::outBytes));
        numbers.put(connz + "in_msgs", sum(listed, ConnectionFigures::inMessages));
        numbers.put(connz + "out_msgs", sum(listed, ConnectionFigures::outMessages));
    }

    private static double sum(List<ConnectionFigures> connections,
                              java.util.function.ToLongFunction<ConnectionFigures> figure) {
        return connections.stream().mapToLong(figure).sum();
    }

    private static void server(Map<String, Double> numbers, StreamSnapshot snapshot) {
        String server = "memphis_server_";
        numbers.put(server + "jetstream_disabled", 0.0);
        numbers.put(server + "total_streams", (double) snapshot.streams().size());
        numbers.put(server + "total_consumers", (double) snapshot.consumers());
        numbers.put(server + "total_messages", (double) snapshot.messages());
        numbers.put(server + "total_message_bytes", (double) snapshot.bytes());
        numbers.put(server + "max_memory", numbers.getOrDefault("memphis_varz_jetstream_config_max_memory", 0.0));
        numbers.put(server + "max_storage", numbers.getOrDefault("memphis_varz_jetstream_config_max_storage", 0.0));
    }
}

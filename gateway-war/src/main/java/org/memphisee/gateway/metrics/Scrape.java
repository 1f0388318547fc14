package org.memphisee.gateway.metrics;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.memphisee.core.observe.StreamFigures;
import org.memphisee.core.observe.StreamSnapshot;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.gateway.monitor.SystemStreams;
import org.memphisee.net.ConnectionFigures;

/**
 * One moment of the broker, which everything in a scrape shows. Scrapes that come at the same time share it; a gauge
 * that somebody reads by itself shows one that is at most a second old. Thread-safe.
 */
final class Scrape {

    /** Consumers that have no series because of the limit. */
    private static final String LEFT_OUT = "memphis_broker_consumers_without_series";
    private static final long FRESH_NANOS = 1_000_000_000L;
    private static final long SHARED_NANOS = 250_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int LISTED_CONNECTIONS = 1024;

    private final Monitor monitor;
    private final BrokerEngine engine;
    private final Selection selection;
    private volatile Moment moment;

    Scrape(Monitor monitor, BrokerEngine engine, Selection selection) {
        this.monitor = monitor;
        this.engine = engine;
        this.selection = selection;
        this.moment = take();
    }

    /**
     * Everything at one moment.
     *
     * @param takenNanos when, by the monotonic clock
     * @param generation of its streams and consumers
     * @param numbers by name of the series
     * @param texts by name of the series
     * @param streams those that have series of their own, with their consumers that have, by name
     */
    record Moment(long takenNanos, long generation, Map<String, Double> numbers, Map<String, String> texts,
                  List<StreamFigures> streams) { }

    /** The moment for a scrape that begins: what was removed before is not in it. */
    synchronized Moment begin() {
        if (older(SHARED_NANOS) || moment.generation() != engine.observer().generation()) {
            moment = take();
        }
        return moment;
    }

    /** A number of the server, 0 when it is not there. */
    double number(String name) {
        if (older(FRESH_NANOS)) {
            synchronized (this) {
                if (older(FRESH_NANOS)) {
                    moment = take();
                }
            }
        }
        return moment.numbers().getOrDefault(name, 0.0);
    }

    private boolean older(long nanos) {
        return System.nanoTime() - moment.takenNanos() >= nanos;
    }

    private Moment take() {
        long generation = engine.observer().generation();
        Map<String, Double> numbers = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        Flat.collect("memphis_varz", monitor.varz(), numbers, texts);
        Flat.collect("memphis_subsz", monitor.show("/subsz", engine), numbers, texts);
        Flat.collect("memphis_routez", monitor.show("/routez", engine), numbers, texts);
        numbers.putIfAbsent("memphis_varz_jetstream_meta_cluster_size", 1.0);
        connections(numbers);
        StreamSnapshot snapshot = engine.observer().streams(0);
        server(numbers, snapshot);
        BrokerStatus status = monitor.status();
        numbers.put("memphis_healthz_status", status.health().isEmpty() ? 0.0 : 1.0);
        Selection.Selected selected = selection.of(
            SystemStreams.with(snapshot.streams(), status.started().toEpochMilli() * NANOS_PER_MILLI,
            engine.observer()));
        numbers.put(LEFT_OUT, (double) selected.consumersLeftOut());
        return new Moment(System.nanoTime(), generation, Map.copyOf(numbers), Map.copyOf(texts), selected.streams());
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
                              ToLongFunction<ConnectionFigures> figure) {
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

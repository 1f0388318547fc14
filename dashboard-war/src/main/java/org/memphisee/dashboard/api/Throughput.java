package org.memphisee.dashboard.api;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.ejb.BrokerEngine;

/**
 * Bytes that clients sent and were sent in each of the last twenty seconds (management-api.md M-061). Fed once a second
 * by one thread; thread-safe.
 */
final class Throughput {

    /** As many as the page draws. */
    static final int SAMPLES = 20;

    private record Sample(Instant at, Map<String, Moved> moved) { }

    /**
     * Bytes of one broker.
     *
     * @param sent to clients; "read" for whoever looks from outside
     * @param received from clients
     */
    record Moved(long sent, long received) {
        private static final Moved NOTHING = new Moved(0, 0);

        private Moved since(Moved before) {
            return before == null ? NOTHING : new Moved(Math.max(0, sent - before.sent), Math.max(0, received - before.received));
        }
    }

    private final Deque<Sample> samples = new ArrayDeque<>();
    private Map<String, Moved> last = Map.of();

    /** What each broker has moved since its start, as far as it is known here; this one first. */
    static Map<String, Moved> totals(BrokerEngine engine) {
        BrokerEngine.Counters own = engine.counters();
        Map<String, Moved> totals = new TreeMap<>();
        totals.put(engine.port().identity().serverName(), new Moved(own.outBytes(), own.inBytes()));
        engine.cluster().ifPresent(cluster -> cluster.nodes().stream().filter(node -> !node.name().equals(cluster.self()))
            .forEach(node -> node.figures().filter(known -> node.state() != NodeState.AWAY).map(known -> known.use().traffic())
                .ifPresent(traffic -> totals.put(node.name(), new Moved(traffic.outBytes(), traffic.inBytes())))));
        return totals;
    }

    /**
     * A second has passed.
     *
     * @param at when
     * @param totals since the start, by broker
     */
    synchronized void sample(Instant at, Map<String, Moved> totals) {
        if (!last.isEmpty()) {
            Map<String, Moved> moved = new HashMap<>();
            totals.forEach((broker, now) -> moved.put(broker, now.since(last.get(broker))));
            samples.add(new Sample(at, moved));
            if (samples.size() > SAMPLES) {
                samples.remove();
            }
        }
        last = Map.copyOf(totals);
    }

    /** The samples of all together and of each broker, the oldest first; one that was not known in a second has moved nothing in it. */
    ArrayNode json(String broker) {
        List<Sample> now;
        SortedSet<String> names = new TreeSet<>(Set.of(broker));
        synchronized (this) {
            now = new ArrayList<>(samples);
            names.addAll(last.keySet());
        }
        ArrayNode brokers = Texts.array();
        write(brokers.addObject().put("name", "total"), now, sample -> sample.moved().values().stream()
            .reduce(Moved.NOTHING, (a, b) -> new Moved(a.sent() + b.sent(), a.received() + b.received())));
        names.forEach(name -> write(brokers.addObject().put("name", name), now, sample ->
            sample.moved().getOrDefault(name, Moved.NOTHING)));
        return brokers;
    }

    private static void write(ObjectNode one, List<Sample> samples, Function<Sample, Moved> moved) {
        ArrayNode read = one.putArray("read");
        ArrayNode write = one.putArray("write");
        samples.forEach(sample -> {
            read.addObject().put("timestamp", sample.at().toString()).put("read", moved.apply(sample).sent());
            write.addObject().put("timestamp", sample.at().toString()).put("write", moved.apply(sample).received());
        });
    }
}

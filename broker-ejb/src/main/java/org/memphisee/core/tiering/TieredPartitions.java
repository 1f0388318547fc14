package org.memphisee.core.tiering;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.control.StationDefinition;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.tier.TierRules;

/**
 * Partitions of stations that want tiered storage, while there is an integration for it: they hold what their limits no longer
 * allow. Control loop, but for what says otherwise.
 */
public final class TieredPartitions {

    /** Name of the integration. */
    public static final String INTEGRATION = "s3";

    private final ControlEngine engine;
    private final TierRules rules;
    private final Map<Long, Map<Long, String>> byStation = new HashMap<>();
    private final Map<Long, String> streams = new ConcurrentHashMap<>();
    private boolean on;

    /** None yet; {@code rules} are those of the partitions. */
    public TieredPartitions(ControlEngine engine, TierRules rules) {
        this.engine = engine;
        this.rules = rules;
    }

    /** Takes over what was recovered. Before partitions are opened, on whatever thread that is. */
    public void recovered() {
        on = wanted(engine.definitions());
        engine.definitions().stations().forEach(this::add);
        engine.listen((index, event) -> happened(event));
    }

    private static boolean wanted(Definitions definitions) {
        return definitions.integrations().find(INTEGRATION).isPresent();
    }

    /** Names of their streams. Any thread. */
    Collection<String> streams() {
        return streams.values();
    }

    /** Whether a partition's limits wait for the second tier. Any thread. */
    boolean has(long partition) {
        return streams.containsKey(partition);
    }

    /** Whether there are none. Any thread. */
    boolean none() {
        return streams.isEmpty();
    }

    private void happened(SystemEvent event) {
        if (event instanceof SystemEvent.StationCreated e) {
            engine.definitions().stationById(e.id()).ifPresent(this::add);
        } else if (event instanceof SystemEvent.StationUpdated e) {
            engine.definitions().stationById(e.id()).ifPresent(station -> {
                if (station.created().tieredStorage()) {
                    add(station);
                } else {
                    byStation.getOrDefault(e.id(), Map.of()).forEach(this::release);
                    byStation.remove(e.id());
                }
            });
        } else if (event instanceof SystemEvent.StationGrown e) {
            engine.definitions().stationById(e.stationId()).ifPresent(this::add);
        } else if (event instanceof SystemEvent.StationDeleted e) {
            byStation.getOrDefault(e.id(), Map.of()).keySet().forEach(id -> {
                streams.remove(id);
                rules.set(id, false);
            });
            byStation.remove(e.id());
        } else if (event instanceof SystemEvent.IntegrationSaved || event instanceof SystemEvent.IntegrationRemoved) {
            turn(wanted(engine.definitions()));
        }
    }

    private void add(StationDefinition station) {
        if (station.created().tieredStorage()) {
            Map<Long, String> known = byStation.computeIfAbsent(station.id(), id -> new HashMap<>());
            for (long id : station.livePartitions()) {
                String name = engine.definitions().streamById(id).map(StreamDefinition::name).orElse("");
                if (known.put(id, name) == null) {
                    hold(id, name);
                }
            }
        }
    }

    private void hold(long id, String stream) {
        rules.set(id, on);
        if (on) {
            streams.put(id, stream);
        } else {
            streams.remove(id);
        }
        boolean holds = on;
        engine.registry().byName(stream).ifPresent(handle -> handle.run(p -> p.retirement().hold(holds)));
    }

    /** Its limits remove at once what they waited with. */
    private void release(long id, String stream) {
        rules.set(id, false);
        streams.remove(id);
        engine.registry().byName(stream).ifPresent(handle -> handle.run(p -> p.retirement().hold(false)));
    }

    private void turn(boolean now) {
        if (now != on) {
            on = now;
            List.copyOf(byStation.values()).forEach(all -> all.forEach(this::hold));
        }
    }
}

package org.memphisee.core.control;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaBench;
import org.memphisee.core.schema.SchemaGates;
import org.memphisee.core.schema.StationCheck;

/** Makes true what is defined of a station's schema: its version is made ready, then its partitions look at messages. Control
 * loop only; what comes after comes there too, or at once. */
final class SchemaEffects {

    private final Definitions definitions;
    private final ControlLoop loop;
    private final SchemaBench bench;
    private final SchemaGates gates;

    SchemaEffects(Definitions definitions, ControlLoop loop, SchemaBench bench, SchemaGates gates) {
        this.definitions = definitions;
        this.loop = loop;
        this.bench = bench;
        this.gates = gates;
    }

    /** Does what follows from an event that was folded, then what comes after. */
    void perform(SystemEvent event, Runnable after) {
        if (event instanceof SchemaEvent.SchemaAttached e) {
            station(e.stationId(), after);
        } else if (event instanceof SchemaEvent.SchemaDetached e) {
            definitions.partitionsOf(e.stationId()).forEach(partition -> gates.check(partition, null));
            after.run();
        } else if (event instanceof SystemEvent.StationCreated e) {
            station(e.id(), after);
        } else if (event instanceof SystemEvent.StationGrown e) {
            station(e.stationId(), after);
        } else {
            after.run();
        }
    }

    /** Everything that was recovered, then what comes after. */
    void performAll(Runnable after) {
        List<Long> stations = definitions.schemas().attached().map(SchemaEvent.SchemaAttached::stationId).toList();
        AtomicInteger open = new AtomicInteger(stations.size() + 1);
        Runnable one = () -> {
            if (open.decrementAndGet() == 0) {
                after.run();
            }
        };
        stations.forEach(station -> station(station, one));
        one.run();
    }

    private void station(long stationId, Runnable after) {
        SchemaEvent.SchemaAttached attached = definitions.schemas().of(stationId).orElse(null);
        List<Long> partitions = definitions.partitionsOf(stationId);
        if (attached == null || partitions.isEmpty()) {
            after.run();
            return;
        }
        if (attached.enforcement() == Enforcement.OFF) {
            partitions.forEach(partition -> gates.check(partition, null));
            after.run();
            return;
        }
        SchemaDefinition schema = definitions.schemas().byId(attached.schemaId()).orElseThrow();
        SchemaDefinition.Version version = schema.version(attached.version()).orElseThrow();
        bench.check(schema.name(), version.number(), schema.type(), version.text()).thenAccept(check -> loop.resume(() -> {
            StationCheck wanted = new StationCheck(schema.name(), schema.type(), version.number(),
                attached.enforcement() == Enforcement.REFUSE, check);
            partitions.forEach(partition -> gates.check(partition, wanted));
            after.run();
        }));
    }
}

package org.memphisee.core.definitions;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.stations.GroupRequest;
import org.memphisee.core.stations.StationOrder;
import org.memphisee.core.stations.StationRequest;
import org.memphisee.core.stream.StreamConfig.Durability;

/**
 * A station in a document.
 *
 * @param request what the station is
 * @param schema the schema that it has
 * @param retry when its dead letters are given again by themselves; empty when nothing is said
 * @param groups its consumer groups: limits and where they were asked to begin, not where they are
 */
record StationItem(StationRequest request, Optional<Pin> schema, Optional<RetryPolicy> retry, List<GroupRequest> groups) {

    /**
     * The schema of a station.
     *
     * @param schema name of the schema
     * @param version the version that it has, 0 for the active one
     * @param enforcement what the broker does with messages that do not fit
     */
    record Pin(String schema, int version, Enforcement enforcement) { }

    StationItem {
        groups = List.copyOf(groups);
    }

    /** The same with the version of its schema that the other has, when this one names none. */
    StationItem pinnedAs(StationItem other) {
        return new StationItem(request, schema.map(pin -> pin.version() != 0 ? pin : other.schema
            .filter(there -> there.schema().equals(pin.schema()))
            .map(there -> new Pin(pin.schema(), there.version(), pin.enforcement())).orElse(pin)), retry, groups);
    }

    String name() {
        return request.name();
    }

    /** As it is asked for; the dead-letter station comes when all stations are there, unless it is the station itself. */
    StationOrder order() {
        return new StationOrder(name(), retention(request), request.retentionValue(), storage(request), request.replicas(),
            request.partitions(), request.windowMillis(), request.dlsPoison(), request.dlsSchemaverse(),
            request.dlsStation().equals(name()) ? name() : "", request.tieredStorage(), durability(request), request.tags());
    }

    static String retention(StationRequest request) {
        return request.retentionType().name().toLowerCase(Locale.ROOT);
    }

    static String storage(StationRequest request) {
        return request.storage().name().toLowerCase(Locale.ROOT);
    }

    static String durability(StationRequest request) {
        return request.durability() == Durability.INTERVAL ? "interval" : "fsync";
    }
}

package org.memphisee.gateway.monitor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.memphisee.core.observe.BrokerObserver;
import org.memphisee.core.observe.StreamFigures;

/**
 * The reference's own streams. Alert rules ask for some of them by name and must find a 0 rather than nothing
 * (monitoring.md 1.7 and 2.3), so they are shown whether this broker stores something under the name or not. Those of dead
 * letters tell how many there are. They are in no total.
 */
public final class SystemStreams {

    private static final List<String> NAMES = List.of("$memphis-throughput-v1", "$memphis_dls_nacked",
        "$memphis_dls_schemaverse", "$memphis_dls_unacked", "$memphis_integrations_audit_logs",
        "$memphis_notifications_buffer", "$memphis_syslogs", "$memphis_tiered_storage");

    private SystemStreams() { }

    /**
     * The streams that are there, behind the reference's own ones that are not, which are empty.
     *
     * @param streams what is there
     * @param createdNanos when the others say they were created, nanoseconds since the epoch
     * @param observer knows how many dead letters there are
     */
    public static List<StreamFigures> with(List<StreamFigures> streams, long createdNanos, BrokerObserver observer) {
        Set<String> there = new HashSet<>();
        streams.forEach(s -> there.add(s.name()));
        List<StreamFigures> all = new ArrayList<>(streams.size() + NAMES.size());
        NAMES.stream().filter(name -> !there.contains(name))
            .forEach(name -> all.add(StreamFigures.empty(name, createdNanos).holding(messages(name, observer))));
        all.addAll(streams);
        return all;
    }

    private static long messages(String name, BrokerObserver observer) {
        return switch (name) {
            case "$memphis_dls_unacked" -> observer.deadLetters(false);
            case "$memphis_dls_schemaverse" -> observer.deadLetters(true);
            default -> 0;
        };
    }
}

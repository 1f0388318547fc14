package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.observe.BrokerObserver.Letters;

/**
 * Writes how many dead letters stations have, by kind. Nothing is registered: a station that has none any more is gone with the
 * next scrape.
 */
final class DeadLetterText {

    private static final String NAME = "memphis_broker_dls_messages";

    private DeadLetterText() { }

    /**
     * Writes a line for each kind of each station that has some.
     *
     * @param name only what has this name; empty for all
     * @return whether there was anything
     */
    static boolean write(TextWriter out, List<Letters> letters, String name) throws IOException {
        if (letters.isEmpty() || !name.isEmpty() && !name.equals(NAME)) {
            return false;
        }
        Map<String, long[]> byStation = new TreeMap<>();
        letters.forEach(of -> {
            long[] sum = byStation.computeIfAbsent(RejectionSeries.station(of.stream()), station -> new long[2]);
            sum[0] += of.poison();
            sum[1] += of.schema();
        });
        out.family(NAME, "gauge", "Dead letters of stations that have some.");
        for (Map.Entry<String, long[]> station : byStation.entrySet()) {
            line(out, station.getKey(), "poison", station.getValue()[0]);
            line(out, station.getKey(), "schema", station.getValue()[1]);
        }
        return true;
    }

    private static void line(TextWriter out, String station, String type, long count) throws IOException {
        out.raw(NAME).raw("{mp_scope=\"application\",").label("station", station).raw(",").label("type",
            type).raw("}").value(count);
    }
}

package org.memphisee.core.memphis;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.control.Definitions;
import org.memphisee.core.notices.Alert;
import org.memphisee.core.notices.Alerts;
import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.time.BrokerClock;

/** Alerts that follow from what SDKs say and do (wire-protocol.md 3.10, F-131, F-148). */
final class ClientAlerts {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
        StreamReadConstraints.builder().maxNestingDepth(8).build()).build()).build();
    private static final String SCHEMA_FAILURE = "schema_validation_fail_alert";
    private static final Pattern STATION = Pattern.compile("Station: ([A-Za-z0-9_.#-]{1,128})");
    private static final int NAMED = 5;
    private static final int STATIONS = 20;

    /** Alerts in a minute that SDKs may tell of, so that one that tells of many leaves room for those of others. */
    static final int TOLD_IN_A_MINUTE = 120;
    /** Of those, alerts of one client: one that goes mad leaves room for the others. */
    static final int TOLD_BY_ONE = 30;
    /** Bytes of what an SDK tells; it has a message of at most so many in it, as text. */
    static final int MAX_BYTES = 64 << 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final BrokerClock clock;
    private final BiPredicate<String, String> mayWrite;
    /** Who told how often in this minute; never more of them than alerts in a minute. */
    private final Map<String, Integer> tellers = new HashMap<>();
    private long minute = Long.MIN_VALUE;
    private int toldInMinute;

    /**
     * Alerts of clients.
     *
     * @param mayWrite whether a user may produce to a station
     */
    ClientAlerts(BrokerClock clock, BiPredicate<String, String> mayWrite) {
        this.clock = clock;
        this.mayWrite = mayWrite;
    }

    private synchronized boolean mayTell(ClientIdentity client) {
        long now = Math.floorDiv(clock.nowNanos(), MINUTE_NANOS);
        if (minute != now) {
            minute = now;
            toldInMinute = 0;
            tellers.clear();
        }
        String teller = client.user() + ' ' + client.address() + ' ' + client.connectionId();
        int told = tellers.getOrDefault(teller, 0);
        if (toldInMinute >= TOLD_IN_A_MINUTE || told >= TOLD_BY_ONE) {
            return false;
        }
        toldInMinute++;
        tellers.put(teller, told + 1);
        return true;
    }

    /**
     * An SDK tells that a message broke its schema; what cannot be read, is too much or about a station that its user may not
     * produce to is dropped. Any thread.
     */
    void told(ClientIdentity client, byte[] payload, Alerts alerts) {
        if (payload.length > MAX_BYTES) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(payload);
            if (json == null || !member(json, "type").equals(SCHEMA_FAILURE)) {
                return;
            }
            String message = member(json, "msg");
            Matcher named = STATION.matcher(message);
            String station = named.find() ? named.group(1).toLowerCase(Locale.ROOT).replace('#', '.') : "";
            if ((station.isEmpty() || mayWrite.test(client.user(), station)) && mayTell(client)) {
                alerts.raise(new Alert(Alert.Kind.SCHEMA_FAILURE, station, message, member(json, "code"), 0));
            }
        } catch (IOException e) {
            // nobody waits for an answer, and a client's mistake is no alert
        }
    }

    /** A member by name, whose case SDKs do not agree on. */
    private static String member(JsonNode json, String name) {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (member.getKey().equalsIgnoreCase(name) && member.getValue().isTextual()) {
                return member.getValue().textValue();
            }
        }
        return "";
    }

    /** A connection went, and with it these producers and consumers: one alert for each station. Control loop. */
    static void left(List<Member> members, Definitions definitions, Alerts alerts) {
        if (members.isEmpty()) {
            return;
        }
        Map<Long, List<Member>> byStation = members.stream()
            .collect(Collectors.groupingBy(Member::stationId, TreeMap::new, Collectors.toList()));
        byStation.entrySet().stream().limit(STATIONS).forEach(entry -> {
            String station = definitions.stationById(entry.getKey()).map(s -> s.name())
                .or(() -> definitions.streamById(entry.getKey()).map(s -> s.name())).orElse("");
            List<Member> left = entry.getValue();
            String who = left.stream().distinct().limit(NAMED).map(ClientAlerts::named).collect(Collectors.joining(", "));
            alerts.raise(new Alert(Alert.Kind.DISCONNECTION, station, who
                + (left.size() > NAMED ? " and " + (left.size() - NAMED) + " more" : "") + " disconnected", "", 0));
        });
    }

    private static String named(Member member) {
        return member.producer() ? "producer " + member.name() : "consumer " + member.name() + " of group " + member.group();
    }
}

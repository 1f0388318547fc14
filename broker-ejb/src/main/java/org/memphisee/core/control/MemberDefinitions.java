package org.memphisee.core.control;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.memphisee.core.control.SystemEvent.MemberRegistered;

/** Registered producers and consumers, as part of the fold over all durable events. Control loop only. */
public final class MemberDefinitions {

    private final Map<Long, Map<Long, MemberRegistered>> byStation = new HashMap<>();
    private final Map<Long, Long> stationOf = new HashMap<>();

    /** How many there are. */
    public int count() {
        return stationOf.size();
    }

    /** All of them; those of one station in the order in which they came. */
    public Stream<MemberRegistered> all() {
        return byStation.values().stream().flatMap(members -> members.values().stream());
    }

    /** The registration with a number. */
    public Optional<MemberRegistered> byId(long id) {
        Long station = stationOf.get(id);
        return station == null ? Optional.empty() : Optional.ofNullable(byStation.get(station).get(id));
    }

    void add(MemberRegistered member) {
        byStation.computeIfAbsent(member.stationId(), id -> new LinkedHashMap<>()).put(member.id(), member);
        stationOf.put(member.id(), member.stationId());
    }

    void remove(Iterable<Long> ids) {
        for (Long id : ids) {
            Long station = stationOf.remove(id);
            if (station != null) {
                byStation.computeIfPresent(station, (s, members) -> {
                    members.remove(id);
                    return members.isEmpty() ? null : members;
                });
            }
        }
    }

    void removeStation(long stationId) {
        Map<Long, MemberRegistered> gone = byStation.remove(stationId);
        if (gone != null) {
            stationOf.keySet().removeAll(gone.keySet());
        }
    }
}

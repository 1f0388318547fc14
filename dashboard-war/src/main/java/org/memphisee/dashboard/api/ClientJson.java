package org.memphisee.dashboard.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationOverview.GroupView;
import org.memphisee.core.stations.StationOverview.MemberView;
import org.memphisee.core.stations.StationView;

/** Producers, consumers and groups in the overview of a station (management-api.md 2). */
final class ClientJson {

    /** Producers of this type are not applications (F-058). */
    private static final String CONNECTOR = "connector";
    private static final int MAX_MEMBERS = 5_000;
    /** Requests of SDKs older than this say that there is a newer one. */
    private static final int PRESENT_VERSION = 4;

    private ClientJson() { }

    /** Writes the six lists. */
    static void write(ObjectNode n, StationOverview overview) {
        ArrayNode connected = n.putArray("connected_producers");
        ArrayNode disconnected = n.putArray("disconnected_producers");
        n.putArray("deleted_producers");
        int id = 1;
        for (List<MemberView> sameName : byName(overview, view -> view.member().producer()
            && !view.member().type().equals(CONNECTOR)).values()) {
            boolean active = sameName.stream().anyMatch(MemberView::active);
            (active ? connected : disconnected).add(producer(id++, sameName, active, overview.station().name()));
        }
        ArrayNode connectedGroups = n.putArray("connected_cgs");
        ArrayNode disconnectedGroups = n.putArray("disconnected_cgs");
        n.putArray("deleted_cgs");
        for (GroupView group : overview.groups()) {
            (group.active() ? connectedGroups : disconnectedGroups).add(group(group, overview));
        }
    }

    /** Whether a producer of that name is connected. */
    static boolean producing(StationOverview overview, String name) {
        return overview.members().stream().anyMatch(m -> m.active() && m.member().producer() && m.member().name().equals(name));
    }

    private static Map<String, List<MemberView>> byName(StationOverview overview, Predicate<MemberView> wanted) {
        Map<String, List<MemberView>> byName = new LinkedHashMap<>();
        overview.members().stream().filter(wanted).limit(MAX_MEMBERS)
            .forEach(view -> byName.computeIfAbsent(view.member().name(), name -> new ArrayList<>()).add(view));
        return byName;
    }

    private static ObjectNode producer(int id, List<MemberView> sameName, boolean active, String station) {
        Member member = sameName.get(0).member();
        long connected = sameName.stream().filter(MemberView::active).count();
        return Texts.object().put("id", id).put("name", member.name()).put("updated_at", Texts.NEVER)
            .put("station_name", station).put("is_active", active).put("connected_producers_count", connected)
            .put("disconnected_producers_count", sameName.size() - connected).put("sdk_language", member.sdk())
            .put("update_available", member.requestVersion() < PRESENT_VERSION);
    }

    private static ObjectNode group(GroupView group, StationOverview overview) {
        StationView station = overview.station();
        ObjectNode n = Texts.object().put("name", group.name()).put("unprocessed_messages", group.unprocessed())
            .put("poison_messages", group.givenUp()).put("is_active", group.active()).put("in_process_messages", group.inProcess())
            .put("max_ack_time_ms", group.maxAckTimeMillis()).put("max_msg_deliveries", group.maxDeliveries());
        ArrayNode connected = n.putArray("connected_consumers");
        ArrayNode disconnected = n.putArray("disconnected_consumers");
        n.putArray("deleted_consumers");
        String sdk = "";
        boolean old = false;
        int id = 1;
        for (List<MemberView> sameName : byName(overview,
            view -> !view.member().producer() && view.member().group().equals(group.name())).values()) {
            Member member = sameName.get(0).member();
            boolean active = sameName.stream().anyMatch(MemberView::active);
            sdk = member.sdk();
            old |= member.requestVersion() < PRESENT_VERSION;
            (active ? connected : disconnected).add(consumer(id++, sameName, active, group, station));
        }
        n.put("last_status_change_date", Texts.NEVER);
        n.set("partitions_list", partitions(group));
        return n.put("sdk_language", sdk).put("update_available", old);
    }

    private static ObjectNode consumer(int id, List<MemberView> sameName, boolean active, GroupView group,
                                       StationView station) {
        Member member = sameName.get(0).member();
        ObjectNode n = Texts.object().put("id", id).put("name", member.name()).put("updated_at", Texts.NEVER)
            .put("is_active", active).put("consumers_group", group.name())
            .put("max_ack_time_ms", group.maxAckTimeMillis()).put("max_msg_deliveries", group.maxDeliveries())
            .put("station_name", station.name());
        n.set("partitions_list", partitions(group));
        return n.put("count", sameName.size()).put("sdk_language", member.sdk())
            .put("update_available", member.requestVersion() < PRESENT_VERSION);
    }

    private static ArrayNode partitions(GroupView group) {
        ArrayNode numbers = Texts.array();
        group.partitions().forEach(numbers::add);
        return numbers;
    }
}

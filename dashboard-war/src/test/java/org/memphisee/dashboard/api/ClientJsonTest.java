package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.memphisee.core.stations.DeadLetterCounts;
import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.StationOverview;
import org.memphisee.core.stations.StationOverview.GroupView;
import org.memphisee.core.stations.StationOverview.MemberView;
import org.memphisee.core.stations.StationRetention;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.stream.StreamConfig.Storage;

class ClientJsonTest {

    private static final StationView STATION = new StationView(1, "s", true, new StationRetention("message_age_sec", 60),
        Storage.FILE, 1, 100, true, true, "", false, Durability.ALWAYS, "root", 0, 2, List.of(), List.of(1, 2), List.of("s$1", "s$2"), 0, 0, true,
        DeadLetterCounts.NONE);

    private static MemberView member(boolean producer, String name, String group, String type) {
        return new MemberView(new Member(0, producer, name, 1, group, "c", type, "root", "app", "go", 4), true);
    }

    private static ObjectNode json(List<MemberView> members, GroupView... groups) {
        ObjectNode n = Texts.object();
        ClientJson.write(n, new StationOverview(STATION, 0, 0, DeadLetterCounts.NONE, List.of(), members, List.of(groups), "",
            List.of()));
        return n;
    }

    @Test
    void shouldListConnectorsApartFromApplications() {
        ObjectNode n = json(List.of(member(true, "p", "", "application"), member(true, "$sink", "", "connector")));
        assertEquals(1, n.path("connected_producers").size());
        assertEquals("p", n.path("connected_producers").path(0).path("name").asText());
    }

    @Test
    void shouldCountProducersOfOneNameAndTellWhichAreOld() {
        Member old = new Member(0, true, "p", 1, "", "c2", "application", "root", "app", "go", 3);
        ObjectNode n = json(List.of(member(true, "p", "", "application"), new MemberView(old, false),
            new MemberView(new Member(0, true, "q", 1, "", "c2", "application", "root", "app", "go", 3), false)));
        var one = n.path("connected_producers").path(0);
        assertEquals(1, n.path("connected_producers").size());
        assertEquals(1, one.path("connected_producers_count").asInt());
        assertEquals(1, one.path("disconnected_producers_count").asInt());
        assertEquals("q", n.path("disconnected_producers").path(0).path("name").asText());
        assertEquals(true, n.path("disconnected_producers").path(0).path("update_available").asBoolean());
    }

    @Test
    void shouldTellWhatAGroupGaveUpAndWhichPartitionsItReads() {
        ObjectNode n = json(List.of(member(false, "c", "g", "application")),
            new GroupView("g", 1000, 2, List.of(2), 5, 1, 7, true), new GroupView("plain", 30_000, -1, List.of(1), 0, 0, 0,
                false));
        assertEquals(7, n.path("connected_cgs").path(0).path("poison_messages").asLong());
        assertEquals("[2]", n.path("connected_cgs").path(0).path("partitions_list").toString());
        assertEquals("c", n.path("connected_cgs").path(0).path("connected_consumers").path(0).path("name").asText());
        assertEquals("plain", n.path("disconnected_cgs").path(0).path("name").asText());
        assertEquals(-1, n.path("disconnected_cgs").path(0).path("max_msg_deliveries").asLong());
    }
}

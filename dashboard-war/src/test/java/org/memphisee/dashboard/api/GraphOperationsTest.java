package org.memphisee.dashboard.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stations.Members.Member;
import org.memphisee.core.stations.StationRetention;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Tag;
import org.memphisee.core.stream.StreamConfig.Durability;
import org.memphisee.core.stream.StreamConfig.Storage;

class GraphOperationsTest {

    private static Member member(long id, boolean producer, String name, String group) {
        return new Member(id, producer, name, 3, group, "c", "application", "root", "app", "go", 4);
    }

    @Test
    void shouldCountProducersOfANameAndListConsumers() {
        StationView orders = new StationView(3, "orders", true, new StationRetention("messages", 5), Storage.FILE, 1, 0, true, true,
            "", false, Durability.ALWAYS, "root", 1, 2, List.of(new Tag("t", "1, 2, 3")), List.of(1), List.of("orders$1"), 17, 0, true);
        List<Member> members = new ArrayList<>(List.of(member(1, true, "p", ""), member(2, true, "p", ""),
            member(3, true, "q", ""), member(4, false, "c", "g")));
        assertEquals("{\"stations\":[{\"id\":3,\"name\":\"orders\",\"dls_messages\":0,\"schema_name\":\"\",\"total_messages\":17,"
            + "\"tags\":[{\"name\":\"t\",\"color\":\"1, 2, 3\"}]}],\"producers\":[{\"name\":\"p\",\"station_id\":3,\"app_id\":\"app\","
            + "\"count\":2},{\"name\":\"q\",\"station_id\":3,\"app_id\":\"app\",\"count\":1}],\"consumers\":[{\"name\":\"c\",\"cg_name\":\"g\","
            + "\"station_id\":3,\"app_id\":\"app\",\"type\":\"application\"}]}",
            GraphOperations.json(List.of(orders), members).toString());
    }

    @Test
    void shouldShowNoMoreThanItMay() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            members.add(member(i, i % 2 == 0, "m" + i, "g"));
        }
        for (int i = 0; i < 12_000; i++) {
            members.add(member(i, false, "n" + i, "g"));
        }
        var json = GraphOperations.json(List.of(), members);
        assertEquals(6_000, json.get("producers").size());
        assertEquals(10_000, json.get("consumers").size());
    }
}

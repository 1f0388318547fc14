package org.memphisee.core.control.format;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.control.ClusterEvent;

/** Events of clusters. */
final class ClusterFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("replication_groups_formed", 1, ClusterEvent.ReplicationGroupsFormed.class, ClusterFormats::formed,
            ClusterFormats::formed));

    private ClusterFormats() { }

    private static void formed(ClusterEvent.ReplicationGroupsFormed event, MemberWriter out) {
        out.text("seed", event.groups().seed()).objects("groups", event.groups().groups(),
            (group, to) -> to.number("id", group.id()).texts("members", group.members()));
    }

    private static ClusterEvent.ReplicationGroupsFormed formed(MemberReader in, int version) throws FormatException {
        List<GroupPlace> groups = new ArrayList<>();
        for (MemberReader group : in.objects("groups")) {
            groups.add(new GroupPlace(group.number("id"), group.texts("members")));
        }
        return new ClusterEvent.ReplicationGroupsFormed(new GroupMap(in.text("seed"), groups));
    }
}

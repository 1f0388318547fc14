package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.control.ControlEngine;

/** Where a stream is, as the API writes it (cluster.md 4.5). */
public final class ClusterJson {

    private ClusterJson() { }

    /** Adds the nodes that have a partition; nothing on a node that is alone. */
    public static ObjectNode add(ObjectNode n, ClusterView view, long partition) {
        if (view.name().isEmpty()) {
            return n;
        }
        String leader = view.leader(partition);
        ObjectNode cluster = n.putObject("cluster").put("name", view.name());
        StreamJson.text(cluster, "leader", leader);
        ArrayNode replicas = null;
        for (String member : view.members(partition)) {
            if (!member.equals(leader)) {
                replicas = replicas == null ? cluster.putArray("replicas") : replicas;
                ClusterView.Standing standing = view.standing(partition, member);
                boolean offline = !view.live().contains(member);
                ObjectNode replica = replicas.addObject().put("name", member).put("current", standing.current());
                StreamJson.flag(replica, "offline", offline);
                replica.put("active", 0);
                if (standing.lag() > 0) {
                    replica.put("lag", standing.lag());
                }
                replica.put("peer", peer(member));
            }
        }
        return n;
    }

    /** The same of a stream that is here. */
    static ObjectNode add(ObjectNode n, ControlEngine engine, String stream) {
        return engine.clustered()
            ? engine.registry().byName(stream).map(handle -> add(n, engine.view(), handle.id())).orElse(n) : n;
    }

    /** The short name under which tools may also ask for a node. */
    public static String peer(String node) {
        CRC32C crc = new CRC32C();
        crc.update(node.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}

package org.memphisee.chaos;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;

import org.memphisee.cluster.broker.ClusterNode;

/** What a node thinks of its cluster, for whoever asks why it does not answer. Looks into classes that show it to nobody. */
public final class NodeDump {

    private NodeDump() { }

    /** In words, a line for each thing. */
    public static String of(ClusterNode node) {
        StringBuilder out = new StringBuilder();
        out.append("definitions led by ").append(node.leader()).append(", current ").append(node.current()).append(", problem ")
            .append(node.problem()).append(", live ").append(node.data().live()).append('\n');
        try {
            node.status().groups().forEach(group -> out.append(group).append('\n'));
            out.append("journal of ").append(node.status().work().journalBytes()).append(" bytes\n");
            Object leaders = node.data().leaders();
            out.append("groups led by ").append(field(leaders, "groups")).append('\n');
            Object routes = node.broker().routes();
            ((Map<?, ?>) field(routes, "peers")).forEach((name, peer) -> out.append("peer ").append(name).append(": linked ")
                .append(call(peer, "linked")).append(", told ").append(call(peer, "told")).append(", unanswered ")
                .append(((Map<?, ?>) field(peer, "unanswered")).size()).append('\n'));
            ((Map<?, ?>) field(field(routes, "router"), "placed")).forEach((id, placed) -> out.append("partition ").append(id)
                .append(" of ").append(call(call(placed, "config"), "name")).append(": group ").append(node.data().leaders()
                    .group((Long) id)).append(", leader ").append(node.data().leaders().leader((Long) id)).append(", here ")
                .append(call(placed, "here")).append(", away ").append(field(placed, "away")).append('\n'));
        } catch (IllegalStateException e) {
            out.append(e).append('\n');
        }
        return out.toString();
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Object of, String name) {
        try {
            Method method = of.getClass().getDeclaredMethod(name);
            method.setAccessible(true);
            return method.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

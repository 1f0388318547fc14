package org.memphisee.core.jetstream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;

/**
 * Tells clients that listen who leads streams and consumers from now on, and that nobody can (cluster.md 4.5): once, by the new leader,
 * or by the first of the members that are left. What nobody listens to is not made. Any thread hands over; the rest is the control
 * loop's, some streams at a time.
 */
public final class LeaderAdvisories {

    private static final String PREFIX = "$JS.EVENT.ADVISORY.";
    private static final String TYPE = "io.nats.jetstream.advisory.v1.";
    private static final int AT_A_TIME = 128;
    private static final long SECOND = 1_000_000_000L;
    /** So long a group has no leader before it is said that it has lost its majority; an election is over by then. */
    private static final long QUIET_NANOS = 3 * SECOND;

    private final ControlEngine engine;
    private final Map<Long, Long> toldLeader = new HashMap<>();
    /** Groups without a leader, and since when. */
    private final Map<Long, Long> without = new HashMap<>();
    private final Set<Long> toldLost = new HashSet<>();

    public LeaderAdvisories(ControlEngine engine) {
        this.engine = engine;
    }

    /** This node leads a group of partitions from now on. */
    public void leads(long group) {
        engine.resume(() -> {
            if (oncePerSecond(group)) {
                forEach(group, (stream, consumers) -> elected(stream, consumers));
            }
        });
    }

    /** This node leads the definitions from now on. */
    public void leadsDefinitions() {
        engine.resume(() -> {
            String subject = PREFIX + "DOMAIN.LEADER_ELECTED";
            if (engine.publisher().heard(subject)) {
                ClusterView view = engine.view();
                ObjectNode n = envelope("domain_leader_elected").put("leader", view.self());
                replicas(n, view.nodes(), view.self(), null);
                send(subject, n.put("cluster", view.name()));
            }
        });
    }

    /** How the groups of this node are, about once a second. */
    public void look(List<GroupStatus> groups) {
        engine.resume(() -> groups.forEach(this::look));
    }

    private void look(GroupStatus group) {
        long now = engine.clock().nowNanos();
        if (!group.leader().isEmpty()) {
            without.remove(group.id());
            toldLost.remove(group.id());
            return;
        }
        long since = without.computeIfAbsent(group.id(), id -> now);
        Set<String> live = new HashSet<>(group.members());
        live.retainAll(engine.view().live());
        boolean lost = live.size() <= group.members().size() / 2;
        boolean first = live.stream().sorted().findFirst().filter(engine.view().self()::equals).isPresent();
        if (lost && first && now - since >= QUIET_NANOS && toldLost.add(group.id())) {
            forEach(group.id(), this::lost);
        }
    }

    private boolean oncePerSecond(long group) {
        long now = engine.clock().nowNanos();
        Long before = toldLeader.get(group);
        if (before != null && now - before < SECOND) {
            return false;
        }
        toldLeader.put(group, now);
        return true;
    }

    private interface Telling {
        void tell(StreamDefinition stream, List<ConsumerDefinition> consumers);
    }

    private void forEach(long group, Telling telling) {
        tell(engine.definitions().streams().filter(stream -> stream.placement() == group).toList(), 0, telling);
    }

    private void tell(List<StreamDefinition> streams, int from, Telling telling) {
        int to = Math.min(streams.size(), from + AT_A_TIME);
        for (StreamDefinition stream : streams.subList(from, to)) {
            telling.tell(stream, List.copyOf(engine.definitions().consumers(stream.partitionId())));
        }
        if (to < streams.size()) {
            engine.resume(() -> tell(streams, to, telling));
        }
    }

    private void elected(StreamDefinition stream, List<ConsumerDefinition> consumers) {
        String self = engine.view().self();
        say("STREAM.LEADER_ELECTED." + stream.name(), "stream_leader_elected", stream, "", self);
        consumers.forEach(consumer -> say("CONSUMER.LEADER_ELECTED." + stream.name() + "." + consumer.config().name(),
            "consumer_leader_elected", stream, consumer.config().name(), self));
    }

    private void lost(StreamDefinition stream, List<ConsumerDefinition> consumers) {
        say("STREAM.QUORUM_LOST." + stream.name(), "stream_quorum_lost", stream, "", "");
        consumers.forEach(consumer -> say("CONSUMER.QUORUM_LOST." + stream.name() + "." + consumer.config().name(),
            "consumer_quorum_lost", stream, consumer.config().name(), ""));
    }

    private void say(String what, String type, StreamDefinition stream, String consumer, String leader) {
        String subject = PREFIX + what;
        if (!engine.publisher().heard(subject)) {
            return;
        }
        ObjectNode n = envelope(type).put("stream", stream.name());
        if (!consumer.isEmpty()) {
            n.put("consumer", consumer);
        }
        if (!leader.isEmpty()) {
            n.put("leader", leader);
        }
        replicas(n, engine.view().members(stream.partitionId()), leader, stream);
        send(subject, n);
    }

    private void replicas(ObjectNode n, List<String> members, String leader, StreamDefinition stream) {
        ClusterView view = engine.view();
        ArrayNode replicas = n.putArray("replicas");
        for (String member : members) {
            boolean live = view.live().contains(member);
            boolean current = member.equals(leader) || (stream == null ? live : view.standing(stream.partitionId(), member).current());
            ObjectNode replica = replicas.addObject().put("name", member).put("current", current);
            if (!live) {
                replica.put("offline", true);
            }
            replica.put("active", 0).put("peer", ClusterJson.peer(member));
        }
    }

    private ObjectNode envelope(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", TYPE + type).put("id", engine.world().newId())
            .put("timestamp", Times.format(engine.clock().wallNanos()));
    }

    private void send(String subject, ObjectNode n) {
        engine.publisher().publish(subject, n.toString().getBytes(StandardCharsets.UTF_8));
    }
}

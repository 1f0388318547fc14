package org.memphisee.core.leadership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NotedActions;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent.ActionTaken;
import org.memphisee.core.replication.GroupPosition;

/** Who decides about which partitions of a cluster, and having others do so, for the doors for people. Any thread. */
public final class Leaderships {

    /** Kind of the thing that the audit has of it. */
    public static final String KIND = "cluster";
    /** What the audit says was done. */
    public static final String STEPPED_DOWN = "leader_stepdown";

    /** The same where the next leader was chosen. */
    public static final String TRANSFERRED = "leader_transfer";

    private final ControlEngine engine;
    private final NotedActions notes;

    public Leaderships(ControlEngine engine) {
        this.engine = engine;
        notes = new NotedActions(engine);
    }

    /**
     * A group of nodes that have the same partitions.
     *
     * @param id its number; {@link GroupPosition#DEFINITIONS} for the one of the definitions
     * @param members names of its nodes, the one that should lead first
     * @param leader who leads, empty when that is not known
     * @param partitions that it has
     */
    public record Group(long id, List<String> members, String leader, int partitions) { }

    /**
     * Where a stream is.
     *
     * @param group of which it is a part; {@link Placement#ALONE} for none
     * @param leader who decides about it, empty when that is not known
     * @param replicas the others that have it
     */
    public record Place(String stream, long group, String leader, List<Replica> replicas) { }

    /** Another node that has a stream; its lag is known where the stream is led only, and 0 elsewhere. */
    public record Replica(String node, boolean linked, boolean current, long lag) { }

    /** All groups, that of the definitions first; none of a broker alone. */
    public CompletableFuture<List<Group>> groups() {
        return engine.ask(() -> {
            ClusterView view = engine.view();
            List<Group> all = new ArrayList<>();
            if (view.name().isEmpty()) {
                return all;
            }
            Map<Long, Integer> partitions = new HashMap<>();
            engine.definitions().streams().forEach(stream -> partitions.merge(stream.placement(), 1, Integer::sum));
            all.add(new Group(GroupPosition.DEFINITIONS, view.nodes(), view.definitionsLeader(), 0));
            for (GroupPlace place : engine.definitions().replicationGroups().groups()) {
                all.add(new Group(place.id(), place.members(), view.groupLeader(place.id()), partitions.getOrDefault(place.id(), 0)));
            }
            return all;
        });
    }

    /** Where some streams are; those that there are not are left out. Nothing of a broker alone. */
    public CompletableFuture<List<Place>> places(List<String> streams) {
        return engine.ask(() -> {
            List<Place> all = new ArrayList<>();
            if (!engine.view().name().isEmpty()) {
                streams.forEach(name -> engine.definitions().stream(name).ifPresent(stream -> all.add(place(stream))));
            }
            return all;
        });
    }

    /** Whether there is a stream, here or at another node. */
    public CompletableFuture<Boolean> defined(String stream) {
        return engine.ask(() -> engine.definitions().stream(stream).isPresent());
    }

    private Place place(StreamDefinition stream) {
        ClusterView view = engine.view();
        String leader = view.leader(stream.partitionId());
        List<Replica> others = new ArrayList<>();
        for (String member : view.members(stream.partitionId())) {
            if (!member.equals(leader)) {
                ClusterView.Standing standing = view.standing(stream.partitionId(), member);
                others.add(new Replica(member, view.live().contains(member), standing.current(), standing.lag()));
            }
        }
        return new Place(stream.name(), stream.placement(), leader, others);
    }

    /**
     * Has another node lead a group; the audit has who wanted it before it is done. Leadership moves after the answer, and goes back to
     * the node that should lead when that has been in step for a while.
     *
     * @return whether it is on its way; false when nobody is known to lead the group, or cannot be told. Empty when there is no such
     *     group, or only one node has it
     */
    public CompletableFuture<Optional<Boolean>> stepDown(Author by, long group) {
        return engine.ask(() -> group == GroupPosition.DEFINITIONS ? engine.clustered()
            : engine.definitions().replicationGroups().group(group).filter(place -> place.replicas() > 1).isPresent())
            .thenCompose(known -> !known ? CompletableFuture.completedFuture(Optional.empty())
                : notes.noted(by, new ActionTaken(KIND, name(group), STEPPED_DOWN, Map.of("leader", leader(group))), () ->
                    CompletableFuture.completedFuture(Optional.of(moved(group)))));
    }

    /** What became of the wish that a certain node leads. */
    public enum Moved {
        /** It does already, or it is asked for: it will when it is in step within a second. */
        MOVES,
        /** There is no such group, or only one node has it. */
        NO_GROUP,
        /** The node does not have what the group has. */
        NO_MEMBER,
        /** The node is not linked, or is about to stop. */
        AWAY,
        /** Nobody is known to lead the group, or cannot be told. */
        NO_LEADER
    }

    /**
     * Has a certain node lead a group; the audit has who wanted it before it is done. The node that should lead takes it again,
     * as with {@link #stepDown}.
     */
    public CompletableFuture<Moved> transfer(Author by, long group, String to) {
        return engine.ask(() -> hindered(group, to)).thenCompose(why -> why.isPresent()
            ? CompletableFuture.completedFuture(why.get())
            : notes.noted(by, new ActionTaken(KIND, name(group), TRANSFERRED, Map.of("leader", leader(group), "to", to)), () ->
                CompletableFuture.completedFuture(engine.view().transfer(group, to) ? Moved.MOVES : Moved.NO_LEADER)));
    }

    private Optional<Moved> hindered(long group, String to) {
        List<String> members = group == GroupPosition.DEFINITIONS ? engine.view().nodes()
            : engine.definitions().replicationGroups().group(group).map(GroupPlace::members).orElse(List.of());
        return members.size() < 2 ? Optional.of(Moved.NO_GROUP) : !members.contains(to) ? Optional.of(Moved.NO_MEMBER)
            : !engine.view().live().contains(to) ? Optional.of(Moved.AWAY)
            : leader(group).isEmpty() ? Optional.of(Moved.NO_LEADER) : Optional.empty();
    }

    private static String name(long group) {
        return group == GroupPosition.DEFINITIONS ? "definitions" : "group " + group;
    }

    private String leader(long group) {
        return group == GroupPosition.DEFINITIONS ? engine.view().definitionsLeader() : engine.view().groupLeader(group);
    }

    private boolean moved(long group) {
        return group == GroupPosition.DEFINITIONS ? engine.view().stepDownDefinitions() : engine.view().stepDownGroup(group);
    }
}

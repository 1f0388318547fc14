package org.memphisee.cluster.data;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.replication.GroupPosition;

/** The cluster as the groups of a node know it. Any thread. */
public final class DataView implements ClusterView {

    private final String name;
    private final DataGroups groups;
    private final Supplier<String> definitionsLeader;
    private final Predicate<String> stepDownDefinitions;

    /**
     * @param name of the cluster
     * @param definitionsLeader who leads the definitions, empty when nobody is known to
     * @param stepDownDefinitions has another node lead them when this one does, the one of this name or any; false when it does
     *     not
     */
    public DataView(String name, DataGroups groups, Supplier<String> definitionsLeader, Predicate<String> stepDownDefinitions) {
        this.name = name;
        this.groups = groups;
        this.definitionsLeader = definitionsLeader;
        this.stepDownDefinitions = stepDownDefinitions;
        groups.whenAskedToStepDownOfDefinitions((by, to) -> {
            if (!stepDownDefinitions.test(to)) {
                groups.passOn(by, definitionsLeader.get(), GroupPosition.DEFINITIONS, to);
            }
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String self() {
        return groups.self();
    }

    @Override
    public List<String> nodes() {
        return groups.map().nodes();
    }

    @Override
    public Set<String> live() {
        return groups.live();
    }

    @Override
    public Set<String> fit() {
        return groups.fit();
    }

    @Override
    public String leader(long partition) {
        return groups.leaders().leader(partition);
    }

    @Override
    public boolean here(long partition) {
        return groups.leaders().here(partition);
    }

    @Override
    public List<String> members(long partition) {
        return groups.map().members(groups.leaders().group(partition));
    }

    @Override
    public Standing standing(long partition, String member) {
        return groups.standing(groups.leaders().group(partition), member);
    }

    @Override
    public boolean stepDown(long partition) {
        return groups.stepDown(groups.leaders().group(partition));
    }

    @Override
    public long group(long partition) {
        return groups.leaders().group(partition);
    }

    @Override
    public String groupLeader(long group) {
        return groups.leaders().leaderOf(group);
    }

    @Override
    public boolean stepDownGroup(long group) {
        return groups.stepDown(group);
    }

    @Override
    public String definitionsLeader() {
        return definitionsLeader.get();
    }

    @Override
    public boolean stepDownDefinitions() {
        return stepDownDefinitions("");
    }

    private boolean stepDownDefinitions(String to) {
        String leader = definitionsLeader();
        return leader.equals(self()) ? stepDownDefinitions.test(to)
            : !leader.isEmpty() && groups.askToStepDown(leader, GroupPosition.DEFINITIONS, to);
    }

    @Override
    public boolean transfer(long group, String to) {
        return group == GroupPosition.DEFINITIONS ? stepDownDefinitions(to) : groups.stepDown(group, to);
    }
}

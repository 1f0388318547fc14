package org.memphisee.gateway;

import java.util.List;
import java.util.Optional;

import org.memphisee.core.cluster.election.Hindrance;
import org.memphisee.core.cluster.link.LinkHealth;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.GroupStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeFigures;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.cluster.watch.NodeUse;
import org.memphisee.core.time.LatencyHistogram;

/** A cluster of three as n0 sees it: n1 leads the definitions and has no room, n2 is away, n0 leads a group. */
public final class Nodes {

    private Nodes() { }

    public static ClusterStatus three() {
        LatencyHistogram syncs = new LatencyHistogram();
        syncs.record(2_000_000);
        return new ClusterStatus("west", "n0", "n1", List.of(node("n0", NodeState.READY), node("n1", NodeState.READY),
            new NodeStatus("n2", NodeState.AWAY, 0, Optional.empty(), 0, Hindrance.NONE)),
            List.of(new GroupStatus(1, List.of("n0", "n1", "n2"), "n1", GroupStatus.Role.FOLLOWING, 7, 100, 99, 0, 0, 0, List.of()),
                new GroupStatus(9, List.of("n0", "n1", "n2"), "n0", GroupStatus.Role.LEADING, 3, 50, 50, 1_024, 2, 4,
                    List.of(new GroupStatus.Member("n1", 0, 90_000_000), new GroupStatus.Member("n2", 40, -1)))),
            List.of(new LinkStatus("n1", "10.0.0.2", 6222, true, "nats://10.0.0.2:6666,ws://10.0.0.2:7770",
                new LinkHealth(true, 1_200_000, 5, 77, 10, 11, 1_000, 1_100, 61_000_000_000L, 5_000_000)),
                new LinkStatus("n2", "10.0.0.3", 6222, true, "", new LinkHealth(false, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
            new ClusterStatus.Work(1L << 27, syncs, new LatencyHistogram(), 4_096, 1, 3));
    }

    private static NodeStatus node(String name, NodeState state) {
        return new NodeStatus(name, state, 6, Optional.of(new NodeFigures(state, 2, 1, 0, 0, 1, 6, 1L << 27, NodeUse.UNKNOWN)), 300,
            name.equals("n1") ? Hindrance.NO_ROOM : Hindrance.NONE);
    }
}

package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.stations.StationOverview.GroupView;

/** Sums the consumers of a station's partitions up to groups; durables of plain clients are groups without members. */
final class GroupViews {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private GroupViews() { }

    /**
     * The groups by name.
     *
     * @param groups those that SDKs defined
     * @param active names of those with a connected member
     * @param infos consumers of the partitions looked at
     */
    static List<GroupView> of(StationView station, List<GroupDefined> groups, Set<String> active,
                              List<ConsumerInfo> infos) {
        TreeMap<String, Sum> sums = new TreeMap<>();
        groups.forEach(group -> sums.put(group.name(), new Sum(group.maxAckTimeMillis(), group.maxDeliveries())));
        Set<String> defined = Set.copyOf(sums.keySet());
        for (ConsumerInfo info : infos) {
            ConsumerConfig config = info.config();
            String name = StationLayout.externalName(config.name());
            if (defined.contains(name) || config.durable() && !StationLayout.internal(config.name())) {
                sums.computeIfAbsent(name, n -> new Sum(config.ackWaitNanos() / NANOS_PER_MILLI, config.maxDeliver()))
                    .add(info, station);
            }
        }
        List<GroupView> views = new ArrayList<>(sums.size());
        sums.forEach((name, sum) -> views.add(sum.view(name,
            defined.contains(name) ? active.contains(name) : sum.asked)));
        return views;
    }

    private static final class Sum {
        private final long maxAckTimeMillis;
        private final long maxDeliveries;
        private final List<Integer> partitions = new ArrayList<>();
        private long lag;
        private long inProcess;
        private long givenUp;
        private boolean asked;

        private Sum(long maxAckTimeMillis, long maxDeliveries) {
            this.maxAckTimeMillis = maxAckTimeMillis;
            this.maxDeliveries = maxDeliveries;
        }

        private void add(ConsumerInfo info, StationView station) {
            lag += info.lag();
            inProcess += info.numAckPending();
            givenUp += info.givenUp();
            asked |= info.numWaiting() > 0 || info.pushBound();
            int index = station.streams().indexOf(info.stream());
            if (index >= 0 && index < station.partitions().size()) {
                partitions.add(station.partitions().get(index));
            }
        }

        private GroupView view(String name, boolean active) {
            return new GroupView(name, maxAckTimeMillis, maxDeliveries, partitions, lag, inProcess, givenUp, active);
        }
    }
}

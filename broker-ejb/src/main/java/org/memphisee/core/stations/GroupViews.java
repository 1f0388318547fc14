package org.memphisee.core.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent.GroupDefined;
import org.memphisee.core.errand.ConsumerFigures;
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
     * @param consumers those of the partitions looked at
     */
    static List<GroupView> of(StationView station, List<GroupDefined> groups, Set<String> active,
                              List<StationConsumers.Found> consumers) {
        TreeMap<String, Sum> sums = new TreeMap<>();
        groups.forEach(group -> sums.put(group.name(), new Sum(group.maxAckTimeMillis(), group.maxDeliveries())));
        Set<String> defined = Set.copyOf(sums.keySet());
        for (StationConsumers.Found consumer : consumers) {
            ConsumerFigures figures = consumer.figures();
            String name = StationLayout.externalName(figures.name());
            if (defined.contains(name) || figures.durable() && !StationLayout.internal(figures.name())) {
                sums.computeIfAbsent(name, n -> new Sum(figures.ackWaitNanos() / NANOS_PER_MILLI, figures.maxDeliver()))
                    .add(consumer, station);
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

        private void add(StationConsumers.Found consumer, StationView station) {
            lag += consumer.figures().lag();
            inProcess += consumer.figures().inProcess();
            givenUp += consumer.figures().givenUp();
            asked |= consumer.figures().asked();
            int index = station.streams().indexOf(consumer.stream());
            if (index >= 0 && index < station.partitions().size()) {
                partitions.add(station.partitions().get(index));
            }
        }

        private GroupView view(String name, boolean active) {
            return new GroupView(name, maxAckTimeMillis, maxDeliveries, partitions, lag, inProcess, givenUp, active);
        }
    }
}

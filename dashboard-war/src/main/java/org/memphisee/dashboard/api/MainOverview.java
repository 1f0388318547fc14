package org.memphisee.dashboard.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.config.BrokerSettings;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.cluster.watch.LinkStatus;
import org.memphisee.core.cluster.watch.NodeState;
import org.memphisee.core.cluster.watch.NodeStatus;
import org.memphisee.core.stations.StationNames;
import org.memphisee.core.stations.StationReading;
import org.memphisee.core.stations.StationView;
import org.memphisee.ejb.BrokerStatus;

/** The whole broker at a glance (management-api.md M-061), from the same figures as the monitor. Any thread. */
final class MainOverview {

    private final BrokerStatus status;
    private final Throughput throughput;

    MainOverview(BrokerStatus status, Throughput throughput) {
        this.status = status;
        this.throughput = throughput;
    }

    JsonNode answer(Call call) {
        List<StationView> stations = StationOperations.visible(call);
        ObjectNode n = Texts.object().put("total_stations", stations.size())
            .put("total_messages", stations.stream().mapToLong(StationView::messages).sum())
            .put("total_dls_messages", stations.stream().mapToLong(s -> s.deadLetters().total()).sum());
        n.set("system_components", components(call));
        ArrayNode list = n.putArray("stations");
        StationMoment now = StationMoment.of(call);
        stations.forEach(station -> {
            ObjectNode light = StationJson.light(station, call.engine().users(), now);
            light.remove("tags");
            list.add(light);
        });
        n.put("k8s_env", call.settings().dashboard().kubernetes());
        n.set("brokers_throughput", throughput.json(call.settings().serverName()));
        n.put("metrics_enabled", true);
        n.set("delayed_cgs", delayed(call, stations));
        return n;
    }

    private ArrayNode components(Call call) {
        BrokerSettings settings = call.settings();
        BrokerSettings.Listen listen = settings.listen();
        String host = call.host();
        SystemComponents.Figures ours = SystemComponents.ours(settings.storage(), call.engine().counters().storedBytes());
        List<Integer> ports = new ArrayList<>(List.of(listen.dashboardPort(), listen.clientPort()));
        if (listen.webSocketPort() != 0) {
            ports.add(listen.webSocketPort());
        }
        ports.add(listen.monitorPort());
        ArrayNode components = Texts.array();
        List<SystemComponents.Instance> brokers = new ArrayList<>();
        brokers.add(new SystemComponents.Instance(settings.serverName(), status.health().isEmpty(), ours, host));
        call.engine().cluster().ifPresent(cluster -> others(cluster, brokers));
        components.add(SystemComponents.component("memphis", brokers, ports));
        boolean embedded = settings.database().mode() == BrokerSettings.DatabaseMode.EMBEDDED;
        components.add(SystemComponents.component("memphis-metadata", "memphis-metadata", status.metadata().available(),
            SystemComponents.Figures.UNKNOWN, embedded ? host : settings.database().host(),
            List.of(settings.database().port())));
        return components.add(SystemComponents.component("memphis-rest-gateway", "memphis-rest-gateway", true, ours, host,
            List.of(listen.gatewayPort()))); // the same process, so it runs
    }

    private static void others(ClusterStatus cluster, List<SystemComponents.Instance> brokers) {
        for (NodeStatus node : cluster.nodes()) {
            if (!node.name().equals(cluster.self())) {
                SystemComponents.Figures figures = node.figures().filter(known -> node.state() != NodeState.AWAY)
                    .map(known -> SystemComponents.of(known.use())).orElse(SystemComponents.Figures.UNKNOWN);
                brokers.add(new SystemComponents.Instance(node.name(), node.state() != NodeState.AWAY
                    && node.state() != NodeState.DEGRADED, figures, cluster.links().stream().filter(link ->
                        link.peer().equals(node.name())).map(LinkStatus::host).findFirst().orElse("")));
            }
        }
        brokers.sort(Comparator.comparing(SystemComponents.Instance::name));
    }

    /** Groups with messages that they have not acknowledged, by station. */
    private static ArrayNode delayed(Call call, List<StationView> visible) {
        Map<String, String> stationOf = new HashMap<>();
        visible.forEach(station -> station.streams().forEach(stream -> stationOf.put(stream, station.name())));
        Map<String, Map<String, Long>> stations = new TreeMap<>();
        for (StationReading reading : Waiting.await(StationOperations.stations(call).reader().read())) {
            String station = reading.entry().streams().stream().map(stationOf::get).filter(Objects::nonNull).findFirst().orElse(null);
            if (station == null) {
                continue;
            }
            reading.groups().forEach((consumer, figures) -> {
                if (figures.lag() > 0) {
                    StationNames.group(consumer).ifPresent(group ->
                        stations.computeIfAbsent(station, s -> new TreeMap<>()).put(group, figures.lag()));
                }
            });
        }
        ArrayNode answer = Texts.array();
        stations.forEach((station, groups) -> {
            ArrayNode list = answer.addObject().put("station_name", station).putArray("cgs");
            groups.forEach((group, lag) -> list.addObject().put("cg_name", group).put("num_of_delayed_msgs", lag));
        });
        return answer;
    }
}

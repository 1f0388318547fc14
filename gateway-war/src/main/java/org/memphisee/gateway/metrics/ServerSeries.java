package org.memphisee.gateway.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.metrics.Tag;

import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.port.ServerIdentity;

/**
 * Series of which labels change while the server runs: those that say who leads the definitions, and the texts. They are registered
 * anew when they change, since a label is a part of what a measure is called. One thread at a time.
 */
final class ServerSeries {

    private static final String OF_SERVER = "memphis_server_";

    private final Series series;
    private final Scrape scrape;
    private final BrokerEngine engine;
    private final List<Runnable> registered = new ArrayList<>();
    private Map<String, String> labels = Map.of();
    private Map<String, String> texts = Map.of();

    ServerSeries(Series series, Scrape scrape, BrokerEngine engine) {
        this.series = series;
        this.scrape = scrape;
        this.engine = engine;
    }

    /** Labels of the server now, in the order of the specification (monitoring.md 2.2). */
    static Map<String, String> labels(BrokerEngine engine) {
        ServerIdentity identity = engine.port().identity();
        String cluster = engine.cluster().map(ClusterStatus::name).orElse("");
        String leader = engine.cluster().map(ClusterStatus::definitionsLeader).orElse("");
        boolean leads = engine.cluster().map(status -> status.self().equals(leader)).orElse(true);
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("server_id", identity.serverId());
        labels.put("server_name", identity.serverName());
        labels.put("cluster", cluster);
        labels.put("domain", "");
        labels.put("meta_leader", leader);
        labels.put("is_meta_leader", Boolean.toString(leads));
        return labels;
    }

    /** Registers what is not, or not as it is now. */
    void refresh(Scrape.Moment moment) {
        Map<String, String> now = labels(engine);
        if (now.equals(labels) && moment.texts().equals(texts)) {
            return;
        }
        registered.forEach(Runnable::run);
        registered.clear();
        labels = now;
        texts = moment.texts();
        Tag[] ofServer = now.entrySet().stream().map(label -> new Tag(label.getKey(), label.getValue())).toArray(Tag[]::new);
        moment.numbers().keySet().stream().filter(name -> name.startsWith(OF_SERVER))
            .forEach(name -> registered.add(series.removable(name, () -> scrape.number(name), ofServer)));
        Tag server = new Tag("server_id", now.get("server_id"));
        texts.forEach((name, text) -> registered.add(series.removable(name, () -> 1, server, new Tag("value", text))));
    }

    /** Whether a number's labels are these. */
    static boolean has(String name) {
        return name.startsWith(OF_SERVER);
    }
}

package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.memphisee.ejb.BrokerEngine;

/** What a scrape shows of one open broker. Thread-safe. */
final class Collector {

    private final BrokerEngine engine;
    private final Scrape scrape;
    private final ServerSeries server;
    private final List<TrafficSeries> traffic;
    private final RejectionSeries rejections;
    private final TierSeries tier;
    private final RegistryText registries;
    private final LatencyText latencies;
    private final StreamText streams;

    Collector(BrokerEngine engine, Scrape scrape, ServerSeries server, List<TrafficSeries> traffic, RejectionSeries rejections,
              TierSeries tier, RegistryText registries, LatencyText latencies, StreamText streams) {
        this.engine = engine;
        this.scrape = scrape;
        this.server = server;
        this.traffic = List.copyOf(traffic);
        this.rejections = rejections;
        this.tier = tier;
        this.registries = registries;
        this.latencies = latencies;
        this.streams = streams;
    }

    /**
     * Writes a scrape: what is registered, then what is not and counts as the application's: how long things took,
     * and the series of streams and consumers.
     *
     * @param scope scope of MicroProfile Metrics; empty for all
     * @param name only what is registered, or written, under this name; empty for all
     * @return whether there was anything
     */
    boolean write(TextWriter out, String scope, String name) throws IOException {
        Scrape.Moment moment = begin();
        boolean any = registries.write(out, scope, name);
        if (scope.isEmpty() || scope.equals(MetricsServlet.APPLICATION)) {
            any |= latencies.write(out, name);
            any |= streams.write(out, moment.streams(), name, labels(), engine.clusterView());
            any |= ClusterText.write(out, engine.cluster(), name);
            any |= DeadLetterText.write(out, engine.observer().deadLetters(), name);
        }
        return any;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = ServerSeries.labels(engine);
        labels.put("account", engine.tenant());
        labels.put("account_id", engine.tenant());
        return labels;
    }

    private synchronized Scrape.Moment begin() {
        Scrape.Moment moment = scrape.begin();
        server.refresh(moment);
        traffic.forEach(TrafficSeries::advance);
        rejections.advance();
        tier.advance();
        return moment;
    }
}

package org.memphisee.gateway.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.gateway.monitor.Monitor;
import org.memphisee.gateway.monitor.ProcessFigures;
import org.memphisee.port.SessionInfo;

/**
 * Registers everything once the broker is open, and then looks twice a second whether a stream or consumer came or went:
 * MicroProfile Metrics has no hook before a scrape.
 */
@ApplicationScoped
public class Exporter {

    private static final Logger LOG = Logger.getLogger(Exporter.class.getName());
    private static final long LOOK_MILLIS = 500;

    @Inject
    private MetricRegistry registry;

    @Inject
    private Monitor monitor;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private ScheduledFuture<?> looks;
    private final List<TrafficSeries> traffic = new ArrayList<>();
    private StreamSeries streams;
    private BrokerEngine engine;
    private long generation;

    void begin(@Observes @Initialized(ApplicationScoped.class) Object event) {
        looks = scheduler.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    private void look() {
        try {
            if (engine == null) {
                monitor.status().engine().ifPresent(this::register);
            } else {
                traffic.forEach(TrafficSeries::advance);
            }
            if (engine != null && engine.observer().generation() != generation) {
                follow();
            }
        } catch (RuntimeException e) { // a task that throws is never run again
            LOG.log(Level.WARNING, "series are not complete", e);
        }
    }

    private void follow() {
        generation = engine.observer().generation(); // before: what changes meanwhile is found the next time
        streams.follow();
    }

    private void register(BrokerEngine open) {
        BrokerSettings.Monitoring settings = monitor.status().settings().orElseThrow().monitoring();
        Series series = new Series(registry, settings.secondPrefix());
        Scrape scrape = new Scrape(monitor, open);
        String serverId = open.port().identity().serverId();
        Tag server = new Tag("server_id", serverId);
        List<Tag> serverTags = List.of(server, new Tag("server_name", open.port().identity().serverName()),
            new Tag("cluster", ""), new Tag("domain", ""), new Tag("meta_leader", ""), new Tag("is_meta_leader", "true"));
        Tag[] ofServer = serverTags.toArray(Tag[]::new);
        scrape.moment().numbers().keySet().forEach(name -> series.gauge(name, () -> scrape.number(name),
            name.startsWith("memphis_server_") ? ofServer : new Tag[] {server}));
        scrape.moment().texts().forEach((name, text) -> series.gauge(name, () -> 1, server, new Tag("value", text)));
        process(series);
        for (SessionInfo.Transport way : SessionInfo.Transport.values()) {
            traffic.add(new TrafficSeries(registry, open, way));
        }
        Timer sync = registry.timer("memphis_broker_storage_fsync");
        open.onSync(nanos -> sync.update(Duration.ofNanos(nanos)));
        streams = new StreamSeries(series, scrape, settings, serverTags, open.control().engine().settings().tenant());
        engine = open;
        follow();
    }

    private void process(Series series) {
        series.gauge("process_cpu_seconds_total", ProcessFigures::cpuSeconds);
        series.gauge("process_resident_memory_bytes", ProcessFigures::residentBytes);
        series.gauge("process_open_fds", ProcessFigures::openFiles);
        double start = monitor.status().started().toEpochMilli() / 1000.0;
        series.gauge("process_start_time_seconds", () -> start);
    }
}

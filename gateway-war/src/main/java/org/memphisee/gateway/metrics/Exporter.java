package org.memphisee.gateway.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.annotation.RegistryScope;

import org.memphisee.config.BrokerSettings;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;
import org.memphisee.ejb.ProcessFigures;
import org.memphisee.gateway.monitor.Monitor;

/** Registers each measure of the server once with MicroProfile Metrics, when the first scrape finds the broker open. */
@ApplicationScoped
public class Exporter {

    @Inject
    private MetricRegistry application;

    @Inject
    @RegistryScope(scope = MetricRegistry.BASE_SCOPE)
    private MetricRegistry base;

    @Inject
    @RegistryScope(scope = MetricRegistry.VENDOR_SCOPE)
    private MetricRegistry vendor;

    @Inject
    private Monitor monitor;

    private volatile Collector collector;

    /** What scrapes show; empty until the broker is open. */
    Optional<Collector> collector() {
        if (collector == null) {
            synchronized (this) {
                if (collector == null) {
                    monitor.status().engine().ifPresent(engine -> collector = register(engine));
                }
            }
        }
        return Optional.ofNullable(collector);
    }

    private Collector register(BrokerEngine open) {
        BrokerSettings.Monitoring settings = monitor.status().settings().orElseThrow().monitoring();
        Series series = new Series(application, settings.secondPrefix());
        Scrape scrape = new Scrape(monitor, open, new Selection(settings));
        Tag server = new Tag("server_id", open.port().identity().serverId());
        Scrape.Moment first = scrape.begin();
        first.numbers().keySet().stream().filter(name -> !ServerSeries.has(name))
            .forEach(name -> series.gauge(name, () -> scrape.number(name), server));
        ServerSeries ofServer = new ServerSeries(series, scrape, open);
        ofServer.refresh(first);
        process(series);
        broker(series, open);
        List<TrafficSeries> traffic = new ArrayList<>();
        for (BrokerEngine.Way way : BrokerEngine.Way.values()) {
            traffic.add(new TrafficSeries(application, open, way));
        }
        return new Collector(open, scrape, ofServer, traffic, new RejectionSeries(application, open), new TierSeries(application, open),
            new RegistryText(List.of(base, vendor, application)),
            new LatencyText(open), new StreamText(series.prefixes()));
    }

    /** What readiness is made of, so that somebody can be told before a client notices. */
    private void broker(Series series, BrokerEngine open) {
        BrokerStatus status = monitor.status();
        series.gauge("memphis_broker_publish_gate_closed", () -> open.storageFull() ? 1 : 0);
        series.gauge("memphis_tiered_storage_waiting_bytes", () -> open.tieredStorage().waitingBytes());
        series.gauge("memphis_broker_frozen_streams", () -> open.streamFaults().size());
        series.gauge("memphis_broker_metadata_available", () -> status.metadata().available() ? 1 : 0);
        BrokerSettings.Backup backup = status.settings().orElseThrow().storage().backup();
        if (backup.directory().isPresent()) {
            series.gauge("memphis_broker_backup_last_success_timestamp_seconds", () -> open.lastBackup().getEpochSecond());
            series.gauge("memphis_broker_backup_interval_seconds", () -> backup.intervalMillis() / 1000);
        }
        if (status.certificateEnds().isPresent()) { // TLS is not switched while the server runs
            series.gauge("memphis_broker_certificate_expiry_seconds",
                () -> status.certificateEnds().map(end -> Duration.between(Instant.now(), end).toSeconds()).orElse(0L));
        }
    }

    private void process(Series series) {
        series.gauge("process_cpu_seconds_total", ProcessFigures::cpuSeconds);
        series.gauge("process_resident_memory_bytes", ProcessFigures::residentBytes);
        series.gauge("process_open_fds", ProcessFigures::openFiles);
        series.gauge("process_max_fds", ProcessFigures::maxFiles);
        double start = monitor.status().started().toEpochMilli() / 1000.0;
        series.gauge("process_start_time_seconds", () -> start);
    }
}

package org.memphisee.gateway.metrics;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.time.LatencyHistogram;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.RequestTimings;

/**
 * Writes how long things took, as histograms (ADR 0027): what the broker records by itself costs the way of a message
 * less than a timer of the registry, and quantiles can be computed over several servers. Thread-safe.
 */
final class LatencyText {

    private final BrokerEngine engine;
    private final List<String> bounds = new ArrayList<>();

    LatencyText(BrokerEngine engine) {
        this.engine = engine;
        LatencyHistogram.steps().forEach(step -> bounds.add(Double.toString(step)));
        bounds.add("+Inf");
    }

    /**
     * Writes all histograms.
     *
     * @param name only the one of this name; empty for all
     * @return whether there were any
     */
    boolean write(TextWriter out, String name) throws IOException {
        BrokerEngine.Latencies all = engine.latencies();
        boolean any = family(out, name, "memphis_broker_produce_seconds",
            "From a message's arrival to its being stored.",
            Map.of("ack=\"stored\"", all.broker().produceAwaited(), "ack=\"none\"", all.broker().produceUnawaited()));
        any |= family(out, name, "memphis_broker_consume_fetch_seconds", "From a pull request to its first message.",
            Map.of("", all.broker().fetch()));
        any |= family(out, name, "memphis_broker_storage_fsync_seconds", "A group's write to the log with its sync.",
            Map.of("", all.sync()));
        if (engine.cluster().isPresent()) {
            ClusterStatus.Work work = engine.cluster().get().work();
            any |= family(out, name, "memphis_broker_raft_commit_seconds",
                "From handing an entry to the group that this node leads to its being decided and stored here.", Map.of("", work.commits()));
            any |= family(out, name, "memphis_broker_journal_sync_seconds", "A sync of the journal of replication groups.",
                Map.of("", work.syncs()));
        }
        any |= family(out, name, "memphis_rest_requests_seconds", "Requests to the REST gateway.",
            requests(all.rest()));
        any |= family(out, name, "memphis_api_requests_seconds", "Requests to the management API.",
            requests(all.api()));
        return any;
    }

    private static Map<String, LatencyHistogram> requests(RequestTimings timings) {
        Map<String, LatencyHistogram> byLabels = new TreeMap<>();
        timings.each((route, status, took) ->
            byLabels.put("route=\"" + route + "\",status=\"" + status + '"', took));
        return byLabels;
    }

    private boolean family(TextWriter out, String wanted, String name, String help,
                           Map<String, LatencyHistogram> members) throws IOException {
        if (members.isEmpty() || !wanted.isEmpty() && !wanted.equals(name)) {
            return false;
        }
        out.family(name, "histogram", help);
        for (Map.Entry<String, LatencyHistogram> member : members.entrySet()) {
            LatencyHistogram.Recorded recorded = member.getValue().recorded();
            for (int i = 0; i < bounds.size(); i++) {
                line(out, name + "_bucket", member.getKey()).raw(",").label("le", bounds.get(i)).raw("}")
                    .value(recorded.upTo().get(i));
            }
            line(out, name + "_sum", member.getKey()).raw("}").value(recorded.seconds());
            line(out, name + "_count", member.getKey()).raw("}").value(recorded.count());
        }
        return true;
    }

    private static TextWriter line(TextWriter out, String name, String labels) throws IOException {
        out.raw(name).raw("{").label("mp_scope", "application");
        return labels.isEmpty() ? out : out.raw(",").raw(labels);
    }
}

package org.memphisee.gateway.monitor;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.cluster.watch.ClusterStatus;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.jetstream.ClusterJson;
import org.memphisee.core.jetstream.ConsumerJson;
import org.memphisee.core.jetstream.StreamJson;
import org.memphisee.core.jetstream.Times;
import org.memphisee.core.observe.StreamFigures;
import org.memphisee.core.observe.StreamSnapshot;
import org.memphisee.ejb.BrokerEngine;
import org.memphisee.ejb.BrokerStatus;

/** Streams and consumers (monitoring.md 1.7). Nothing of the log is read. */
final class Jsz implements Endpoint {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Of an account tools read what its streams may take together, without a sign: -1 for no limit. */
    private static final BigInteger UNLIMITED = new BigInteger("18446744073709551615");

    private final BrokerStatus status;

    Jsz(BrokerStatus status) {
        this.status = status;
    }

    @Override
    public ObjectNode answer(BrokerEngine engine, Parameters parameters) throws BadParameterException {
        boolean consumers = parameters.flag("consumers");
        boolean streams = parameters.flag("streams") || consumers;
        boolean accounts = parameters.flag("accounts") || streams || !parameters.text("acc").isEmpty();
        boolean config = parameters.flag("config");
        boolean leaderOnly = parameters.flag("leader-only");
        boolean raft = parameters.flag("raft");
        Optional<ClusterStatus> cluster = engine.cluster();
        if (leaderOnly && cluster.map(of -> !of.self().equals(of.definitionsLeader())).orElse(false)) {
            throw new BadParameterException("filtered response: not leader");
        }
        boolean ledHere = parameters.flag("stream-leader-only");
        int offset = parameters.offset();
        parameters.limit();
        StreamSnapshot snapshot = engine.observer().streams(0);
        ObjectNode json = Endpoint.begun(engine);
        status.settings().ifPresent(settings -> Varz.storageConfig(json.putObject("config"), settings, engine));
        usage(json, engine);
        json.put("streams", snapshot.streams().size()).put("consumers", snapshot.consumers())
            .put("messages", snapshot.messages()).put("bytes", snapshot.bytes());
        cluster.ifPresent(of -> ClusterPart.meta(json, "meta_cluster", of));
        if (raft) {
            cluster.ifPresent(of -> ClusterPart.groups(json, of));
        }
        String tenant = engine.tenant();
        if (accounts) {
            ArrayNode details = json.putArray("account_details");
            if (offset == 0 && (parameters.text("acc").isEmpty() || parameters.text("acc").equals(tenant))) {
                account(details.addObject(), tenant, engine, SystemStreams.with(snapshot.streams(),
                    status.started().toEpochMilli() * NANOS_PER_MILLI, engine.observer()), new Detail(streams, consumers,
                    config, raft && cluster.isPresent(), ledHere, engine.clusterView()));
            }
        }
        return json;
    }

    /** How much is shown. */
    private record Detail(boolean streams, boolean consumers, boolean config, boolean raft, boolean ledHere, ClusterView view) { }

    private static void usage(ObjectNode json, BrokerEngine engine) {
        BrokerEngine.Counters counters = engine.counters();
        json.put("memory", counters.memoryBytes()).put("storage", counters.storedBytes())
            .put("reserved_memory", engine.reservedMemory()).put("reserved_storage", engine.reservedStorage())
            .put("accounts", 1).put("ha_assets", engine.cluster().map(status -> status.groups().size()).orElse(0));
        json.putObject("api").put("total", counters.apiTotal()).put("errors", counters.apiErrors());
    }

    private void account(ObjectNode json, String name, BrokerEngine engine, List<StreamFigures> shown, Detail detail) {
        json.put("name", name).put("id", name);
        usage(json, engine);
        status.settings().ifPresent(settings -> json.put("reserved_memory", settings.budgets().stationMemoryBytes())
            .put("reserved_storage", settings.storage().maxBytes() > 0 ? BigInteger.valueOf(settings.storage().maxBytes())
                : UNLIMITED));
        if (detail.streams()) {
            ArrayNode streams = json.putArray("stream_detail");
            shown.stream().filter(s -> !detail.ledHere() || detail.view().here(s.id())).forEach(s -> stream(streams.addObject(), s, detail));
        }
    }

    private static void stream(ObjectNode json, StreamFigures stream, Detail detail) {
        json.put("name", stream.name()).put("created", Times.format(stream.createdNanos()));
        boolean placed = stream.id() > 0;
        if (placed) {
            ClusterJson.add(json, detail.view(), stream.id());
        }
        if (placed && detail.raft() && detail.view().group(stream.id()) != Placement.ALONE) {
            json.put("stream_raft_group", ClusterPart.name(detail.view().group(stream.id())));
        }
        if (detail.config()) {
            json.set("config", StreamJson.config(stream.config()));
        }
        json.set("state", StreamJson.state(stream.state()));
        if (detail.consumers()) {
            ArrayNode rows = json.putArray("consumer_detail");
            long now = System.currentTimeMillis() * 1_000_000;
            for (ConsumerInfo info : stream.consumers()) {
                ObjectNode row = ConsumerJson.info(JsonNodeFactory.instance.objectNode(), info, now);
                if (!detail.config()) {
                    row.remove("config");
                }
                ClusterJson.add(row, detail.view(), stream.id());
                rows.add(row);
            }
        }
    }
}

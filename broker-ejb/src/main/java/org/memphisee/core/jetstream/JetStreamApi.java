package org.memphisee.core.jetstream;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.jetstream.transfer.IncomingRestore;
import org.memphisee.core.jetstream.transfer.OutgoingSnapshot;
import org.memphisee.core.jetstream.transfer.Transfers;
import org.memphisee.core.tier.TierReader;

/** Binds the JetStream API to its subjects. */
public final class JetStreamApi implements AutoCloseable {

    static final String API = "$JS.API.";

    /** Requests that only clusters and rare tools make, by answer type (jetstream-api.md 5.12). */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
        Map.entry("STREAM.TEMPLATE.CREATE.*", "stream_template_create_response"),
        Map.entry("STREAM.TEMPLATE.DELETE.*", "stream_template_delete_response"),
        Map.entry("STREAM.TEMPLATE.INFO.*", "stream_template_info_response"),
        Map.entry("STREAM.TEMPLATE.NAMES", "stream_template_names_response"),
        Map.entry("ACCOUNT.PURGE.*", "account_purge_response"),
        Map.entry("ACCOUNT.STREAM.MOVE.*.*", "account_stream_move_response"),
        Map.entry("ACCOUNT.STREAM.CANCEL_MOVE.*.*", "account_stream_move_response"));

    private final ControlEngine engine;
    private final Function<String, Permissions> permissionsOf;
    private final ApiCounters counters = new ApiCounters();
    private final ApiAudit audit;
    private final Predicate<String> stationName;
    private final TierLookup tier;
    private final Transfers transfers;

    /**
     * An API that works through the engine.
     *
     * @param permissionsOf what a user may do, by name
     * @param stationName whether a name is one of a station
     */
    public JetStreamApi(ControlEngine engine, Function<String, Permissions> permissionsOf, Predicate<String> stationName) {
        this.engine = engine;
        this.permissionsOf = permissionsOf;
        this.stationName = stationName;
        this.audit = new ApiAudit(engine);
        this.tier = new TierLookup();
        this.transfers = new Transfers(engine.world());
    }

    /** Where messages are looked for that have left their stream. Before clients are served. */
    public void readBack(TierReader from) {
        tier.is(from);
    }

    /** Requests so far. */
    public ApiCounters counters() {
        return counters;
    }

    /** Ends transfers of streams that are under way. */
    @Override
    public void close() {
        transfers.close();
    }

    /** Serves every request of the API except those of the data path. */
    public void bind(ApiRegistry registry) {
        StreamQueries streams = new StreamQueries(engine, permissionsOf, counters, registry);
        serve(registry, "INFO", "account_info_response", streams::account);
        serve(registry, "STREAM.INFO.*", "stream_info_response", streams::info);
        serve(registry, "STREAM.NAMES", "stream_names_response", streams::names);
        serve(registry, "STREAM.LIST", "stream_list_response", streams::list);

        StreamChanges changes = new StreamChanges(engine, permissionsOf, registry);
        serve(registry, "STREAM.CREATE.*", "stream_create_response", changes::create);
        serve(registry, "STREAM.UPDATE.*", "stream_update_response", changes::update);
        serve(registry, "STREAM.DELETE.*", "stream_delete_response", changes::delete);

        MessageRequests messages = new MessageRequests(engine, tier);
        serve(registry, "STREAM.PURGE.*", "stream_purge_response", messages::purge);
        serve(registry, "STREAM.MSG.GET.*", "stream_msg_get_response", messages::get);
        serve(registry, "STREAM.MSG.DELETE.*", "stream_msg_delete_response", messages::delete);

        DirectGet direct = new DirectGet(engine, counters, tier);
        registry.serve(API + "DIRECT.GET.*", direct::get);
        registry.serve(API + "DIRECT.GET.*.>", direct::lastOf);

        ConsumerChanges consumers = new ConsumerChanges(engine, permissionsOf, registry);
        serve(registry, "CONSUMER.CREATE.*", "consumer_create_response", consumers::createEphemeral);
        serve(registry, "CONSUMER.CREATE.*.>", "consumer_create_response", consumers::createNamed);
        serve(registry, "CONSUMER.DURABLE.CREATE.*.*", "consumer_create_response", consumers::createDurable);
        serve(registry, "CONSUMER.DELETE.*.*", "consumer_delete_response", consumers::delete);

        ConsumerQueries queries = new ConsumerQueries(engine);
        serve(registry, "CONSUMER.INFO.*.*", "consumer_info_response", queries::info);
        serve(registry, "CONSUMER.NAMES.*", "consumer_names_response", queries::names);
        serve(registry, "CONSUMER.LIST.*", "consumer_list_response", queries::list);

        SnapshotRequests snapshots = new SnapshotRequests(engine, permissionsOf, transfers);
        serve(registry, "STREAM.SNAPSHOT.*", "stream_snapshot_response", snapshots::snapshot);
        registry.serve(OutgoingSnapshot.ACK + "*.*.*.*", snapshots::acknowledged);
        RestoreRequests restores = new RestoreRequests(engine, permissionsOf, stationName, transfers);
        serve(registry, "STREAM.RESTORE.*", "stream_restore_response", restores::restore);
        registry.serve(IncomingRestore.DELIVER + "*.*", restores::chunk);

        UNSUPPORTED.forEach((pattern, type) -> serve(registry, pattern, type, x -> {
            throw ApiError.notSupported(pattern.replaceAll("\\.\\*", ""));
        }));
        ClusterRequests cluster = new ClusterRequests(engine);
        serve(registry, "STREAM.PEER.REMOVE.*", "stream_remove_peer_response", cluster::removePeer);
        serve(registry, "STREAM.LEADER.STEPDOWN.*", "stream_leader_stepdown_response", cluster::stepDown);
        serve(registry, "CONSUMER.LEADER.STEPDOWN.*.*", "consumer_leader_stepdown_response", cluster::stepDownOfConsumer);
        serve(registry, "META.LEADER.STEPDOWN", "meta_leader_stepdown_response", cluster::stepDownOfDefinitions);
        serve(registry, "SERVER.REMOVE", "meta_server_remove_response", cluster::removeServer);
    }

    private void serve(ApiRegistry registry, String pattern, String type, Consumer<ApiExchange> handler) {
        registry.serve(API + pattern, request -> {
            ApiExchange x = new ApiExchange(request, type, engine, counters, audit);
            if (request.levelMet()) {
                x.guard(() -> handler.accept(x));
            } else {
                x.fail(ApiError.REQUIRED_LEVEL.refusal());
            }
        });
    }
}

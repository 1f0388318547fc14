package org.memphisee.core.jetstream;

import java.util.List;
import java.util.Set;

import org.memphisee.core.cluster.ClusterView;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.replication.GroupPosition;

/**
 * Requests about who leads, and where streams are (cluster.md 4.5). A leadership is that of a group: the streams that share it have
 * another leader too.
 */
final class ClusterRequests {

    private static final int STREAM_TOKEN = 5;

    private final ControlEngine engine;

    ClusterRequests(ControlEngine engine) {
        this.engine = engine;
    }

    void stepDown(ApiExchange x) {
        requireCluster();
        String to = preferred(x);
        x.onLoop(() -> stepDown(x, stream(x.token(STREAM_TOKEN)).partitionId(), to));
    }

    void stepDownOfConsumer(ApiExchange x) {
        requireCluster();
        String to = preferred(x);
        x.onLoop(() -> {
            long partition = stream(x.token(STREAM_TOKEN)).partitionId();
            engine.definitions().consumer(partition, x.token(STREAM_TOKEN + 1))
                .orElseThrow(ApiError.CONSUMER_NOT_FOUND::refusal);
            stepDown(x, partition, to);
        });
    }

    void stepDownOfDefinitions(ApiExchange x) {
        requireCluster();
        String to = preferred(x);
        mayLead(view().nodes(), to);
        if (to.isEmpty() ? !view().stepDownDefinitions()
            : !view().transfer(GroupPosition.DEFINITIONS, to)) {
            throw ApiError.UNAVAILABLE.refusal();
        }
        x.send(x.answer().put("success", true));
    }

    void removePeer(ApiExchange x) {
        requireCluster();
        String peer = ApiFields.parse(x.payload()).onlyKnown(Set.of("peer")).text("peer");
        x.onLoop(() -> {
            long partition = stream(x.token(STREAM_TOKEN)).partitionId();
            view().members(partition).stream().filter(member -> member.equals(peer) || ClusterJson.peer(member).equals(peer))
                .findFirst().orElseThrow(ApiError.PEER_NOT_MEMBER::refusal);
            throw ApiError.PEER_REMAP_FAILED.refusal(); // moving what there is to another group comes later
        });
    }

    void removeServer(ApiExchange x) {
        requireCluster();
        String peer = ApiFields.parse(x.payload()).onlyKnown(Set.of("peer", "peer_id")).text("peer");
        if (!view().nodes().contains(peer)) {
            throw ApiError.SERVER_NOT_MEMBER.refusal();
        }
        throw ApiError.PEER_REMAP_FAILED.refusal(); // its partitions would have to move first
    }

    private void stepDown(ApiExchange x, long partition, String to) {
        mayLead(view().members(partition), to);
        if (to.isEmpty() ? !view().stepDown(partition) : !view().transfer(view().group(partition), to)) {
            throw ApiError.UNAVAILABLE.refusal();
        }
        x.send(x.answer().put("success", true));
    }

    private void mayLead(List<String> members, String to) {
        if (!to.isEmpty() && (!members.contains(to) || !view().live().contains(to))) {
            throw ApiError.NO_SUITABLE_PEERS.refusal();
        }
    }

    /** The node that is to lead next, empty for any; cluster and tags of the placement say nothing here. */
    private static String preferred(ApiExchange x) {
        return ApiFields.parseOptional(x.payload()).onlyKnown(Set.of("placement")).object("placement").text("preferred");
    }

    private void requireCluster() {
        if (!engine.clustered()) {
            throw ApiError.CLUSTERING_REQUIRED.refusal();
        }
    }

    private ClusterView view() {
        return engine.view();
    }

    private StreamDefinition stream(String name) {
        return engine.definitions().stream(name).orElseThrow(ApiError.STREAM_NOT_FOUND::refusal);
    }
}

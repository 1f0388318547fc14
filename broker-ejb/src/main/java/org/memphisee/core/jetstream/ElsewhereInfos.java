package org.memphisee.core.jetstream;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.api.ClientIdentity;
import org.memphisee.core.api.Reply;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;

/**
 * Infos of streams that only other nodes have: asked of them all at once. One that does not answer costs its figures, never an
 * error.
 */
final class ElsewhereInfos {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final StreamState UNKNOWN = new StreamState(0, 0, 0, 0, 0, 0, 0, 0, 0, PartitionLife.FOLLOWING);
    private static final byte[] NONE = {};

    private final ControlEngine engine;
    private final ApiRegistry api;

    /** @param api gives questions to the node that can answer them */
    ElsewhereInfos(ControlEngine engine, ApiRegistry api) {
        this.engine = engine;
        this.api = api;
    }

    /** Streams of a list that are not here. */
    List<StreamDefinition> missing(List<StreamDefinition> streams) {
        return engine.clustered() ? streams.stream().filter(s -> engine.registry().byName(s.name()).isEmpty()).toList() : List.of();
    }

    /** Info without figures. */
    ObjectNode unknown(StreamDefinition stream) {
        return ClusterJson.add(StreamJson.info(StreamJson.node(), stream.config(), stream.createdNanos(), UNKNOWN,
            engine.clock().wallNanos()), engine.view(), stream.partitionId());
    }

    /** Asks for infos; told once, on any thread, with those that came. */
    void ask(ClientIdentity client, List<StreamDefinition> streams, Consumer<Map<String, ObjectNode>> done) {
        Map<String, ObjectNode> infos = new ConcurrentHashMap<>();
        AtomicInteger left = new AtomicInteger(streams.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                done.accept(infos);
            }
        };
        for (StreamDefinition stream : streams) {
            boolean there = engine.view().live().contains(engine.view().leader(stream.partitionId()));
            if (!there || !api.request(question(client, stream.name(), infos, one))) {
                one.run();
            }
        }
        one.run();
    }

    private static ApiRequest question(ClientIdentity client, String stream, Map<String, ObjectNode> infos, Runnable one) {
        return new ApiRequest(client, JetStreamApi.API + "STREAM.INFO." + stream, NONE, new Reply() {
            @Override
            public boolean wanted() {
                return true;
            }

            @Override
            public void send(byte[] payload) {
                try {
                    JsonNode answer = MAPPER.readTree(payload);
                    if (answer instanceof ObjectNode info && !info.has("error")) {
                        info.remove(List.of("type", "total", "offset", "limit"));
                        infos.put(stream, info);
                    }
                } catch (IOException e) {
                    // as if it had not answered
                } finally {
                    one.run();
                }
            }

            @Override
            public void send(byte[] headerBlock, byte[] payload) {
                send(payload);
            }

            @Override
            public void nobody() {
                one.run();
            }
        });
    }
}

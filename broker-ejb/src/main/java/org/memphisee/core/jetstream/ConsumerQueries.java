package org.memphisee.core.jetstream;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.partition.PartitionHandle;

/** CONSUMER.INFO, NAMES and LIST (jetstream-api.md 5.8): straight from the I/O thread to the shard. */
final class ConsumerQueries {

    private static final int STREAM_TOKEN = 4;
    private static final int NAMES_LIMIT = 1024;
    private static final int LIST_LIMIT = 256;

    private final ControlEngine engine;

    ConsumerQueries(ControlEngine engine) {
        this.engine = engine;
    }

    void info(ApiExchange x) {
        ApiFields.requireEmpty(x.payload());
        String name = x.token(STREAM_TOKEN + 1);
        x.onShard(x.partition(x.token(STREAM_TOKEN)), partition -> {
            partition.consumerInfo(name).orElseThrow(ApiError.CONSUMER_NOT_FOUND::refusal);
            partition.whenCounted(() -> partition.whenCursorsDurable(() -> x.guard(() -> x.send(ClusterJson.add(ConsumerJson.info(
                x.answer(), partition.consumerInfo(name).orElseThrow(ApiError.CONSUMER_NOT_FOUND::refusal),
                engine.clock().wallNanos()), engine, partition.config().name())))));
        });
    }

    void names(ApiExchange x) {
        page(x, NAMES_LIMIT, (array, info) -> array.add(info.config().name()));
    }

    void list(ApiExchange x) {
        long now = engine.clock().wallNanos();
        page(x, LIST_LIMIT, (array, info) -> array.add(ClusterJson.add(ConsumerJson.info(StreamJson.node(), info, now),
            engine, info.stream())));
    }

    private interface Writer {
        void write(ArrayNode array, ConsumerInfo info);
    }

    private static void page(ApiExchange x, int limit, Writer writer) {
        long offset = ApiFields.parseOptional(x.payload()).onlyKnown(StreamQueries.PAGE).unsigned("offset");
        PartitionHandle handle = x.partition(x.token(STREAM_TOKEN));
        x.onShard(handle, partition -> partition.whenCounted(() -> {
            List<ConsumerInfo> infos = partition.consumerInfos();
            ObjectNode answer = x.answer().put("total", infos.size()).put("offset", offset).put("limit", limit);
            ArrayNode array = answer.putArray("consumers");
            infos.stream().skip(offset).limit(limit).forEach(info -> writer.write(array, info));
            x.send(answer);
        }));
    }
}

package org.memphisee.core.jetstream;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/**
 * STREAM.INFO, NAMES and LIST, and the account's INFO (jetstream-api.md 5.2 and 5.5). Streams of the broker itself are not
 * shown (wire-protocol.md 3.11).
 */
final class StreamQueries {

    private static final int STREAM_TOKEN = 4;
    private static final int NAMES_LIMIT = 1024;
    private static final int LIST_LIMIT = 256;
    private static final int SUBJECTS_LIMIT = 100_000;
    private static final int DELETED_LIMIT = 1_000_000;
    /** Every SDK asks for INFO when it connects; sums over all streams need not be newer than this. */
    private static final long USAGE_NANOS = 1_000_000_000L;

    /** What may be said about a page; answers have the last two, and some clients send them back. */
    static final Set<String> PAGE = Set.of("offset", "subject", "total", "limit");

    private final ControlEngine engine;
    private final Function<String, Permissions> permissionsOf;
    private final ApiCounters counters;
    private final ElsewhereInfos elsewhere;
    private Usage usage;

    private record Usage(long memory, long storage, long takenAt) { }

    StreamQueries(ControlEngine engine, Function<String, Permissions> permissionsOf, ApiCounters counters, ApiRegistry api) {
        this.engine = engine;
        this.elsewhere = new ElsewhereInfos(engine, api);
        this.permissionsOf = permissionsOf;
        this.counters = counters;
    }

    void info(ApiExchange x) {
        ApiFields f = ApiFields.parseOptional(x.payload())
            .onlyKnown(Set.of("deleted_details", "subjects_filter", "offset", "total", "limit"));
        boolean deleted = f.flag("deleted_details");
        String filter = f.text("subjects_filter");
        int offset = (int) Math.min(Integer.MAX_VALUE, f.unsigned("offset"));
        PartitionHandle handle = x.partition(x.token(STREAM_TOKEN));
        if (!deleted && filter.isEmpty()) {
            x.send(ClusterJson.add(StreamJson.info(paging(x, 0, offset, 0), handle.config(), handle.createdNanos(),
                handle.state(), engine.clock().wallNanos()), engine.view(), handle.id()));
            return;
        }
        x.onShard(handle, partition -> details(x, handle, partition, deleted, filter, offset));
    }

    private void details(ApiExchange x, PartitionHandle handle, PartitionOperations partition, boolean deleted,
                         String filter, int offset) {
        if (filter.isEmpty()) {
            details(x, handle, partition, deleted, Map.of(), 0, offset);
        } else {
            partition.subjectCounts(filter, x.answer(counts -> details(x, handle, partition, deleted, counts, SUBJECTS_LIMIT,
                offset)));
        }
    }

    private void details(ApiExchange x, PartitionHandle handle, PartitionOperations partition, boolean deleted,
                         Map<String, Long> counts, int subjectsLimit, int offset) {
        ObjectNode answer = StreamJson.info(paging(x, counts.size(), offset, subjectsLimit),
            partition.config(), handle.createdNanos(), partition.state(), engine.clock().wallNanos());
        ClusterJson.add(answer, engine.view(), handle.id());
        ObjectNode state = (ObjectNode) answer.get("state");
        if (!counts.isEmpty()) {
            ObjectNode subjects = state.putObject("subjects");
            counts.entrySet().stream().skip(offset).limit(SUBJECTS_LIMIT)
                .forEach(count -> subjects.put(count.getKey(), count.getValue()));
        }
        if (!deleted || partition.state().numDeleted() == 0) {
            x.send(answer);
            return;
        }
        partition.deletedSequences(DELETED_LIMIT, x.answer(missing -> {
            ArrayNode gaps = state.putArray("deleted");
            for (long sequence : missing) {
                gaps.add(sequence);
            }
            x.send(answer);
        }));
    }

    void names(ApiExchange x) {
        ApiFields f = ApiFields.parseOptional(x.payload()).onlyKnown(PAGE);
        page(x, f, NAMES_LIMIT, (array, stream) -> array.add(stream.name()));
    }

    void list(ApiExchange x) {
        ApiFields f = ApiFields.parseOptional(x.payload()).onlyKnown(PAGE);
        long now = engine.clock().wallNanos();
        page(x, f, LIST_LIMIT, (array, stream) -> engine.registry().byName(stream.name()).ifPresentOrElse(handle ->
            array.add(ClusterJson.add(StreamJson.info(StreamJson.node(), handle.config(), handle.createdNanos(), handle.state(),
                now), engine.view(), handle.id())), () -> {
                    if (engine.clustered()) {
                        array.add(elsewhere.unknown(stream));
                    }
                }));
    }

    /** Answers, with the infos of streams that only other nodes have. */
    private void complete(ApiExchange x, ObjectNode answer, List<StreamDefinition> missing) {
        if (missing.isEmpty()) {
            x.send(answer);
            return;
        }
        elsewhere.ask(x.client(), missing, infos -> x.guard(() -> {
            ArrayNode array = (ArrayNode) answer.get("streams");
            for (int i = 0; i < array.size(); i++) {
                ObjectNode info = infos.get(array.get(i).get("config").get("name").asText());
                if (info != null) {
                    array.set(i, info);
                }
            }
            x.send(answer);
        }));
    }

    private interface Writer {
        void write(ArrayNode array, StreamDefinition stream);
    }

    private void page(ApiExchange x, ApiFields f, int limit, Writer writer) {
        long offset = f.unsigned("offset");
        String subject = f.text("subject");
        x.onLoop(() -> {
            Stream<StreamDefinition> all = subject.isEmpty() ? engine.definitions().streams()
                : Subjects.validPattern(subject) ? engine.definitions().streamsFor(subject) : Stream.empty();
            Permissions permissions = permissionsOf.apply(x.user());
            List<StreamDefinition> streams = all.filter(stream -> !StorableSubjects.reserved(stream.name())
                && permissions.mayUse(StationLayout.stationPart(stream.name()))).toList();
            ObjectNode answer = paging(x, streams.size(), offset, limit);
            ArrayNode array = answer.putArray("streams");
            List<StreamDefinition> shown = streams.stream().skip(offset).limit(limit).toList();
            shown.forEach(stream -> writer.write(array, stream));
            complete(x, answer, limit == LIST_LIMIT ? elsewhere.missing(shown) : List.of());
        });
    }

    /** Whatever the body says: tools send all kinds of them. */
    void account(ApiExchange x) {
        if (!engine.clustered()) {
            x.onLoop(() -> accountOnLoop(x));
            return;
        }
        x.onLoop(() -> engine.errands().refresh(engine.errands().partitions(engine.definitions().streams().map(StreamDefinition::name)
            .toList()), USAGE_NANOS).thenRun(() -> engine.resume(() -> x.guard(() -> accountOnLoop(x)))));
    }

    private void accountOnLoop(ApiExchange x) {
        Usage now = usage();
        ObjectNode answer = x.answer();
        answer.put("memory", engine.registry().memoryUsed()).put("storage", now.storage())
            .put("reserved_memory", engine.claims().reservedMemory()).put("reserved_storage", engine.claims().reservedStorage())
            .put("streams", engine.definitions().streamCount()).put("consumers", engine.definitions().consumerCount());
        answer.putObject("limits").put("max_memory", engine.settings().maxMemoryBytes()).put("max_storage", -1)
            .put("max_streams", engine.settings().maxStreams()).put("max_consumers", -1).put("max_ack_pending", -1)
            .put("memory_max_stream_bytes", -1).put("storage_max_stream_bytes", -1).put("max_bytes_required", false);
        answer.putObject("api").put("total", counters.total.sum()).put("errors", counters.errors.sum());
        x.send(answer);
    }

    private Usage usage() {
        long now = engine.clock().nowNanos();
        if (usage == null || now - usage.takenAt() > USAGE_NANOS) {
            long[] sums = new long[2];
            engine.definitions().streams().forEach(stream -> engine.errands().partition(stream.name()).ifPresent(partition ->
                sums[stream.config().storage() == StreamConfig.Storage.MEMORY ? 0 : 1] += partition.figures().state().bytes()));
            usage = new Usage(sums[0], sums[1], now);
        }
        return usage;
    }

    private static ObjectNode paging(ApiExchange x, long total, long offset, long limit) {
        return x.answer().put("total", total).put("offset", offset).put("limit", limit);
    }
}

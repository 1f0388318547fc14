package org.memphisee.core.jetstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.SubjectRules;
import org.memphisee.core.api.ApiRequest;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.jetstream.transfer.OutgoingSnapshot;
import org.memphisee.core.jetstream.transfer.Transfers;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.partition.log.RecordCopy;
import org.memphisee.core.subject.Subjects;

/** STREAM.SNAPSHOT and the acknowledgements of chunks (jetstream-new.md 6). */
final class SnapshotRequests {

    private static final int STREAM_TOKEN = 4;
    private static final int ID_TOKEN = 4;
    private static final Set<String> KNOWN = Set.of("deliver_subject", "no_consumers", "chunk_size", "window_size", "jsck");
    private static final int DEFAULT_CHUNK = 128 << 10;
    private static final int DEFAULT_WINDOW = 8 << 20;
    private static final int LEAST = 1 << 10;
    private static final int MOST_CHUNK = 1 << 20;
    private static final int MOST_WINDOW = 32 << 20;

    private final ControlEngine engine;
    private final Function<String, Permissions> permissionsOf;
    private final Transfers transfers;
    private final TransferAdvisories advisories;

    SnapshotRequests(ControlEngine engine, Function<String, Permissions> permissionsOf, Transfers transfers) {
        this.engine = engine;
        this.permissionsOf = permissionsOf;
        this.transfers = transfers;
        this.advisories = new TransferAdvisories(engine);
    }

    void snapshot(ApiExchange x) {
        if (ApiFields.blank(x.payload())) {
            throw ApiError.BAD_REQUEST.refusal();
        }
        PartitionHandle handle = x.partition(x.token(STREAM_TOKEN));
        ApiFields f = ApiFields.parse(x.payload()).onlyKnown(KNOWN);
        String deliver = f.text("deliver_subject");
        Permissions permissions = permissionsOf.apply(x.user());
        if (!Subjects.validLiteral(deliver) || permissions.restricted() && !SubjectRules.mayPublish(permissions, deliver)) {
            throw ApiError.SNAPSHOT_SUBJECT_INVALID.refusal();
        }
        int chunk = within(f.number("chunk_size"), DEFAULT_CHUNK, MOST_CHUNK);
        int window = Math.max(1, within(f.number("window_size"), DEFAULT_WINDOW, MOST_WINDOW) / chunk);
        boolean consumers = !f.flag("no_consumers");
        x.onShard(handle, partition -> partition.whenCursorsDurable(
            () -> x.guard(() -> begin(x, handle, partition, deliver, chunk, window, consumers))));
    }

    private static int within(long given, int otherwise, int most) {
        return given == 0 ? otherwise : (int) Math.min(most, Math.max(LEAST, given));
    }

    private void begin(ApiExchange x, PartitionHandle handle, PartitionOperations partition, String deliver, int chunk,
                       int window, boolean consumers) {
        StreamState state = partition.state();
        long now = engine.clock().wallNanos();
        List<OutgoingSnapshot.Head> heads = new ArrayList<>();
        Map<String, byte[]> states = consumers ? partition.consumerStates() : Map.of();
        heads.add(new OutgoingSnapshot.Head("state.json", SnapshotJson.state(state, states.size())));
        for (ConsumerInfo info : partition.consumerInfos()) {
            byte[] cursor = states.get(info.config().name());
            if (cursor != null) {
                heads.add(new OutgoingSnapshot.Head("consumers/" + info.config().name(),
                    SnapshotJson.consumer(info.config(), cursor, now)));
            }
        }
        String stream = handle.name();
        ObjectNode answer = x.answer();
        answer.set("config", StreamJson.config(partition.config()));
        answer.set("state", StreamJson.state(state));
        OutgoingSnapshot.Wanted wanted = new OutgoingSnapshot.Wanted(stream, deliver, chunk, window,
            Math.max(1, state.firstSeq()), state.lastSeq());
        OutgoingSnapshot snapshot = new OutgoingSnapshot(engine.world().newId(), wanted, heads, source(handle),
            engine.publisher(), engine.clock(), () -> {
                x.send(answer);
                advisories.snapshotBegins(stream, state, x.client());
            }, why -> advisories.snapshotEnds(stream, now, why, x.client()));
        if (!transfers.begin(snapshot)) {
            throw ApiError.SNAPSHOT_FAILED.refusal("more than " + Transfers.MOST + " streams are being saved and restored");
        }
    }

    private static OutgoingSnapshot.Source source(PartitionHandle handle) {
        return (from, upTo, found, failed) -> handle.run(partition -> partition.record(from, upTo, new Answer<>() {
            @Override
            public void known(Optional<RecordCopy> record) {
                found.accept(record);
            }

            @Override
            public void unknown(String why) {
                failed.accept(why);
            }
        }));
    }

    /** {@code $JS.SNAPSHOT.ACK.<stream>.<id>.<size>.<index>}: a chunk arrived. I/O thread. */
    void acknowledged(ApiRequest request) {
        String[] tokens = request.subject().split("\\.", -1);
        transfers.find(tokens[ID_TOKEN]).filter(OutgoingSnapshot.class::isInstance).map(OutgoingSnapshot.class::cast)
            .ifPresent(OutgoingSnapshot::acknowledged);
    }
}

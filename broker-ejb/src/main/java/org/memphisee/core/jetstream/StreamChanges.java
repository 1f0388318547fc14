package org.memphisee.core.jetstream;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.SubjectRules;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.control.Claims;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.partition.PartitionHandle;
import org.memphisee.core.stream.StreamConfig;

/**
 * STREAM.CREATE, UPDATE and DELETE (jetstream-api.md 5.5). Checked on the I/O thread, decided under the lock of the stream's
 * name.
 */
final class StreamChanges {

    private static final int STREAM_TOKEN = 4;

    private final ControlEngine engine;
    private final ApiRegistry api;
    private final Function<String, Permissions> permissionsOf;

    /** @param api gives questions to the node that can answer them */
    StreamChanges(ControlEngine engine, Function<String, Permissions> permissionsOf, ApiRegistry api) {
        this.engine = engine;
        this.api = api;
        this.permissionsOf = permissionsOf;
    }

    void create(ApiExchange x) {
        StreamConfig config = read(x);
        if (config.sealed()) {
            throw StreamConfigReader.invalid("stream configuration for create can not be sealed");
        }
        if (config.mirrorDirect()) { // an update may say it, to no effect
            throw StreamConfigReader.invalid("stream has no mirror but does have mirror direct");
        }
        x.underLock(config.name(), lock -> create(x, lock, config));
    }

    private void create(ApiExchange x, NameLock lock, StreamConfig config) {
        StreamDefinition existing = engine.definitions().stream(config.name()).orElse(null);
        if (existing != null) {
            if (!existing.config().equals(config)) {
                throw ApiError.STREAM_NAME_IN_USE.refusal();
            }
            answerInfo(x, config.name(), true);
            lock.release();
            return;
        }
        StorableSubjects.checkName(config.name());
        StorableSubjects.check(config.subjects(), config.noAck());
        if (!engine.claims().roomForStreams(1)) {
            throw ApiError.MAXIMUM_STREAMS.refusal();
        }
        if (!engine.claims().roomForMemory(Claims.reserves(config), 0)) {
            throw ApiError.INSUFFICIENT_MEMORY.refusal();
        }
        if (engine.claims().subjectsTaken(config.subjects(), 0)) {
            throw ApiError.SUBJECTS_OVERLAP.refusal();
        }
        long placement = engine.place(config.replicas(), 1).orElseThrow(ApiError.NO_SUITABLE_PEERS::refusal).get(0);
        engine.change(x.author(), new SystemEvent.StreamCreated(engine.allocateId(), config, engine.clock().wallNanos(), x.user(),
            placement), x.whenEffective(lock, () -> answerInfo(x, config.name(), true)));
    }

    void update(ApiExchange x) {
        StreamConfig asked = read(x);
        x.underLock(asked.name(), lock -> {
            StreamDefinition stream = stream(asked.name());
            PartitionHandle handle = x.partition(asked.name()); // one that could not be recovered is only deleted
            StreamConfig config = StreamUpdateRules.apply(stream.config(), asked);
            StreamUpdateRules.checkConsumers(stream.config(), config,
                engine.definitions().consumers(stream.partitionId()));
            if (stream.config().maxMsgsPerSubject() > 1 || config.maxMsgsPerSubject() <= 1) {
                update(x, lock, stream, config);
                return;
            }
            x.onShardLocked(handle, lock, partition -> {
                String why = partition.noRoomFor(config);
                x.resumeLocked(lock, t -> {
                    if (!why.isEmpty()) {
                        throw new ApiRefusal(ApiError.INSUFFICIENT_RESOURCES, why);
                    }
                    update(x, t, stream, config);
                });
            });
        });
    }

    private void update(ApiExchange x, NameLock lock, StreamDefinition stream, StreamConfig config) {
        StorableSubjects.check(added(stream.config(), config), config.noAck());
        if (!engine.claims().roomForMemory(Claims.reserves(config), Claims.reserves(stream.config()))) {
            throw ApiError.INSUFFICIENT_MEMORY.refusal();
        }
        if (engine.claims().subjectsTaken(config.subjects(), stream.partitionId())) {
            throw ApiError.SUBJECTS_OVERLAP.refusal();
        }
        engine.change(x.author(), new SystemEvent.StreamUpdated(stream.partitionId(), config),
            x.whenEffective(lock, () -> answerInfo(x, config.name(), false)));
    }

    /** Subjects that were not stored before in this way: what an older release allowed may stay. */
    private static List<String> added(StreamConfig before, StreamConfig now) {
        return before.noAck() && !now.noAck() ? now.subjects()
            : now.subjects().stream().filter(subject -> !before.subjects().contains(subject)).toList();
    }

    void delete(ApiExchange x) {
        ApiFields.requireEmpty(x.payload());
        String name = x.token(STREAM_TOKEN);
        x.underLock(name, lock -> engine.change(x.author(), new SystemEvent.StreamDeleted(stream(name).partitionId()),
            x.whenEffective(lock, () -> x.send(x.answer().put("success", true)))));
    }

    private StreamConfig read(ApiExchange x) {
        ApiFields fields = ApiFields.parse(x.payload());
        StreamConfig config = StreamConfigReader.read(fields, engine.clustered());
        if (!config.name().equals(x.token(STREAM_TOKEN))) {
            throw ApiError.STREAM_NAME_NOT_MATCHING.refusal();
        }
        checkRights(permissionsOf.apply(x.user()), x.user(), config);
        return config;
    }

    /** A stream must not be a way to store or send what its maker may not publish. */
    static void checkRights(Permissions permissions, String user, StreamConfig config) {
        if (!permissions.restricted()) {
            return;
        }
        String republished = config.republish().destination();
        boolean allowed = config.subjects().stream().allMatch(subject -> SubjectRules.mayStore(permissions, subject))
            && (republished.isEmpty() || SubjectRules.mayStore(permissions, republished));
        if (!allowed) {
            throw ApiError.STREAM_CREATE_REFUSED.refusal("user " + user + " is not allowed to use these subjects");
        }
    }

    private StreamDefinition stream(String name) {
        return engine.definitions().stream(name).orElseThrow(ApiError.STREAM_NOT_FOUND::refusal);
    }

    private void answerInfo(ApiExchange x, String name, boolean created) {
        boolean elsewhere = engine.clustered() && engine.registry().byName(name).filter(PartitionHandle::decidedHere).isEmpty();
        if (elsewhere) { // its figures are where it is
            x.answerWith(api, "STREAM.INFO." + name, answer -> StreamJson.flag(answer, "did_create", created));
            return;
        }
        PartitionHandle handle = x.partition(name);
        ObjectNode answer = StreamJson.info(x.answer(), handle.config(), handle.createdNanos(), handle.state(),
            engine.clock().wallNanos());
        ClusterJson.add(answer, engine.view(), handle.id());
        StreamJson.flag(answer, "did_create", created);
        x.send(answer);
    }
}

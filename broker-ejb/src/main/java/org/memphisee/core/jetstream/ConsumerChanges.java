package org.memphisee.core.jetstream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.memphisee.core.access.Permissions;
import org.memphisee.core.access.SubjectRules;
import org.memphisee.core.api.ApiRegistry;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ConsumerDefinition;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.StreamDefinition;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.subject.Subjects;

/** CONSUMER.CREATE in its forms and DELETE (jetstream-api.md 5.8). Decided under the lock of the stream's name. */
final class ConsumerChanges {

    private static final int CREATE_STREAM_TOKEN = 4;
    private static final int DURABLE_STREAM_TOKEN = 5;
    private static final String NAME_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int GENERATED_NAME = 8;
    private static final Set<String> KNOWN = Set.of("stream_name", "config", "action", "pedantic");

    private final ControlEngine engine;
    private final ApiRegistry api;
    private final Function<String, Permissions> permissionsOf;

    /** Whether the consumer may, must or must not exist. */
    private enum Action { ANY, CREATE, UPDATE }

    private record Asked(String stream, ConsumerConfig config, Action action) { }

    /** @param api gives questions to the node that can answer them */
    ConsumerChanges(ControlEngine engine, Function<String, Permissions> permissionsOf, ApiRegistry api) {
        this.engine = engine;
        this.api = api;
        this.permissionsOf = permissionsOf;
    }

    /** {@code CONSUMER.CREATE.<stream>}: an ephemeral one. */
    void createEphemeral(ApiExchange x) {
        ApiFields f = request(x, x.token(CREATE_STREAM_TOKEN));
        ConsumerConfig config = ConsumerConfigReader.read(f.object("config"));
        if (config.durable()) {
            throw ApiError.EPHEMERAL_WITH_DURABLE_NAME.refusal();
        }
        define(x, new Asked(x.token(CREATE_STREAM_TOKEN),
            config.name().isEmpty() ? named(config, generatedName()) : config, action(f)));
    }

    /** {@code CONSUMER.CREATE.<stream>.<name>[.<filter>]}. */
    void createNamed(ApiExchange x) {
        ApiFields f = request(x, x.token(CREATE_STREAM_TOKEN));
        ConsumerConfig config = ConsumerConfigReader.readNamed(f.object("config"));
        String name = x.token(CREATE_STREAM_TOKEN + 1);
        if (!config.name().isEmpty() && !config.name().equals(name)) {
            throw ApiError.DURABLE_NAME_NOT_MATCHING.refusal();
        }
        String filter = x.tokensFrom(CREATE_STREAM_TOKEN + 2);
        if (!filter.isEmpty()) {
            if (!config.singleFilter() && !config.filterSubjects().isEmpty()) {
                throw ApiError.FILTERS_WITH_FILTER_SUBJECT.refusal();
            }
            if (!config.filterSubjects().equals(List.of(filter))) {
                throw ApiError.FILTER_NOT_MATCHING_SUBJECT.refusal();
            }
        }
        define(x, new Asked(x.token(CREATE_STREAM_TOKEN), named(config, name), action(f)));
    }

    /** {@code CONSUMER.DURABLE.CREATE.<stream>.<name>}. */
    void createDurable(ApiExchange x) {
        ApiFields f = request(x, x.token(DURABLE_STREAM_TOKEN));
        ConsumerConfig config = ConsumerConfigReader.read(f.object("config"));
        if (!config.durable()) {
            throw ApiError.DURABLE_NAME_NOT_SET.refusal();
        }
        if (!config.name().equals(x.token(DURABLE_STREAM_TOKEN + 1))) {
            throw ApiError.DURABLE_NAME_NOT_MATCHING.refusal();
        }
        define(x, new Asked(x.token(DURABLE_STREAM_TOKEN), config, action(f)));
    }

    private static ApiFields request(ApiExchange x, String stream) {
        ApiFields f = ApiFields.parse(x.payload()).onlyKnown(KNOWN);
        String named = f.text("stream_name");
        if (!named.isEmpty() && !named.equals(stream)) {
            throw ApiError.STREAM_NAME_NOT_MATCHING.refusal();
        }
        if (!f.has("config")) {
            throw ApiError.CONSUMER_CONFIG_REQUIRED.refusal();
        }
        return f;
    }

    private static Action action(ApiFields f) {
        return StreamConfigReader.choice(f.text("action"),
            Map.of("create", Action.CREATE, "update", Action.UPDATE), Action.ANY);
    }

    private void define(ApiExchange x, Asked asked) {
        ConsumerRules.checkName(asked.config().name());
        checkRights(permissionsOf.apply(x.user()), x.user(), asked.config().deliverSubject());
        x.underLock(asked.stream(), lock -> {
            StreamDefinition stream = stream(x, asked.stream());
            // A request to create compares with what was written down: a default life is written as a number, so the
            // same request without the number asks for another consumer, as in the reference.
            ConsumerConfig config = ConsumerRules.complete(asked.config(), stream.config());
            ConsumerDefinition existing =
                engine.definitions().consumer(stream.partitionId(), config.name()).orElse(null);
            if (existing == null) {
                create(x, lock, stream, config, asked.action());
            } else if (existing.config().equals(config)
                && (asked.action() != Action.CREATE || !ConsumerRules.takesDefaultLife(asked.config(), stream.config()))) {
                lock.release();
                x.onShard(x.partition(stream.name()), partition -> answer(x, partition, config.name()));
            } else if (asked.action() == Action.CREATE) {
                throw ApiError.CONSUMER_EXISTS.refusal();
            } else {
                update(x, lock, stream, existing, config);
            }
        });
    }

    /** A push consumer must not be a way to send where its maker may not. */
    static void checkRights(Permissions permissions, String user, String deliverSubject) {
        if (permissions.restricted() && !deliverSubject.isEmpty()
            && !SubjectRules.mayPublish(permissions, deliverSubject)) {
            throw ApiError.CONSUMER_CHANGE_REFUSED.refusal(
                "user " + user + " is not allowed to use this deliver subject");
        }
    }

    private void create(ApiExchange x, NameLock lock, StreamDefinition stream, ConsumerConfig config, Action action) {
        if (action == Action.UPDATE) {
            throw ApiError.CONSUMER_DOES_NOT_EXIST.refusal();
        }
        Collection<ConsumerDefinition> others = engine.definitions().consumers(stream.partitionId());
        if (stream.config().maxConsumers() > 0 && others.size() >= stream.config().maxConsumers()) {
            throw ApiError.MAXIMUM_CONSUMERS.refusal();
        }
        checkWorkqueue(stream.config(), config, others);
        long now = engine.clock().wallNanos();
        long id = engine.allocateId();
        if (config.memoryStorage() || !config.durable() && stream.config().storage() == StreamConfig.Storage.MEMORY) {
            engine.addUnlogged(new ConsumerDefinition(stream.partitionId(), id, config, now, 0, false),
                answered(x, lock, stream.name(), config.name()));
            return;
        }
        x.onShardLocked(x.partition(stream.name()), lock, partition -> partition.resolveStart(config,
            x.answerLocked(lock, (t, start) -> engine.change(x.author(),
                new SystemEvent.ConsumerDefined(stream.partitionId(), id, config, now, start),
                answered(x, t, stream.name(), config.name())))));
    }

    private void update(ApiExchange x, NameLock lock, StreamDefinition stream, ConsumerDefinition existing,
                        ConsumerConfig config) {
        ConsumerUpdateRules.check(existing.config(), config);
        checkWorkqueue(stream.config(), config, engine.definitions().consumers(stream.partitionId()).stream()
            .filter(other -> !other.name().equals(config.name())).toList());
        if (existing.config().deliverSubject().equals(config.deliverSubject())) {
            apply(x, lock, stream.name(), existing, config);
            return;
        }
        x.onShardLocked(x.partition(stream.name()), lock, partition -> {
            boolean bound = partition.consumerInfo(config.name()).map(ConsumerInfo::pushBound).orElse(false);
            x.resumeLocked(lock, t -> {
                if (bound) {
                    throw ApiError.CONSUMER_NAME_IN_USE.refusal();
                }
                apply(x, t, stream.name(), existing, config);
            });
        });
    }

    private void apply(ApiExchange x, NameLock lock, String stream, ConsumerDefinition existing, ConsumerConfig config) {
        if (existing.logged()) {
            engine.change(x.author(), new SystemEvent.ConsumerUpdated(existing.partitionId(), existing.consumerId(), config),
                answered(x, lock, stream, config.name()));
        } else {
            engine.updateUnlogged(new ConsumerDefinition(existing.partitionId(), existing.consumerId(), config,
                existing.createdNanos(), existing.startSequence(), false), answered(x, lock, stream, config.name()));
        }
    }

    private ChangeResult answered(ApiExchange x, NameLock lock, String stream, String name) {
        return x.whenEffective(lock, partition -> answer(x, partition, name),
            () -> x.answerWith(api, "CONSUMER.INFO." + stream + "." + name, info -> { })); // another node decides about it by now
    }

    private void answer(ApiExchange x, PartitionOperations partition, String name) {
        partition.whenCounted(() -> x.guard(() -> {
            ConsumerInfo info = partition.consumerInfo(name).orElseThrow(ApiError.CONSUMER_NOT_FOUND::refusal);
            x.send(ClusterJson.add(ConsumerJson.info(x.answer(), info, engine.clock().wallNanos()), engine, info.stream()));
        }));
    }

    static void checkWorkqueue(StreamConfig stream, ConsumerConfig config, Collection<ConsumerDefinition> others) {
        if (stream.retention() != StreamConfig.Retention.WORKQUEUE || others.isEmpty()) {
            return;
        }
        if (config.filterSubjects().isEmpty()) {
            throw ApiError.WORKQUEUE_SECOND_UNFILTERED.refusal();
        }
        for (ConsumerDefinition other : others) {
            List<String> taken = other.config().filterSubjects();
            if (taken.isEmpty() || taken.stream().anyMatch(t -> config.filterSubjects().stream()
                .anyMatch(f -> Subjects.collide(t, f)))) {
                throw ApiError.WORKQUEUE_FILTER_NOT_UNIQUE.refusal();
            }
        }
    }

    void delete(ApiExchange x) {
        ApiFields.requireEmpty(x.payload());
        String stream = x.token(CREATE_STREAM_TOKEN);
        String name = x.token(CREATE_STREAM_TOKEN + 1);
        x.underLock(stream, lock -> {
            ConsumerDefinition consumer = engine.definitions().consumer(stream(x, stream).partitionId(), name)
                .orElseThrow(ApiError.CONSUMER_NOT_FOUND::refusal);
            engine.removeConsumer(x.author(), consumer, x.whenEffective(lock, () -> x.send(x.answer().put("success", true))));
        });
    }

    /** A stream that could not be recovered keeps the consumers it has. */
    private StreamDefinition stream(ApiExchange x, String name) {
        x.partition(name);
        return engine.definitions().stream(name).orElseThrow(ApiError.STREAM_NOT_FOUND::refusal);
    }

    private String generatedName() {
        StringBuilder name = new StringBuilder(GENERATED_NAME);
        for (int i = 0; i < GENERATED_NAME; i++) {
            name.append(NAME_ALPHABET.charAt(engine.world().random().nextInt(NAME_ALPHABET.length())));
        }
        return name.toString();
    }

    private static ConsumerConfig named(ConsumerConfig c, String name) {
        return new ConsumerConfig(name, c.durable(), c.description(), c.deliverPolicy(), c.optStartSeq(),
            c.optStartTimeNanos(), c.ackPolicy(), c.ackWaitNanos(), c.maxDeliver(), c.backoffNanos(), c.filterSubjects(),
            c.singleFilter(), c.replayOriginal(), c.rateLimitBps(), c.sampleFreq(), c.maxWaiting(), c.maxAckPending(),
            c.idleHeartbeatNanos(), c.flowControl(), c.headersOnly(), c.maxBatch(), c.maxExpiresNanos(), c.maxBytes(),
            c.deliverSubject(), c.deliverGroup(), c.inactiveThresholdNanos(), c.replicas(), c.memoryStorage(),
            c.metadata());
    }
}

package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.memphisee.core.cluster.Placement;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.stream.StreamConfig;

/**
 * A change of definitions, as the system log stores it (D7). Immutable. Numbers of stations, partitions, consumers, schemas
 * and users come from one counter and are never reused. Times are nanoseconds since the epoch.
 */
public sealed interface SystemEvent {

    /** What has events in a type of its own: {@link UserEvent}, {@link SchemaEvent}, {@link ClusterEvent}. */
    non-sealed interface Kind extends SystemEvent { }

    /** How a station lets messages go (features.md 1.3). */
    enum RetentionType {
        /** After so many seconds. */
        MESSAGE_AGE_SEC,
        /** The newest so many stay, per partition. */
        MESSAGES,
        /** The newest so many bytes stay, per partition. */
        BYTES,
        /** Once every group has acknowledged. */
        ACK_BASED
    }

    /**
     * A stream that does not belong to a native station came to be; it counts as a non-native station whose number is
     * the partition's (wire-protocol.md 4.8).
     *
     * @param partitionId its number
     * @param config its configuration
     * @param createdNanos when
     * @param createdBy user who asked
     * @param placement the replication group that has it, {@link Placement#ALONE} for none
     */
    record StreamCreated(long partitionId, StreamConfig config, long createdNanos, String createdBy, long placement)
        implements SystemEvent { }

    /** A stream, of a station or not, was reconfigured. */
    record StreamUpdated(long partitionId, StreamConfig config) implements SystemEvent { }

    /** A single stream went; a native station goes with its last one. */
    record StreamDeleted(long partitionId) implements SystemEvent { }

    /**
     * A consumer of one partition came to be.
     *
     * @param partitionId the partition
     * @param consumerId its number
     * @param config its configuration
     * @param createdNanos when
     * @param startSequence first stream sequence to look at
     */
    record ConsumerDefined(long partitionId, long consumerId, ConsumerConfig config, long createdNanos,
                           long startSequence) implements SystemEvent { }

    /**
     * A stream came to be with messages and consumers, whose cursors lie in the store already.
     *
     * @param stream the stream
     * @param consumers its consumers, all of this partition
     */
    record StreamRestored(StreamCreated stream, List<ConsumerDefined> consumers) implements SystemEvent {
        public StreamRestored {
            Objects.requireNonNull(stream, "the stream is required");
            consumers = List.copyOf(consumers);
        }
    }

    /** A consumer was reconfigured; its name stays. */
    record ConsumerUpdated(long partitionId, long consumerId, ConsumerConfig config) implements SystemEvent { }

    /** A consumer went; a group goes with its last one. */
    record ConsumerRemoved(long partitionId, long consumerId) implements SystemEvent { }

    /**
     * A station came to be, with all its partition streams at once.
     *
     * @param id its number
     * @param name external name: lower case, with dots
     * @param retentionType how messages leave
     * @param retentionValue seconds, messages or bytes; 0 with {@link RetentionType#ACK_BASED}
     * @param storage where messages live
     * @param replicas copies of each message
     * @param idempotencyWindowMillis how long message ids are remembered, milliseconds
     * @param partitionIds numbers of its partitions; partition n is at index n - 1
     * @param dlsPoison dead-letter messages that ran out of deliveries
     * @param dlsSchemaverse dead-letter messages that fail their schema
     * @param dlsStation station that gets copies of dead letters, empty for none
     * @param tieredStorage whether removed messages are wanted in tiered storage
     * @param nativeStation whether it was made as a station; always true here
     * @param createdBy user who made it
     * @param createdNanos when
     * @param version 2: the layout with numbered partitions
     * @param tags tags for people
     * @param tagColors colours of those tags that have one, {@code R, G, B} by tag
     * @param config how its partitions were made: {@link #NUMBER} stands for the partition's number
     * @param placement the replication group that has it, for each partition in the order of {@code partitionIds};
     *     {@link Placement#ALONE} for none
     */
    record StationCreated(long id, String name, RetentionType retentionType, long retentionValue,
                          StreamConfig.Storage storage, int replicas, long idempotencyWindowMillis,
                          List<Long> partitionIds, boolean dlsPoison, boolean dlsSchemaverse, String dlsStation,
                          boolean tieredStorage, boolean nativeStation, String createdBy, long createdNanos, int version,
                          List<String> tags, Map<String, String> tagColors, StreamConfig config, List<Long> placement)
        implements SystemEvent {

        /** In names and subjects of the configuration, stands for the number of the partition. Part of the format. */
        public static final String NUMBER = "{partition}";

        public StationCreated {
            Objects.requireNonNull(name, "station name is required");
            partitionIds = List.copyOf(partitionIds);
            tags = List.copyOf(tags);
            tagColors = Map.copyOf(tagColors);
            Objects.requireNonNull(config, "the configuration of partitions is required");
            placement = List.copyOf(placement);
            if (placement.size() != partitionIds.size()) {
                throw new IllegalArgumentException(
                    partitionIds.size() + " partitions are placed in " + placement.size() + " groups");
            }
        }

        /** The stream of one partition; numbers start at 1. */
        public StreamConfig stream(int number) {
            return stream(config, number);
        }

        /** The stream of the partition with that number, as a configuration with {@link #NUMBER} has it. */
        public static StreamConfig stream(StreamConfig config, int number) {
            String n = Integer.toString(number);
            return config.withSubjects(config.name().replace(NUMBER, n),
                config.subjects().stream().map(subject -> subject.replace(NUMBER, n)).toList());
        }

        /** The same with more partitions. */
        StationCreated with(StationGrown e) {
            return new StationCreated(id, name, retentionType, retentionValue, storage, replicas, idempotencyWindowMillis,
                Stream.concat(partitionIds.stream(), e.partitionIds().stream()).toList(), dlsPoison, dlsSchemaverse, dlsStation,
                tieredStorage, nativeStation, createdBy, createdNanos, version, tags, tagColors, config,
                Stream.concat(placement.stream(), e.placement().stream()).toList());
        }

        /** The same with other tags. */
        StationCreated with(StationTagged e) {
            return new StationCreated(id, name, retentionType, retentionValue, storage, replicas, idempotencyWindowMillis,
                partitionIds, dlsPoison, dlsSchemaverse, dlsStation, tieredStorage, nativeStation, createdBy, createdNanos,
                version, e.tags(), e.tagColors(), config, placement);
        }

        /** The same as an update left it. */
        StationCreated with(StationUpdated e) {
            return new StationCreated(id, name, e.retentionType(), e.retentionValue(), storage, replicas,
                e.idempotencyWindowMillis(), partitionIds, e.dlsPoison(), e.dlsSchemaverse(), e.dlsStation(),
                e.tieredStorage().orElse(tieredStorage), nativeStation, createdBy, createdNanos, version, tags, tagColors, e.config(),
                placement);
        }

        /** The same without a dead-letter station. */
        StationCreated withoutDeadLetterStation() {
            return new StationCreated(id, name, retentionType, retentionValue, storage, replicas, idempotencyWindowMillis,
                partitionIds, dlsPoison, dlsSchemaverse, "", tieredStorage, nativeStation, createdBy, createdNanos,
                version, tags, tagColors, config, placement);
        }
    }

    /**
     * What a station may change while it is used is so from now on; the event is complete. When the configuration is
     * another one, all partitions take its limits ({@link StreamConfig#withLimitsOf}), also those that a JetStream client
     * had changed alone.
     *
     * @param id the station
     * @param retentionType how messages leave
     * @param retentionValue seconds, messages or bytes; 0 with {@link RetentionType#ACK_BASED}
     * @param idempotencyWindowMillis how long message ids are remembered, milliseconds
     * @param dlsPoison dead-letter messages that ran out of deliveries
     * @param dlsSchemaverse dead-letter messages that fail their schema
     * @param dlsStation station that gets copies of dead letters, empty for none
     * @param tieredStorage whether what its limits remove goes to the second tier; empty in events of older releases, which did not
     *     change that
     * @param config how its partitions are made from now on, as in {@link StationCreated}
     */
    record StationUpdated(long id, RetentionType retentionType, long retentionValue, long idempotencyWindowMillis,
                          boolean dlsPoison, boolean dlsSchemaverse, String dlsStation, Optional<Boolean> tieredStorage,
                          StreamConfig config) implements SystemEvent {
        public StationUpdated {
            Objects.requireNonNull(config, "the configuration of partitions is required");
        }

        /** As older releases changed stations. */
        public StationUpdated(long id, RetentionType retentionType, long retentionValue, long idempotencyWindowMillis,
                              boolean dlsPoison, boolean dlsSchemaverse, String dlsStation, StreamConfig config) {
            this(id, retentionType, retentionValue, idempotencyWindowMillis, dlsPoison, dlsSchemaverse, dlsStation, Optional.empty(),
                config);
        }
    }

    /**
     * A station got more partitions, and each of its groups a consumer on each of them, which begins at the first message.
     *
     * @param stationId the station
     * @param firstNumber number in the station of the first new one, the others follow
     * @param partitionIds numbers of the new ones
     * @param placement the replication group that has it, for each of them
     * @param config how they were made, as in {@link StationCreated}
     * @param groups names of the groups there were
     * @param consumerIds for each group, in their order, a consumer for each new partition
     */
    record StationGrown(long stationId, int firstNumber, List<Long> partitionIds, List<Long> placement, StreamConfig config,
                        List<String> groups, List<Long> consumerIds) implements SystemEvent {
        public StationGrown {
            partitionIds = List.copyOf(partitionIds);
            placement = List.copyOf(placement);
            Objects.requireNonNull(config, "the configuration of partitions is required");
            groups = List.copyOf(groups);
            consumerIds = List.copyOf(consumerIds);
            if (placement.size() != partitionIds.size() || consumerIds.size() != groups.size() * partitionIds.size()) {
                throw new IllegalArgumentException("each new partition needs a placement and a consumer of each group");
            }
        }
    }

    /**
     * A station has these tags from now on, and no others.
     *
     * @param stationId the station
     * @param tags tags for people
     * @param tagColors their colours, {@code R, G, B} by tag
     */
    record StationTagged(long stationId, List<String> tags, Map<String, String> tagColors) implements SystemEvent {
        public StationTagged {
            tags = List.copyOf(tags);
            tagColors = Map.copyOf(tagColors);
        }
    }

    /**
     * A tag came to be, on nothing yet. A tag may also exist by being attached alone.
     *
     * @param id its number
     * @param name lower case
     * @param color {@code R, G, B}
     * @param createdBy user who made it
     * @param createdNanos when
     */
    record TagDefined(long id, String name, String color, String createdBy, long createdNanos) implements SystemEvent { }

    /** A station went, with partitions, consumers and groups; it no longer is the dead-letter station of others. */
    record StationDeleted(long id) implements SystemEvent { }

    /**
     * A consumer group came to be: one durable consumer on each partition at once.
     *
     * @param stationId the station, or the partition of a non-native station
     * @param name external name: lower case, with dots
     * @param maxAckTimeMillis time to acknowledge, milliseconds
     * @param maxDeliveries deliveries of one message
     * @param startFromSequence what was asked for, 1 for the beginning
     * @param lastMessages what was asked for, -1 for not given
     * @param consumerIds consumer per partition, in the station's order; 0 where none was made
     * @param startSequences first stream sequence to look at, same order
     * @param createdNanos when
     * @param config how its consumers were made: {@link #STREAM} stands for the stream's name, and one that begins at a
     *     sequence begins at that of its partition
     */
    record GroupDefined(long stationId, String name, long maxAckTimeMillis, int maxDeliveries, long startFromSequence,
                        long lastMessages, List<Long> consumerIds, List<Long> startSequences, long createdNanos,
                        ConsumerConfig config) implements SystemEvent {

        /** In filters of the configuration, stands for the name of the stream. Part of the format. */
        public static final String STREAM = "{stream}";

        public GroupDefined {
            consumerIds = List.copyOf(consumerIds);
            startSequences = List.copyOf(startSequences);
            Objects.requireNonNull(config, "the configuration of consumers is required");
        }

        /** The same with other limits. */
        public GroupDefined withLimits(GroupUpdated to) {
            return new GroupDefined(stationId, name, to.maxAckTimeMillis(), to.maxDeliveries(), startFromSequence, lastMessages,
                consumerIds, startSequences, createdNanos,
                StationLayout.withLimits(config, to.maxAckTimeMillis(), to.maxDeliveries()));
        }

        /** The same with consumers on more partitions, which begin at their first message. */
        GroupDefined with(int partitionsBefore, List<Long> more) {
            List<Long> ids = new ArrayList<>(consumerIds);
            List<Long> starts = new ArrayList<>(startSequences);
            while (ids.size() < partitionsBefore) { // none was made there
                ids.add(0L);
                starts.add(1L);
            }
            ids.addAll(more);
            more.forEach(id -> starts.add(1L));
            return new GroupDefined(stationId, name, maxAckTimeMillis, maxDeliveries, startFromSequence, lastMessages, ids,
                starts, createdNanos, config);
        }

        /** Its consumer on one stream, which begins at the sequence. */
        public ConsumerConfig consumer(String stream, long startSequence) {
            boolean bySequence = config.deliverPolicy() == ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE;
            return config.beginningAt(bySequence ? startSequence : 0,
                config.filterSubjects().stream().map(filter -> filter.replace(STREAM, stream)).toList());
        }
    }

    /** A group's limits changed, on all partitions. */
    record GroupUpdated(long stationId, String name, long maxAckTimeMillis, int maxDeliveries) implements SystemEvent { }

    /** A group went, with its consumers on all partitions. */
    record GroupRemoved(long stationId, String name) implements SystemEvent { }

    /**
     * An SDK registered a producer or a consumer; the same may register several times (wire-protocol.md 3.4, 3.6).
     * Whether its connection is there is nobody's event.
     *
     * @param id its number
     * @param producer producer or consumer
     * @param name external name
     * @param stationId the station, or the partition of a non-native station
     * @param group group's external name, empty for producers
     * @param connectionId the SDK's connection, which comes back under the same name
     * @param type {@code application} or {@code connector}
     * @param user who
     * @param appId the application's process
     * @param sdk language of the SDK
     * @param requestVersion version of the request
     * @param createdNanos when
     */
    record MemberRegistered(long id, boolean producer, String name, long stationId, String group, String connectionId,
                            String type, String user, String appId, String sdk, int requestVersion, long createdNanos)
        implements SystemEvent { }

    /** Registrations ended: destroyed, or away for too long. Those of a station end with it. */
    record MembersRemoved(List<Long> ids) implements SystemEvent {
        public MembersRemoved {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Somebody did something that no definition tells of, for instance removed messages. Written before it is done, so that
     * nothing is done of which nobody hears; it folds to nothing.
     *
     * @param kind kind of the thing that it was done to
     * @param object its name as people say it
     * @param action what is done, a word with underscores
     * @param details what else people may want to know
     */
    record ActionTaken(String kind, String object, String action, Map<String, String> details) implements SystemEvent {
        /** One message is removed: programs do that all the time. */
        public static final String MESSAGE_REMOVED = "message_removed";
        /** Messages are purged. */
        public static final String MESSAGES_PURGED = "messages_purged";
        /** Dead letters are to be sent again. */
        public static final String DEAD_LETTERS_RESENT = "dead_letters_resent";
        /** The message of a dead letter is put into its station again. */
        public static final String DEAD_LETTER_PUT_BACK = "dead_letter_put_back";
        /** Dead letters are dropped. */
        public static final String DEAD_LETTERS_DROPPED = "dead_letters_dropped";
        /** All dead letters of some partitions are dropped. */
        public static final String DEAD_LETTERS_PURGED = "dead_letters_purged";

        public ActionTaken {
            details = Map.copyOf(details);
        }
    }

    /**
     * When dead letters of a station are given to their groups again by themselves, from now on.
     *
     * @param stationId the station, or the partition of a non-native station
     * @param delaysMillis waits before the attempts, milliseconds, the last one for all that follow; empty for never
     * @param maximum attempts
     */
    record DeadLetterRetrySet(long stationId, List<Long> delaysMillis, int maximum) implements SystemEvent {
        public DeadLetterRetrySet {
            delaysMillis = List.copyOf(delaysMillis);
        }
    }

    /** A setting of the installation changed; an empty value removes it. */
    record SettingChanged(String key, String value) implements SystemEvent {
        /** Key of the company's picture, a data URI: far larger than any other value. */
        public static final String LOGO = "company_logo";
    }

    /** How a task ended. */
    enum TaskOutcome {
        /** It did what it was for. */
        COMPLETED,
        /** It could not. */
        FAILED,
        /** Somebody stopped it. */
        CANCELLED,
        /** The broker stopped meanwhile, and it could not go on afterwards. */
        INTERRUPTED
    }

    /**
     * Somebody began something that takes long.
     *
     * @param id its number
     * @param kind what it does, the stable name of a kind of task
     * @param station the station that it is about, empty for none
     * @param user who began it
     * @param arguments what it was told
     * @param atNanos when
     */
    record TaskStarted(long id, String kind, String station, String user, Map<String, String> arguments, long atNanos)
        implements SystemEvent {
        public TaskStarted {
            arguments = Map.copyOf(arguments);
        }
    }

    /**
     * How far a task has come: where it goes on after a restart.
     *
     * @param id the task
     * @param done parts that are done
     * @param total parts altogether, 0 while nobody knows
     * @param data what the task remembers; complete
     */
    record TaskProgressed(long id, long done, long total, Map<String, String> data) implements SystemEvent {
        public TaskProgressed {
            data = Map.copyOf(data);
        }
    }

    /**
     * A task ended.
     *
     * @param id the task
     * @param outcome how
     * @param reason why, in words for people; empty when it completed
     * @param done parts that are done
     * @param total parts altogether
     * @param data what the task remembers or found out; complete
     * @param atNanos when
     */
    record TaskEnded(long id, TaskOutcome outcome, String reason, long done, long total, Map<String, String> data,
                     long atNanos) implements SystemEvent {
        public TaskEnded {
            data = Map.copyOf(data);
        }
    }

    /**
     * An integration came to be or was changed; what was before is gone.
     *
     * @param name which one
     * @param keys how to reach it
     * @param sealed secrets, sealed
     * @param on names of the switches that are on
     */
    record IntegrationSaved(String name, Map<String, String> keys, Map<String, String> sealed, List<String> on)
        implements SystemEvent {
        public IntegrationSaved {
            keys = Map.copyOf(keys);
            sealed = Map.copyOf(sealed);
            on = List.copyOf(on);
        }

        @Override
        public String toString() { // never print secrets, sealed or not
            return "IntegrationSaved[name=" + name + "]";
        }
    }

    /** An integration went. */
    record IntegrationRemoved(String name) implements SystemEvent { }

    /**
     * Something that people should find later happened to an integration.
     *
     * @param name which one
     * @param text in words
     * @param atNanos when
     */
    record IntegrationNoted(String name, String text, long atNanos) implements SystemEvent { }
}

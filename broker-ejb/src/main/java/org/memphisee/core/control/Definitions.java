package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.stream.StreamConfig;

/**
 * What exists: the fold over all durable system events, and beside it the consumers that no event records. Control loop
 * only. Collections that are handed out are views.
 */
public final class Definitions {

    private final StreamTable streams = new StreamTable();
    private final Map<Long, StationDefinition> stations = new HashMap<>();
    private final TreeMap<String, Long> stationsByName = new TreeMap<>();
    private final Map<Long, TreeMap<String, SystemEvent.GroupDefined>> groups = new HashMap<>();
    private final SchemaTable schemas = new SchemaTable();
    private final RetryTable retries = new RetryTable();
    private final TreeMap<String, UserDefinition> users = new TreeMap<>();
    private final TreeMap<Long, UserEvent.ApiKeyMade> apiKeys = new TreeMap<>();
    private final TreeMap<String, String> settings = new TreeMap<>();
    private final MemberDefinitions members = new MemberDefinitions();
    private final TaskDefinitions tasks = new TaskDefinitions();
    private final IntegrationDefinitions integrations = new IntegrationDefinitions();
    private String rootPasswordGiven = "";
    private final TagTable tags = new TagTable();
    private GroupMap replicationGroups = GroupMap.NONE;
    private final Numbers numbers = new Numbers();

    /** The numbers that are given out. */
    Numbers numbers() {
        return numbers;
    }

    // ---- reading

    /** The stream with exactly this name. */
    public Optional<StreamDefinition> stream(String name) {
        return streams.byName(name);
    }

    /** The stream of a partition. */
    public Optional<StreamDefinition> streamById(long partitionId) {
        return streams.byId(partitionId);
    }

    /** All streams, by name. */
    public Stream<StreamDefinition> streams() {
        return streams.all();
    }

    /** Streams with a subject that collides with the pattern, by name. */
    public Stream<StreamDefinition> streamsFor(String pattern) {
        return streams.colliding(pattern);
    }

    /** Number of streams. */
    public int streamCount() {
        return streams.size();
    }

    /** Number of consumers. */
    public long consumerCount() {
        return streams.consumerCount();
    }

    /** Whether another stream than the given partition (0 for none) stores one of the subjects. */
    boolean subjectsTaken(List<String> patterns, long exceptPartition) {
        return streams.subjectsTaken(patterns, exceptPartition);
    }

    /** The stream without native station that has exactly this name. */
    public Optional<StreamDefinition> plainStream(String name) {
        return stream(name).filter(s -> !s.owned());
    }

    /** The only stream without native station whose name equals this one but for case; empty when there are several. */
    public Optional<StreamDefinition> plainStreamAlike(String name) {
        return streams.plainAlike(name);
    }

    /**
     * The streams that count as non-native stations, by name: not those of the broker itself, nor one whose name is
     * taken by a native station, because then the name means that one at every door but JetStream's.
     */
    public Stream<StreamDefinition> plainStations() {
        return streams().filter(s -> !s.owned() && !StationLayout.internal(s.name())
            && !stationsByName.containsKey(StationLayout.externalName(s.name())));
    }

    /** A consumer of a partition. */
    public Optional<ConsumerDefinition> consumer(long partitionId, String name) {
        return streams.consumer(partitionId, name);
    }

    /** All consumers of a partition, by name. */
    public Collection<ConsumerDefinition> consumers(long partitionId) {
        return streams.consumers(partitionId);
    }

    /** A native station by external name. */
    public Optional<StationDefinition> station(String name) {
        Long id = stationsByName.get(name);
        return id == null ? Optional.empty() : Optional.of(stations.get(id));
    }

    /** A native station by number. */
    public Optional<StationDefinition> stationById(long id) {
        return Optional.ofNullable(stations.get(id));
    }

    /** All native stations, by name. */
    public Stream<StationDefinition> stations() {
        return stationsByName.values().stream().map(stations::get);
    }

    /** A group by external name; the station's number, or the partition's of a non-native station. */
    public Optional<SystemEvent.GroupDefined> group(long stationId, String name) {
        return Optional.ofNullable(groups(stationId).get(name));
    }

    /** All groups of a station, by name. */
    public Map<String, SystemEvent.GroupDefined> groups(long stationId) {
        TreeMap<String, SystemEvent.GroupDefined> found = groups.get(stationId);
        return found == null ? Map.of() : Collections.unmodifiableMap(found);
    }

    /** A user. */
    public Optional<UserDefinition> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /** All users, by name. */
    public Collection<UserDefinition> users() {
        return Collections.unmodifiableCollection(users.values());
    }

    /** Hash of the password that the settings last gave root, empty for none. */
    public String rootPasswordGiven() {
        return rootPasswordGiven;
    }

    /** All keys of users for programs, by number. */
    public Collection<UserEvent.ApiKeyMade> apiKeys() {
        return Collections.unmodifiableCollection(apiKeys.values());
    }

    /** The replication groups of the cluster; {@link GroupMap#NONE} for a node that is alone. */
    public GroupMap replicationGroups() {
        return replicationGroups;
    }

    /** Where all partitions are, the newest last. */
    public List<Long> placements() {
        return streams.all().sorted((a, b) -> Long.compare(a.partitionId(), b.partitionId())).map(StreamDefinition::placement)
            .toList();
    }

    /** Names of the nodes that have a partition, the one that should lead first; empty when that is this node alone. */
    public List<String> members(long partitionId) {
        return replicationGroups.members(streams.byId(partitionId).map(StreamDefinition::placement).orElse(Placement.ALONE));
    }

    /** Registered producers and consumers. */
    public MemberDefinitions members() {
        return members;
    }

    /** Integrations, and what is remembered of them. */
    public IntegrationDefinitions integrations() {
        return integrations;
    }

    /** Tasks that run, and the last ones that ended. */
    public TaskDefinitions tasks() {
        return tasks;
    }

    /** Tags that somebody defined. */
    public TagTable tags() {
        return tags;
    }

    /** Schemas, and which station has which. */
    public SchemaTable schemas() {
        return schemas;
    }

    /** All settings. */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Partitions of a station: of a native one those that are left, of a non-native one itself. */
    public List<Long> partitionsOf(long stationId) {
        StationDefinition station = stations.get(stationId);
        if (station != null) {
            return station.livePartitions();
        }
        return streams.has(stationId) ? List.of(stationId) : List.of();
    }

    /**
     * Whether what a consumer gives up becomes a dead letter: a group's of a native station, when the station says so; of another
     * stream, any that asks for acknowledgements, when the stream says so.
     */
    public boolean keepsDeadLetters(ConsumerDefinition consumer) {
        StreamDefinition stream = streams.byId(consumer.partitionId()).orElse(null);
        if (stream == null) {
            return false;
        }
        StationDefinition station = stations.get(stream.stationId());
        if (station == null) {
            return "true".equals(stream.config().metadata().get(StreamConfig.DEAD_LETTERS))
                && consumer.config().ackPolicy() != ConsumerConfig.AckPolicy.NONE;
        }
        return station.created().dlsPoison() && group(station.id(), StationLayout.externalName(consumer.name()))
            .filter(group -> group.consumerIds().contains(consumer.consumerId())).isPresent();
    }

    /** When dead letters are given again by themselves. */
    public RetryTable retries() {
        return retries;
    }

    /** Whether dead letters of a stream are copied into a dead-letter station. */
    boolean copiesDeadLetters(StreamDefinition stream) {
        StationDefinition station = stations.get(stream.stationId());
        return station != null && !station.created().dlsStation().isEmpty();
    }

    /** Whether messages that do not fit the schema become dead letters: when the native station or the other stream says so. */
    boolean keepsSchemaFailures(StreamDefinition stream) {
        StationDefinition station = stations.get(stream.stationId());
        return station == null ? "true".equals(stream.config().metadata().get(StreamConfig.DEAD_LETTERS))
            : station.created().dlsSchemaverse();
    }

    // ---- folding

    /** Adds a consumer that lives in memory only. */
    void addUnlogged(ConsumerDefinition consumer) {
        streams.put(consumer);
    }

    /** Replaces a consumer that lives in memory only. */
    void updateUnlogged(ConsumerDefinition consumer) {
        streams.put(consumer);
    }

    /** Removes a consumer that lives in memory only. */
    void removeUnlogged(long partitionId, String name) {
        streams.drop(partitionId, name);
    }

    /** Applies a durable event. Events about what does not exist change nothing: the fold never fails
     * but for a kind of event that it does not know, which must not be passed over. */
    void apply(SystemEvent event) {
        if (schemas.apply(event)) {
            seen(event instanceof SchemaEvent.SchemaCreated e ? e.id() : 0);
        } else if (event instanceof SystemEvent.StreamCreated e) {
            seen(e.partitionId());
            streams.add(new StreamDefinition(e.partitionId(), e.config(), e.createdNanos(), e.createdBy(), 0, 0,
                e.placement()));
        } else if (event instanceof SystemEvent.StreamUpdated e) {
            streams.update(e.partitionId(), e.config());
        } else if (event instanceof SystemEvent.StreamDeleted e) {
            streamDeleted(e.partitionId());
        } else if (event instanceof SystemEvent.ConsumerDefined e) {
            seen(e.consumerId());
            streams.put(new ConsumerDefinition(e.partitionId(), e.consumerId(), e.config(), e.createdNanos(), e.startSequence(),
                true));
        } else if (event instanceof SystemEvent.StreamRestored e) {
            apply(e.stream());
            e.consumers().forEach(this::apply);
        } else if (event instanceof SystemEvent.ConsumerUpdated e) {
            byId(e.partitionId(), e.consumerId()).ifPresent(consumer -> streams.put(consumer.with(e.config())));
        } else if (event instanceof SystemEvent.ConsumerRemoved e) {
            byId(e.partitionId(), e.consumerId()).ifPresent(this::consumerRemoved);
        } else if (event instanceof SystemEvent.StationCreated e) {
            stationCreated(e);
        } else if (event instanceof SystemEvent.StationUpdated e) {
            stationUpdated(e);
        } else if (event instanceof SystemEvent.StationGrown e) {
            stationGrown(e);
        } else if (event instanceof SystemEvent.StationTagged e) {
            stations.computeIfPresent(e.stationId(), (id, station) ->
                new StationDefinition(station.created().with(e), station.livePartitions()));
        } else if (event instanceof SystemEvent.DeadLetterRetrySet e) {
            if (!partitionsOf(e.stationId()).isEmpty()) { // else the station went meanwhile
                retries.apply(e);
            }
        } else if (event instanceof SystemEvent.TagDefined e) {
            seen(e.id());
            tags.define(e);
        } else if (event instanceof SystemEvent.StationDeleted e) {
            stationDeleted(e.id());
        } else if (event instanceof SystemEvent.GroupDefined e) {
            groupDefined(e);
        } else if (event instanceof SystemEvent.GroupUpdated e) {
            groupUpdated(e);
        } else if (event instanceof SystemEvent.GroupRemoved e) {
            groupRemoved(e.stationId(), e.name());
        } else if (event instanceof SystemEvent.MemberRegistered e) {
            memberRegistered(e);
        } else if (event instanceof SystemEvent.MembersRemoved e) {
            members.remove(e.ids());
        } else if (event instanceof UserEvent.UserCreated e) {
            seen(e.id());
            users.put(e.name(), UserDefinition.of(e));
        } else if (event instanceof UserEvent.UserPasswordChanged e) {
            users.computeIfPresent(e.name(), (name, user) -> user.withPassword(e.passwordHash()));
        } else if (event instanceof UserEvent.UserProfileChanged e) {
            users.computeIfPresent(e.name(), (name, user) -> user.withProfile(e.profile()));
        } else if (event instanceof UserEvent.UserRightsChanged e) {
            users.computeIfPresent(e.name(), (name, user) -> user.withRights(e.role(), e.permissions()));
        } else if (event instanceof UserEvent.UserLoggedIn e) {
            users.computeIfPresent(e.name(), (name, user) -> user.withLogin(e.atNanos()));
        } else if (event instanceof UserEvent.UserRemoved e) {
            users.remove(e.name());
            apiKeys.values().removeIf(key -> key.user().equals(e.name()));
        } else if (event instanceof UserEvent.RootPasswordGiven e) {
            rootPasswordGiven = e.passwordHash();
        } else if (event instanceof UserEvent.ApiKeyMade e) {
            seen(e.id());
            apiKeys.put(e.id(), e);
        } else if (event instanceof UserEvent.ApiKeyRevoked e) {
            apiKeys.remove(e.id());
        } else if (event instanceof SystemEvent.SettingChanged e) {
            settingChanged(e);
        } else if (event instanceof SystemEvent.TaskStarted e) {
            seen(e.id());
            tasks.started(e);
        } else if (event instanceof SystemEvent.TaskProgressed e) {
            tasks.progressed(e);
        } else if (event instanceof SystemEvent.TaskEnded e) {
            tasks.ended(e);
        } else if (event instanceof SystemEvent.IntegrationSaved e) {
            integrations.saved(e);
        } else if (event instanceof SystemEvent.IntegrationRemoved e) {
            integrations.removed(e);
        } else if (event instanceof SystemEvent.IntegrationNoted e) {
            integrations.noted(e);
        } else if (event instanceof ClusterEvent.ReplicationGroupsFormed e) {
            e.groups().groups().forEach(group -> seen(group.id()));
            replicationGroups = e.groups();
        } else if (!(event instanceof SystemEvent.ActionTaken)) {
            throw new IllegalStateException("no definition follows from " + event);
        }
    }

    /** Replaces everything by a snapshot. */
    void restore(DefinitionsSnapshot snapshot) {
        snapshot.events().forEach(this::apply);
        seen(snapshot.nextId() - 1);
    }

    /** Everything the log knows, as of the index. */
    DefinitionsSnapshot snapshot(long index) {
        return new SnapshotWriter(this).write(index, numbers.next());
    }

    private void seen(long id) {
        numbers.seen(id);
    }

    private void streamDeleted(long partition) {
        Optional<StreamDefinition> stream = streams.remove(partition);
        if (stream.isEmpty()) {
            return;
        }
        StationDefinition station = stations.get(stream.get().stationId());
        if (station == null) {
            groups.remove(partition);
            members.removeStation(partition);
            schemas.stationRemoved(partition);
            retries.stationRemoved(partition);
            return;
        }
        List<Long> left = station.livePartitions().stream().filter(id -> id != partition).toList();
        if (left.isEmpty()) {
            stationDeleted(station.id());
        } else {
            stations.put(station.id(), new StationDefinition(station.created(), left));
        }
    }

    private void stationCreated(SystemEvent.StationCreated e) {
        seen(e.id());
        stations.put(e.id(), new StationDefinition(e, e.partitionIds()));
        stationsByName.put(e.name(), e.id());
        int number = 1;
        for (long partition : e.partitionIds()) {
            seen(partition);
            streams.add(new StreamDefinition(partition, e.stream(number), e.createdNanos(), e.createdBy(), e.id(),
                number, e.placement().get(number - 1)));
            number++;
        }
    }

    private void stationGrown(SystemEvent.StationGrown e) {
        StationDefinition station = stations.get(e.stationId());
        if (station == null) {
            return;
        }
        SystemEvent.StationCreated created = station.created();
        int before = created.partitionIds().size();
        List<Long> live = new ArrayList<>(station.livePartitions());
        int more = e.partitionIds().size();
        for (int i = 0; i < more; i++) {
            long partition = e.partitionIds().get(i);
            seen(partition);
            live.add(partition);
            streams.add(new StreamDefinition(partition, SystemEvent.StationCreated.stream(e.config(), e.firstNumber() + i),
                created.createdNanos(), created.createdBy(), e.stationId(), e.firstNumber() + i, e.placement().get(i)));
        }
        stations.put(e.stationId(), new StationDefinition(created.with(e), live));
        for (int g = 0; g < e.groups().size(); g++) {
            List<Long> consumers = e.consumerIds().subList(g * more, (g + 1) * more);
            group(e.stationId(), e.groups().get(g)).ifPresent(group -> groupGrown(e, group.with(before, consumers), consumers));
        }
    }

    private void groupGrown(SystemEvent.StationGrown e, SystemEvent.GroupDefined group, List<Long> consumers) {
        groups.get(e.stationId()).put(group.name(), group);
        for (int i = 0; i < consumers.size(); i++) {
            long partition = e.partitionIds().get(i);
            seen(consumers.get(i));
            streams.put(new ConsumerDefinition(partition, consumers.get(i),
                group.consumer(streams.byId(partition).orElseThrow().name(), 1), group.createdNanos(), 1, true));
        }
    }

    private void stationUpdated(SystemEvent.StationUpdated e) {
        StationDefinition station = stations.get(e.id());
        if (station == null) {
            return;
        }
        if (!station.created().config().equals(e.config())) {
            station.livePartitions().forEach(partition -> streams.byId(partition).ifPresent(stream ->
                streams.update(partition, stream.config().withLimitsOf(e.config()))));
        }
        stations.put(e.id(), new StationDefinition(station.created().with(e), station.livePartitions()));
    }

    private void stationDeleted(long id) {
        StationDefinition station = stations.remove(id);
        if (station == null) {
            return;
        }
        stationsByName.remove(station.name());
        groups.remove(id);
        members.removeStation(id);
        schemas.stationRemoved(id);
        retries.stationRemoved(id);
        station.livePartitions().forEach(streams::remove);
        detachDeadLetterStation(station.name());
    }

    private void detachDeadLetterStation(String name) {
        stations.replaceAll((id, station) -> station.created().dlsStation().equals(name)
            ? new StationDefinition(station.created().withoutDeadLetterStation(), station.livePartitions()) : station);
    }

    private void groupDefined(SystemEvent.GroupDefined e) {
        groups.computeIfAbsent(e.stationId(), id -> new TreeMap<>()).put(e.name(), e);
        StationDefinition station = stations.get(e.stationId());
        List<Long> partitions = station == null ? List.of(e.stationId()) : station.created().partitionIds();
        for (int i = 0; i < e.consumerIds().size() && i < partitions.size(); i++) {
            seen(e.consumerIds().get(i));
            Optional<StreamDefinition> stream = streams.byId(partitions.get(i));
            if (e.consumerIds().get(i) != 0 && stream.isPresent()) {
                long start = e.startSequences().get(i);
                streams.put(new ConsumerDefinition(partitions.get(i), e.consumerIds().get(i),
                    e.consumer(stream.get().name(), start), e.createdNanos(), start, true));
            }
        }
    }

    private void groupUpdated(SystemEvent.GroupUpdated e) {
        TreeMap<String, SystemEvent.GroupDefined> byName = groups.get(e.stationId());
        if (byName == null || !byName.containsKey(e.name())) {
            return;
        }
        byName.computeIfPresent(e.name(), (name, group) -> group.withLimits(e));
        String consumer = StationLayout.internalName(e.name());
        for (long partition : partitionsOf(e.stationId())) {
            consumer(partition, consumer).ifPresent(c -> streams.put(
                c.with(StationLayout.withLimits(c.config(), e.maxAckTimeMillis(), e.maxDeliveries()))));
        }
    }

    private void groupRemoved(long stationId, String name) {
        TreeMap<String, SystemEvent.GroupDefined> byName = groups.get(stationId);
        if (byName == null || byName.remove(name) == null) {
            return;
        }
        if (byName.isEmpty()) {
            groups.remove(stationId);
        }
        for (long partition : partitionsOf(stationId)) {
            streams.drop(partition, StationLayout.internalName(name));
        }
    }

    private void consumerRemoved(ConsumerDefinition consumer) {
        StreamDefinition stream = streams.byId(consumer.partitionId()).orElseThrow();
        streams.drop(consumer.partitionId(), consumer.name());
        long station = stream.owned() ? stream.stationId() : consumer.partitionId();
        String group = StationLayout.externalName(consumer.name());
        boolean left = partitionsOf(station).stream().anyMatch(p -> consumer(p, consumer.name()).isPresent());
        TreeMap<String, SystemEvent.GroupDefined> byName = groups.get(station);
        if (!left && byName != null && byName.remove(group) != null && byName.isEmpty()) {
            groups.remove(station);
        }
    }

    private void memberRegistered(SystemEvent.MemberRegistered e) {
        seen(e.id());
        if (!partitionsOf(e.stationId()).isEmpty()) { // else the station went meanwhile
            members.add(e);
        }
    }

    private void settingChanged(SystemEvent.SettingChanged e) {
        if (e.value().isEmpty()) {
            settings.remove(e.key());
        } else {
            settings.put(e.key(), e.value());
        }
    }

    private Optional<ConsumerDefinition> byId(long partitionId, long consumerId) {
        return consumers(partitionId).stream().filter(c -> c.consumerId() == consumerId).findFirst();
    }

    /** Partition numbers of everything defined. */
    Set<Long> partitionIds() {
        return streams.partitionIds();
    }
}

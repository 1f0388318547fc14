package org.memphisee.meta.jpa;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import jakarta.persistence.EntityManager;

import org.memphisee.core.control.ClusterEvent;
import org.memphisee.core.control.StationLayout;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.UserEvent;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.meta.jpa.entity.ConsumerEntity;
import org.memphisee.meta.jpa.entity.ConsumerGroupEntity;
import org.memphisee.meta.jpa.entity.IntegrationEntity;
import org.memphisee.meta.jpa.entity.MemberEntity;
import org.memphisee.meta.jpa.entity.PartitionEntity;
import org.memphisee.meta.jpa.entity.SettingEntity;
import org.memphisee.meta.jpa.entity.StationEntity;
import org.memphisee.meta.jpa.entity.TagEntity;
import org.memphisee.meta.jpa.entity.UserEntity;

/**
 * Writes single events into the tables, inside somebody's transaction. Rows go by statements that run at once, and the
 * database's cascades follow: JPA would insert before it deletes, and a name that comes back would collide.
 */
final class EventWriter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LIMITS = List.of("retention", "maxMsgs", "maxBytes", "maxAgeNanos",
        "duplicateWindowNanos", "durability", "unclaimedAgeNanos");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final EntityManager manager;
    private final SchemaWriter schemas;

    EventWriter(EntityManager manager) {
        this.manager = manager;
        this.schemas = new SchemaWriter(manager);
    }

    /**
     * Writes one event. It is sent to the database at once: JPA orders what it sends by entity and not by event, and a
     * station that is made, used and removed within one transaction would break its references.
     */
    void write(SystemEvent event) {
        apply(event);
        manager.flush();
        manager.clear();
    }

    private void apply(SystemEvent event) {
        if (schemas.write(event)) {
            return;
        }
        if (event instanceof SystemEvent.StationCreated e) {
            stationCreated(e);
        } else if (event instanceof SystemEvent.StationUpdated e) {
            stationUpdated(e);
        } else if (event instanceof SystemEvent.StationGrown e) {
            stationGrown(e);
        } else if (event instanceof SystemEvent.StationTagged e) {
            stationTagged(e);
        } else if (event instanceof SystemEvent.TagDefined e) {
            delete("delete from TagEntity t where t.name = ?1", e.name());
            manager.persist(new TagEntity(e.id(), e.name(), e.color(), e.createdBy(), time(e.createdNanos())));
        } else if (event instanceof SystemEvent.StationDeleted e) {
            stationRemoved(e.id());
        } else if (event instanceof SystemEvent.StreamCreated e) {
            streamCreated(e);
        } else if (event instanceof SystemEvent.StreamRestored e) {
            streamCreated(e.stream());
            manager.flush(); // consumers refer to its partition, and JPA does not know that
            e.consumers().forEach(this::consumerDefined);
        } else if (event instanceof SystemEvent.StreamUpdated e) {
            streamUpdated(e);
        } else if (event instanceof SystemEvent.StreamDeleted e) {
            streamDeleted(e.partitionId());
        } else if (event instanceof SystemEvent.GroupDefined e) {
            groupDefined(e);
        } else if (event instanceof SystemEvent.GroupUpdated e) {
            groupUpdated(e);
        } else if (event instanceof SystemEvent.GroupRemoved e) {
            delete("delete from ConsumerGroupEntity g where g.stationId = ?1 and g.name = ?2", e.stationId(), e.name());
        } else if (event instanceof SystemEvent.ConsumerDefined e) {
            consumerDefined(e);
        } else if (event instanceof SystemEvent.ConsumerUpdated e) {
            consumerUpdated(e);
        } else if (event instanceof SystemEvent.ConsumerRemoved e) {
            consumerRemoved(e.consumerId());
        } else if (event instanceof SystemEvent.MemberRegistered e) {
            memberRegistered(e);
        } else if (event instanceof SystemEvent.MembersRemoved e) {
            delete("delete from MemberEntity m where m.id in ?1", e.ids());
        } else if (event instanceof UserEvent.UserCreated e) {
            userCreated(e);
        } else if (event instanceof UserEvent.UserProfileChanged e) {
            user(e.name()).ifPresent(user -> profile(user, e.profile()));
        } else if (event instanceof UserEvent.UserRightsChanged e) {
            user(e.name()).ifPresent(user -> rights(user, e.role(), e.permissions()));
        } else if (event instanceof UserEvent.UserLoggedIn e) {
            user(e.name()).ifPresent(user -> user.setLastLogin(time(e.atNanos())));
        } else if (event instanceof UserEvent.UserRemoved e) {
            delete("delete from UserEntity u where u.name = ?1", e.name());
        } else if (event instanceof SystemEvent.SettingChanged e) {
            settingChanged(e);
        } else if (event instanceof SystemEvent.TaskStarted e) {
            TaskRows.started(manager, e);
        } else if (event instanceof SystemEvent.TaskProgressed e) {
            TaskRows.progressed(manager, e);
        } else if (event instanceof SystemEvent.TaskEnded e) {
            TaskRows.ended(manager, e);
        } else if (event instanceof SystemEvent.IntegrationSaved e) {
            delete("delete from IntegrationEntity i where i.name = ?1", e.name());
            manager.persist(new IntegrationEntity(e.name(), json(e.keys()), json(e.on())));
        } else if (event instanceof SystemEvent.IntegrationRemoved e) {
            delete("delete from IntegrationEntity i where i.name = ?1", e.name());
        } else if (!(event instanceof UserEvent.UserPasswordChanged // secrets stay in the log, and what is only read there
            || event instanceof SystemEvent.IntegrationNoted || event instanceof UserEvent.RootPasswordGiven
            || event instanceof UserEvent.ApiKeyMade || event instanceof UserEvent.ApiKeyRevoked
            || event instanceof SystemEvent.DeadLetterRetrySet || event instanceof ClusterEvent
            || event instanceof SystemEvent.ActionTaken)) {
            throw new IllegalStateException("no row follows from " + event);
        }
    }

    private void stationCreated(SystemEvent.StationCreated e) {
        StationEntity station = new StationEntity(e.id());
        station.setName(e.name());
        station.setNativeStation(e.nativeStation());
        station.setRetentionType(e.retentionType());
        station.setRetentionValue(e.retentionValue());
        station.setStorage(e.storage());
        station.setReplicas(e.replicas());
        station.setIdempotencyWindowMillis(e.idempotencyWindowMillis());
        station.setDlsPoison(e.dlsPoison());
        station.setDlsSchemaverse(e.dlsSchemaverse());
        station.setDlsStationId(e.dlsStation().isEmpty() ? null : stationId(e.dlsStation()));
        station.setTieredStorage(e.tieredStorage());
        station.setCreatedBy(e.createdBy());
        station.setCreatedAt(time(e.createdNanos()));
        station.setVersion(e.version());
        e.tags().forEach(tag -> station.getTags().put(text(tag), text(e.tagColors().getOrDefault(tag, ""))));
        manager.persist(station);
        manager.flush(); // its partitions refer to it, and JPA does not know that
        for (int i = 0; i < e.partitionIds().size(); i++) {
            partition(e.partitionIds().get(i), e.id(), i + 1, e.stream(i + 1));
        }
    }

    private void stationGrown(SystemEvent.StationGrown e) {
        if (manager.find(StationEntity.class, e.stationId()) == null) {
            return;
        }
        int more = e.partitionIds().size();
        for (int i = 0; i < more; i++) {
            partition(e.partitionIds().get(i), e.stationId(), e.firstNumber() + i,
                SystemEvent.StationCreated.stream(e.config(), e.firstNumber() + i));
        }
        manager.flush(); // consumers refer to them, and JPA does not know that
        for (int i = 0; i < e.consumerIds().size(); i++) {
            String group = e.groups().get(i / more);
            ConsumerGroupEntity of = manager.find(ConsumerGroupEntity.class, new ConsumerGroupEntity.Key(e.stationId(), group));
            if (of != null) {
                ConsumerEntity consumer = new ConsumerEntity(e.consumerIds().get(i));
                consumer.setPartitionId(e.partitionIds().get(i % more));
                consumer.setStationId(e.stationId());
                consumer.setGroupName(group);
                consumer.setName(StationLayout.internalName(group));
                consumer.setStartSequence(1);
                consumer.setCreatedAt(of.getCreatedAt());
                manager.persist(consumer);
            }
        }
    }

    private void stationTagged(SystemEvent.StationTagged e) {
        StationEntity station = manager.find(StationEntity.class, e.stationId());
        if (station != null) {
            station.getTags().clear();
            e.tags().forEach(tag -> station.getTags().put(text(tag), text(e.tagColors().getOrDefault(tag, ""))));
        }
    }

    private void stationUpdated(SystemEvent.StationUpdated e) {
        StationEntity station = manager.find(StationEntity.class, e.id());
        if (station == null) {
            return;
        }
        station.setRetentionType(e.retentionType());
        station.setRetentionValue(e.retentionValue());
        station.setIdempotencyWindowMillis(e.idempotencyWindowMillis());
        station.setDlsPoison(e.dlsPoison());
        station.setDlsSchemaverse(e.dlsSchemaverse());
        station.setDlsStationId(e.dlsStation().isEmpty() ? null : stationId(e.dlsStation()));
        e.tieredStorage().ifPresent(station::setTieredStorage);
        manager.createQuery("select p from PartitionEntity p where p.stationId = ?1", PartitionEntity.class)
            .setParameter(1, e.id()).getResultList()
            .forEach(partition -> partition.setConfig(withLimits(partition.getConfig(), JSON.valueToTree(e.config()))));
    }

    /** What {@link StreamConfig#withLimitsOf} does, to what some release wrote. */
    private static String withLimits(String config, ObjectNode limits) {
        try {
            ObjectNode partition = (ObjectNode) JSON.readTree(config);
            LIMITS.forEach(name -> partition.set(name, limits.get(name)));
            return json(partition);
        } catch (JsonProcessingException e) {
            throw new MetadataException("the configuration of a partition is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A stream without a station counts as one with the stream's number. */
    private void streamCreated(SystemEvent.StreamCreated e) {
        StationEntity station = new StationEntity(e.partitionId());
        station.setNativeStation(false);
        station.setCreatedBy(e.createdBy());
        station.setCreatedAt(time(e.createdNanos()));
        describe(station, e.config());
        manager.persist(station);
        manager.flush();
        partition(e.partitionId(), e.partitionId(), 0, e.config());
    }

    private static void describe(StationEntity station, StreamConfig config) {
        station.setName(config.name());
        station.setStorage(config.storage());
        station.setReplicas(config.replicas());
        station.setIdempotencyWindowMillis(config.duplicateWindowNanos() / NANOS_PER_MILLI);
        if (config.retention() != StreamConfig.Retention.LIMITS) {
            station.setRetentionType(SystemEvent.RetentionType.ACK_BASED);
            station.setRetentionValue(0);
        } else if (config.maxMsgs() > 0) {
            station.setRetentionType(SystemEvent.RetentionType.MESSAGES);
            station.setRetentionValue(config.maxMsgs());
        } else if (config.maxBytes() > 0) {
            station.setRetentionType(SystemEvent.RetentionType.BYTES);
            station.setRetentionValue(config.maxBytes());
        } else {
            station.setRetentionType(SystemEvent.RetentionType.MESSAGE_AGE_SEC);
            station.setRetentionValue(config.maxAgeNanos() / NANOS_PER_SECOND);
        }
    }

    private void partition(long id, long stationId, int number, StreamConfig config) {
        PartitionEntity partition = new PartitionEntity(id);
        partition.setStationId(stationId);
        partition.setNumber(number);
        partition.setStreamName(config.name());
        partition.setConfig(json(config));
        manager.persist(partition);
    }

    private void streamUpdated(SystemEvent.StreamUpdated e) {
        PartitionEntity partition = manager.find(PartitionEntity.class, e.partitionId());
        if (partition == null) {
            return;
        }
        partition.setConfig(json(e.config()));
        StationEntity station = manager.find(StationEntity.class, partition.getStationId());
        if (station != null && !station.isNativeStation()) {
            describe(station, e.config());
        }
    }

    private void streamDeleted(long partitionId) {
        PartitionEntity partition = manager.find(PartitionEntity.class, partitionId);
        if (partition == null) {
            return;
        }
        long stationId = partition.getStationId();
        delete("delete from PartitionEntity p where p.id = ?1", partitionId);
        if (count("select count(p) from PartitionEntity p where p.stationId = ?1", stationId) == 0) {
            stationRemoved(stationId);
        }
    }

    private void stationRemoved(long id) {
        delete("delete from StationEntity s where s.id = ?1", id);
        schemas.stationRemoved(id);
    }

    private void groupDefined(SystemEvent.GroupDefined e) {
        delete("delete from ConsumerGroupEntity g where g.stationId = ?1 and g.name = ?2", e.stationId(), e.name()); // one that is moved
        ConsumerGroupEntity group = new ConsumerGroupEntity(e.stationId(), e.name());
        group.setMaxAckTimeMillis(e.maxAckTimeMillis());
        group.setMaxDeliveries(e.maxDeliveries());
        group.setStartFromSequence(e.startFromSequence());
        group.setLastMessages(e.lastMessages());
        group.setCreatedAt(time(e.createdNanos()));
        manager.persist(group);
        manager.flush(); // its consumers refer to it, and JPA does not know that
        List<Long> partitions = manager.createQuery(
            "select p.id from PartitionEntity p where p.stationId = ?1 order by p.number", Long.class)
            .setParameter(1, e.stationId()).getResultList();
        for (int i = 0; i < Math.min(partitions.size(), e.consumerIds().size()); i++) {
            if (e.consumerIds().get(i) != 0) {
                ConsumerEntity consumer = new ConsumerEntity(e.consumerIds().get(i));
                consumer.setPartitionId(partitions.get(i));
                consumer.setStationId(e.stationId());
                consumer.setGroupName(e.name());
                consumer.setName(e.config().name());
                consumer.setStartSequence(e.startSequences().get(i));
                consumer.setCreatedAt(time(e.createdNanos()));
                manager.persist(consumer);
            }
        }
    }

    private void groupUpdated(SystemEvent.GroupUpdated e) {
        ConsumerGroupEntity group = manager.find(ConsumerGroupEntity.class,
            new ConsumerGroupEntity.Key(e.stationId(), e.name()));
        if (group != null) {
            group.setMaxAckTimeMillis(e.maxAckTimeMillis());
            group.setMaxDeliveries(e.maxDeliveries());
        }
    }

    private void consumerDefined(SystemEvent.ConsumerDefined e) {
        ConsumerEntity consumer = new ConsumerEntity(e.consumerId());
        consumer.setPartitionId(e.partitionId());
        consumer.setName(e.config().name());
        consumer.setStartSequence(e.startSequence());
        consumer.setConfig(json(e.config()));
        consumer.setCreatedAt(time(e.createdNanos()));
        manager.persist(consumer);
    }

    private void consumerUpdated(SystemEvent.ConsumerUpdated e) {
        ConsumerEntity consumer = manager.find(ConsumerEntity.class, e.consumerId());
        if (consumer != null) {
            consumer.setConfig(json(e.config()));
        }
    }

    private void consumerRemoved(long consumerId) {
        ConsumerEntity consumer = manager.find(ConsumerEntity.class, consumerId);
        if (consumer == null) {
            return;
        }
        Long stationId = consumer.getStationId();
        String group = consumer.getGroupName();
        delete("delete from ConsumerEntity c where c.id = ?1", consumerId);
        if (stationId != null && count("select count(c) from ConsumerEntity c where c.stationId = ?1 and "
            + "c.groupName = ?2", stationId, group) == 0) {
            delete("delete from ConsumerGroupEntity g where g.stationId = ?1 and g.name = ?2", stationId, group);
        }
    }

    private void memberRegistered(SystemEvent.MemberRegistered e) {
        if (manager.find(StationEntity.class, e.stationId()) == null) {
            return; // the station went meanwhile
        }
        MemberEntity member = new MemberEntity(e.id(), e.producer() ? MemberEntity.Kind.PRODUCER
            : MemberEntity.Kind.CONSUMER, e.name(), e.stationId(), e.group());
        member.setConnectionId(text(e.connectionId()));
        member.setType(e.type());
        member.setUserName(e.user());
        member.setAppId(text(e.appId()));
        member.setSdk(text(e.sdk()));
        member.setRequestVersion(e.requestVersion());
        member.setCreatedAt(time(e.createdNanos()));
        manager.persist(member);
    }

    private void userCreated(UserEvent.UserCreated e) {
        UserEntity user = new UserEntity(e.id());
        user.setName(e.name());
        user.setType(e.type());
        user.setCreatedAt(time(e.createdNanos()));
        profile(user, e.profile());
        rights(user, e.role(), e.permissions());
        manager.persist(user);
    }

    private static void rights(UserEntity user, UserEvent.UserRole role, UserEvent.StationPatterns permissions) {
        user.setRole(role);
        user.setPermissions(json(permissions));
    }

    private static void profile(UserEntity user, Map<String, String> texts) {
        user.getProfile().clear();
        texts.forEach((key, value) -> user.getProfile().put(text(key), text(value)));
    }

    private Optional<UserEntity> user(String name) {
        return manager.createQuery("select u from UserEntity u where u.name = ?1", UserEntity.class)
            .setParameter(1, name).getResultList().stream().findFirst();
    }

    private void settingChanged(SystemEvent.SettingChanged e) {
        delete("delete from SettingEntity s where s.key = ?1", e.key());
        if (!e.value().isEmpty()) {
            SettingEntity setting = new SettingEntity(e.key());
            setting.setValue(text(e.value()));
            manager.persist(setting);
        }
    }

    private Long stationId(String name) {
        List<Long> found = manager.createQuery(
            "select s.id from StationEntity s where s.name = ?1 and s.nativeStation = true", Long.class)
            .setParameter(1, name).getResultList();
        return found.isEmpty() ? null : found.get(0);
    }

    private long count(String query, Object... parameters) {
        var prepared = manager.createQuery(query, Long.class);
        for (int i = 0; i < parameters.length; i++) {
            prepared.setParameter(i + 1, parameters[i]);
        }
        return prepared.getSingleResult();
    }

    /** What was written before goes to the database first, and what JPA remembers of deleted rows is forgotten. */
    private void delete(String statement, Object... parameters) {
        manager.flush();
        var prepared = manager.createQuery(statement);
        for (int i = 0; i < parameters.length; i++) {
            prepared.setParameter(i + 1, parameters[i]);
        }
        prepared.executeUpdate();
        manager.clear();
    }

    /** PostgreSQL stores no character 0. */
    static String text(String free) {
        return free.replace('\u0000', '\uFFFD');
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new MetadataException("a definition cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static OffsetDateTime time(long nanos) {
        return OffsetDateTime.ofInstant(Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND),
            Math.floorMod(nanos, NANOS_PER_SECOND)), ZoneOffset.UTC);
    }
}

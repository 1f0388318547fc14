package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the shortest list of events that makes definitions from nothing: what made stations, streams and groups, then
 * what single requests changed inside them, found by comparison with a fold of the former. Control loop only.
 */
final class SnapshotWriter {

    private final Definitions actual;
    private final List<SystemEvent> events = new ArrayList<>();

    SnapshotWriter(Definitions actual) {
        this.actual = actual;
    }

    DefinitionsSnapshot write(long index, long nextId) {
        actual.settings().forEach((key, value) -> events.add(new SystemEvent.SettingChanged(key, value)));
        if (actual.replicationGroups().clustered()) {
            events.add(new ClusterEvent.ReplicationGroupsFormed(actual.replicationGroups()));
        }
        actual.users().forEach(this::user);
        events.addAll(actual.integrations().events());
        events.addAll(actual.apiKeys());
        if (!actual.rootPasswordGiven().isEmpty()) {
            events.add(new UserEvent.RootPasswordGiven(actual.rootPasswordGiven()));
        }
        events.addAll(actual.tags().all());
        actual.tasks().all().forEach(task -> events.addAll(task.events()));
        actual.schemas().all().forEach(this::schema);
        actual.stations().forEach(this::station);
        actual.streams().filter(s -> !s.owned()).forEach(s -> events.add(
            new SystemEvent.StreamCreated(s.partitionId(), s.config(), s.createdNanos(), s.createdBy(), s.placement())));
        actual.stations().forEach(station -> events.addAll(actual.groups(station.id()).values()));
        actual.streams().filter(s -> !s.owned())
            .forEach(stream -> events.addAll(actual.groups(stream.partitionId()).values()));
        Definitions made = new Definitions();
        events.forEach(made::apply);
        actual.members().all().forEach(events::add);
        actual.schemas().attached().forEach(events::add);
        events.addAll(actual.retries().events());
        actual.streams().forEach(stream -> changed(made, stream));
        // removals last: a group goes with its last consumer, which may be one of those just added
        actual.streams().forEach(stream -> removed(made, stream.partitionId()));
        return new DefinitionsSnapshot(index, nextId, events);
    }

    private void user(UserDefinition user) {
        UserEvent.UserCreated c = user.created();
        events.add(new UserEvent.UserCreated(c.id(), c.name(), c.type(), user.passwordHash(), user.profile(),
            c.createdNanos(), c.permissions(), c.role()));
        if (user.lastLoginNanos() > 0) {
            events.add(new UserEvent.UserLoggedIn(c.name(), user.lastLoginNanos()));
        }
    }

    private void schema(SchemaDefinition schema) {
        events.add(schema.created());
        schema.versions().stream().skip(1).forEach(v -> events.add(new SchemaEvent.SchemaVersionAdded(schema.id(), v.number(),
            v.text(), v.createdBy(), v.createdNanos())));
        if (schema.active() != 1) {
            events.add(new SchemaEvent.SchemaVersionActivated(schema.id(), schema.active()));
        }
        SchemaEvent.SchemaCreated made = schema.created();
        if (!made.tags().equals(schema.tags()) || !made.tagColors().equals(schema.tagColors())
            || made.compatibility() != schema.compatibility()) {
            events.add(new SchemaEvent.SchemaChanged(schema.id(), schema.compatibility(), schema.tags(), schema.tagColors()));
        }
    }

    private void station(StationDefinition station) {
        events.add(station.created());
        Set<Long> live = new HashSet<>(station.livePartitions());
        station.created().partitionIds().stream().filter(partition -> !live.contains(partition))
            .forEach(partition -> events.add(new SystemEvent.StreamDeleted(partition)));
    }

    private void changed(Definitions made, StreamDefinition stream) {
        long partition = stream.partitionId();
        if (!made.streamById(partition).orElseThrow().config().equals(stream.config())) {
            events.add(new SystemEvent.StreamUpdated(partition, stream.config()));
        }
        for (ConsumerDefinition consumer : actual.consumers(partition)) {
            ConsumerDefinition earlier = made.consumer(partition, consumer.name())
                .filter(c -> c.consumerId() == consumer.consumerId()).orElse(null);
            if (!consumer.logged()) {
                continue;
            }
            if (earlier == null) {
                events.add(new SystemEvent.ConsumerDefined(partition, consumer.consumerId(), consumer.config(),
                    consumer.createdNanos(), consumer.startSequence()));
            } else if (!earlier.config().equals(consumer.config())) {
                events.add(new SystemEvent.ConsumerUpdated(partition, consumer.consumerId(), consumer.config()));
            }
        }
    }

    private void removed(Definitions made, long partition) {
        for (ConsumerDefinition consumer : made.consumers(partition)) {
            if (actual.consumer(partition, consumer.name()).filter(ConsumerDefinition::logged).isEmpty()) {
                events.add(new SystemEvent.ConsumerRemoved(partition, consumer.consumerId()));
            }
        }
    }
}

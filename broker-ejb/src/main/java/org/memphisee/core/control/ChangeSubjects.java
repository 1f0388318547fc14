package org.memphisee.core.control;

import java.util.List;
import java.util.Optional;

import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.api.ChangeSubject.Effect;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.SideLog;

/** What events are about, seen from the definitions before them. Control loop only. */
final class ChangeSubjects {

    private static final String STATION = "station";
    private static final String GROUP = "group";
    private static final String USER = "user";
    private static final String API_KEY = "api_key";
    private static final String SETTING = "setting";
    private static final String SCHEMA = "schema";

    private final Definitions definitions;

    ChangeSubjects(Definitions definitions) {
        this.definitions = definitions;
    }

    /**
     * What an event is about.
     *
     * @param subject what
     * @param before what made it as it is, null for none
     * @param log the side log that keeps it
     */
    record Found(ChangeSubject subject, SystemEvent before, SideLog log) { }

    Found of(SystemEvent event) {
        if (event instanceof SystemEvent.StreamCreated e) {
            return made(STATION, StationLayout.externalName(e.config().name()));
        } else if (event instanceof SystemEvent.StreamUpdated e) {
            return changed(STATION, stationOf(e.partitionId()), stream(e.partitionId())
                .map(s -> new SystemEvent.StreamUpdated(s.partitionId(), s.config())).orElse(null));
        } else if (event instanceof SystemEvent.StreamDeleted e) {
            return gone(STATION, stationOf(e.partitionId()), stream(e.partitionId()).map(s -> new SystemEvent.StreamCreated(
                s.partitionId(), s.config(), s.createdNanos(), s.createdBy(), s.placement())).orElse(null));
        } else if (event instanceof SystemEvent.StationCreated e) {
            return made(STATION, e.name());
        } else if (event instanceof SystemEvent.StationUpdated e) {
            return changed(STATION, station(e.id()), created(e.id()));
        } else if (event instanceof SystemEvent.StationGrown e) {
            return changed(STATION, station(e.stationId()), created(e.stationId()));
        } else if (event instanceof SystemEvent.StationTagged e) {
            return changed(STATION, station(e.stationId()), created(e.stationId()));
        } else if (event instanceof SystemEvent.DeadLetterRetrySet e) {
            RetryPolicy before = definitions.retries().of(e.stationId());
            // beside the station's own definition, which is no other for that
            return new Found(new ChangeSubject(STATION, station(e.stationId()), Effect.DONE),
                new SystemEvent.DeadLetterRetrySet(e.stationId(), before.delaysMillis(), before.maximum()), SideLog.AUDIT);
        } else if (event instanceof SystemEvent.TagDefined e) {
            return made("tag", e.name());
        } else if (event instanceof SystemEvent.StationDeleted e) {
            SystemEvent.StationCreated before = definitions.stationById(e.id()).map(StationDefinition::created).orElse(null);
            return gone(STATION, before == null ? "" : before.name(), before);
        } else if (event instanceof UserEvent.UserCreated e) {
            return made(USER, e.name());
        } else if (event instanceof UserEvent.UserPasswordChanged e) {
            return done(USER, e.name());
        } else if (event instanceof UserEvent.UserProfileChanged e) {
            return changed(USER, e.name(), definitions.user(e.name())
                .map(u -> new UserEvent.UserProfileChanged(u.name(), u.profile())).orElse(null));
        } else if (event instanceof UserEvent.UserRightsChanged e) {
            return changed(USER, e.name(), definitions.user(e.name()).map(u -> new UserEvent.UserRightsChanged(u.name(),
                u.created().role(), u.created().permissions())).orElse(null));
        } else if (event instanceof UserEvent.UserLoggedIn e) {
            return done(USER, e.name());
        } else if (event instanceof UserEvent.UserRemoved e) {
            return gone(USER, e.name(), definitions.user(e.name()).map(ChangeSubjects::withoutPassword).orElse(null));
        } else if (event instanceof UserEvent.RootPasswordGiven) {
            return done(USER, "root");
        } else if (event instanceof UserEvent.ApiKeyMade e) {
            return made(API_KEY, e.user() + "/" + e.name());
        } else if (event instanceof UserEvent.ApiKeyRevoked e) {
            return definitions.apiKeys().stream().filter(key -> key.id() == e.id()).findFirst()
                .map(key -> gone(API_KEY, key.user() + "/" + key.name(), key)).orElseGet(() -> gone(API_KEY, "", null));
        } else if (event instanceof SystemEvent.SettingChanged e) {
            String before = definitions.settings().get(e.key());
            // pictures would push everything else out of the audit log: there it is an action, written before (ADR 0192)
            boolean picture = e.key().equals(SystemEvent.SettingChanged.LOGO);
            return new Found(new ChangeSubject(SETTING, e.key(), e.value().isEmpty() ? Effect.GONE
                : before == null ? Effect.MADE : Effect.CHANGED),
                before == null || picture ? null : new SystemEvent.SettingChanged(e.key(), before),
                picture && !e.value().isEmpty() ? SideLog.ACTIVITY : SideLog.AUDIT);
        } else if (event instanceof SchemaEvent e) {
            return ofSchemas(e);
        } else if (event instanceof SystemEvent.ActionTaken e) {
            return new Found(new ChangeSubject(e.kind(), e.object(), Effect.DONE), null,
                e.action().equals(SystemEvent.ActionTaken.MESSAGE_REMOVED) ? SideLog.ACTIVITY : SideLog.AUDIT);
        }
        return ofConsumers(event);
    }

    /** Of what a station has as its schema, the object is both. */
    private Found ofSchemas(SchemaEvent event) {
        if (event instanceof SchemaEvent.SchemaVersionAdded e) {
            return done(SCHEMA, schema(e.schemaId()));
        } else if (event instanceof SchemaEvent.SchemaVersionActivated e) {
            return changed(SCHEMA, schema(e.schemaId()), definitions.schemas().byId(e.schemaId())
                .map(s -> new SchemaEvent.SchemaVersionActivated(s.id(), s.active())).orElse(null));
        } else if (event instanceof SchemaEvent.SchemaChanged e) {
            return changed(SCHEMA, schema(e.schemaId()), definitions.schemas().byId(e.schemaId())
                .map(s -> new SchemaEvent.SchemaChanged(s.id(), s.compatibility(), s.tags(), s.tagColors())).orElse(null));
        } else if (event instanceof SchemaEvent.SchemaRemoved e) {
            return gone(SCHEMA, schema(e.id()), definitions.schemas().byId(e.id()).map(SchemaDefinition::created).orElse(null));
        } else if (event instanceof SchemaEvent.SchemaAttached e) {
            SchemaEvent.SchemaAttached before = definitions.schemas().of(e.stationId()).orElse(null);
            String object = inStationOf(e.stationId(), e.schemaId());
            return before == null ? made(SCHEMA, object) : changed(SCHEMA, object, before);
        } else if (event instanceof SchemaEvent.SchemaDetached e) {
            SchemaEvent.SchemaAttached before = definitions.schemas().of(e.stationId()).orElse(null);
            return gone(SCHEMA, inStationOf(e.stationId(), before == null ? 0 : before.schemaId()), before);
        }
        return made(SCHEMA, SystemEventCodec.nameIn(event));
    }

    private String schema(long id) {
        return definitions.schemas().byId(id).map(SchemaDefinition::name).orElse("");
    }

    /** A station that is about to be made has no name yet. */
    private String inStationOf(long station, long schema) {
        String name = station(station);
        return name.isEmpty() ? schema(schema) : name + "/" + schema(schema);
    }

    private Found ofConsumers(SystemEvent event) {
        if (event instanceof SystemEvent.ConsumerDefined e) {
            return new Found(new ChangeSubject(GROUP, inStation(e.partitionId(), e.config().name()), Effect.MADE), null,
                e.config().durable() ? SideLog.AUDIT : SideLog.ACTIVITY);
        } else if (event instanceof SystemEvent.ConsumerUpdated e) {
            return changed(GROUP, inStation(e.partitionId(), e.config().name()), consumer(e.partitionId(), e.consumerId())
                .map(c -> new SystemEvent.ConsumerUpdated(c.partitionId(), c.consumerId(), c.config())).orElse(null));
        } else if (event instanceof SystemEvent.ConsumerRemoved e) {
            ConsumerDefinition before = consumer(e.partitionId(), e.consumerId()).orElse(null);
            return new Found(new ChangeSubject(GROUP, inStation(e.partitionId(), before == null ? "" : before.name()),
                Effect.GONE), before == null ? null : new SystemEvent.ConsumerDefined(before.partitionId(),
                    before.consumerId(), before.config(), before.createdNanos(), before.startSequence()),
                before == null || before.config().durable() ? SideLog.AUDIT : SideLog.ACTIVITY);
        } else if (event instanceof SystemEvent.GroupDefined e) {
            return made(GROUP, station(e.stationId()) + "/" + e.name());
        } else if (event instanceof SystemEvent.GroupUpdated e) {
            return changed(GROUP, station(e.stationId()) + "/" + e.name(),
                definitions.group(e.stationId(), e.name()).orElse(null));
        } else if (event instanceof SystemEvent.GroupRemoved e) {
            return gone(GROUP, station(e.stationId()) + "/" + e.name(),
                definitions.group(e.stationId(), e.name()).orElse(null));
        } else if (event instanceof SystemEvent.MemberRegistered e) {
            return member(e, Effect.MADE, null);
        } else if (event instanceof SystemEvent.MembersRemoved e) {
            return members(e.ids());
        }
        if (event instanceof SystemEvent.TaskStarted e) {
            return done("task", e.kind() + "/" + e.id());
        } else if (event instanceof SystemEvent.TaskProgressed e) {
            return new Found(new ChangeSubject("task", Long.toString(e.id()), Effect.DONE), null, SideLog.ACTIVITY);
        }
        if (event instanceof SystemEvent.IntegrationNoted e) {
            return new Found(new ChangeSubject("integration", e.name(), Effect.DONE), null, SideLog.ACTIVITY);
        }
        if (event instanceof ClusterEvent.ReplicationGroupsFormed) {
            return done("cluster", "replication groups");
        }
        // one of which this class knows nothing: kept all the same, under the word that its type begins with
        String type = SystemEventCodec.typeName(event);
        return done(type.substring(0, type.indexOf('_') < 0 ? type.length() : type.indexOf('_')),
            SystemEventCodec.nameIn(event));
    }

    private Found members(List<Long> ids) {
        Optional<SystemEvent.MemberRegistered> first = ids.isEmpty() ? Optional.empty() : definitions.members().byId(ids.get(0));
        return first.map(member -> member(member, Effect.GONE, member))
            .orElseGet(() -> new Found(new ChangeSubject("producer", "", Effect.GONE), null, SideLog.ACTIVITY));
    }

    private Found member(SystemEvent.MemberRegistered member, Effect effect, SystemEvent before) {
        return new Found(new ChangeSubject(member.producer() ? "producer" : "consumer",
            station(member.stationId()) + "/" + member.name(), effect), before, SideLog.ACTIVITY);
    }

    /** What makes a thing as it is now; empty when it is not there or of a kind that is not asked for. */
    Optional<SystemEvent> present(String kind, String object) {
        int slash = object.indexOf('/');
        return switch (kind) {
            case STATION -> definitions.station(object).<SystemEvent>map(StationDefinition::created)
                .or(() -> definitions.plainStations().filter(s -> StationLayout.externalName(s.name()).equals(object)).findFirst()
                    .map(s -> new SystemEvent.StreamCreated(s.partitionId(), s.config(), s.createdNanos(), s.createdBy(),
                        s.placement())));
            case GROUP -> slash < 0 ? Optional.empty() : definitions.station(object.substring(0, slash))
                .flatMap(s -> definitions.group(s.id(), object.substring(slash + 1))).map(SystemEvent.class::cast);
            case USER -> definitions.user(object).map(ChangeSubjects::withoutPassword);
            case SETTING -> Optional.ofNullable(definitions.settings().get(object))
                .map(value -> new SystemEvent.SettingChanged(object, value));
            default -> Optional.empty();
        };
    }

    private static SystemEvent withoutPassword(UserDefinition user) {
        UserEvent.UserCreated c = user.created();
        return new UserEvent.UserCreated(c.id(), c.name(), c.type(), "", user.profile(), c.createdNanos(), c.permissions(),
            c.role());
    }

    private static Found made(String kind, String object) {
        return new Found(new ChangeSubject(kind, object, Effect.MADE), null, SideLog.AUDIT);
    }

    private static Found changed(String kind, String object, SystemEvent before) {
        return new Found(new ChangeSubject(kind, object, Effect.CHANGED), before, SideLog.AUDIT);
    }

    private static Found gone(String kind, String object, SystemEvent before) {
        return new Found(new ChangeSubject(kind, object, Effect.GONE), before, SideLog.AUDIT);
    }

    private static Found done(String kind, String object) {
        return new Found(new ChangeSubject(kind, object, Effect.DONE), null, SideLog.AUDIT);
    }

    private SystemEvent created(long station) {
        return definitions.stationById(station).map(StationDefinition::created).orElse(null);
    }

    private Optional<StreamDefinition> stream(long partition) {
        return definitions.streamById(partition);
    }

    private Optional<ConsumerDefinition> consumer(long partition, long id) {
        return definitions.consumers(partition).stream().filter(c -> c.consumerId() == id).findFirst();
    }

    private String inStation(long partition, String consumer) {
        return stationOf(partition) + "/" + StationLayout.externalName(consumer);
    }

    private String stationOf(long partition) {
        return stream(partition).map(s -> s.owned() ? station(s.stationId()) : StationLayout.externalName(s.name())).orElse("");
    }

    /** External name of a station by its number, or of a plain stream by its partition's. */
    private String station(long id) {
        return definitions.stationById(id).map(StationDefinition::name)
            .orElseGet(() -> stream(id).map(s -> StationLayout.externalName(s.name())).orElse(""));
    }
}

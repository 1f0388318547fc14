package org.memphisee.core.control;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.memphisee.core.cluster.GroupMap;
import org.memphisee.core.cluster.GroupPlace;
import org.memphisee.core.cluster.Placement;
import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.stream.StreamConfig;

/** One event of each type, every member set; together they make a world in which each has something to act on. */
public final class SampleEvents {

    static final long T0 = 1_795_478_544_954_412_199L;

    private SampleEvents() { }

    public static List<SystemEvent> all() {
        return List.of(
            new SystemEvent.SettingChanged("dls_retention", "3"),
            new UserEvent.UserCreated(1, "root", UserEvent.UserType.ROOT, "pbkdf2-sha256$1$x$y",
                Map.of("description", "first"), T0, UserEvent.StationPatterns.NONE),
            new UserEvent.UserCreated(2, "app", UserEvent.UserType.APPLICATION, "pbkdf2-sha256$1$x$y", Map.of(), T0,
                new UserEvent.StationPatterns(List.of("a.*"), List.of("b", "c*"), List.of("a.x"), List.of())),
            new UserEvent.UserCreated(2, "app2", UserEvent.UserType.APPLICATION, "pbkdf2-sha256$1$x$y", Map.of(), T0,
                new UserEvent.StationPatterns(List.of("a.*"), List.of("b", "c*"), List.of("a.x"), List.of("d"))),
            new UserEvent.UserProfileChanged("app2", Map.of("team", "blue")),
            new UserEvent.UserCreated(26, "vera", UserEvent.UserType.MANAGEMENT, "pbkdf2-sha256$1$x$y", Map.of(), T0,
                UserEvent.StationPatterns.NONE, UserEvent.UserRole.VIEWER),
            new UserEvent.UserCreated(27, "max", UserEvent.UserType.MANAGEMENT, "pbkdf2-sha256$1$x$y", Map.of(), T0,
                UserEvent.StationPatterns.NONE),
            new UserEvent.UserRightsChanged("max", UserEvent.UserRole.VIEWER,
                new UserEvent.StationPatterns(List.of("a.*"), List.of(), List.of(), List.of("d"))),
            new UserEvent.UserLoggedIn("root", T0),
            new UserEvent.UserPasswordChanged("root", "pbkdf2-sha256$1$z$w"),
            new UserEvent.UserRemoved("app"),
            station(),
            new SystemEvent.StationUpdated(3, SystemEvent.RetentionType.BYTES, 4096, 60_000, false, true, "gone", Optional.of(true),
                StationLayout.partitions("my.station-1", SystemEvent.RetentionType.BYTES, 4096, StreamConfig.Storage.FILE, 1,
                    60_000, StreamConfig.Durability.INTERVAL)),
            new SystemEvent.TagDefined(23, "red", "255, 0, 0", "root", T0),
            new SystemEvent.StationTagged(3, List.of("red"), Map.of("red", "255, 0, 0")),
            group(3, "grp.a", 30_000, 3, 1, 10, List.of(6L, 7L), List.of(1L, 91L), T0),
            group(3, "grp.b", 30_000, 3, 1, -1, List.of(8L, 9L), List.of(1L, 1L), T0),
            new SystemEvent.GroupUpdated(3, "grp.a", 10_000, 5),
            new SystemEvent.StationGrown(3, 3, List.of(24L), List.of(6L), StationLayout.partitions("my.station-1",
                SystemEvent.RetentionType.BYTES, 4096, StreamConfig.Storage.FILE, 1, 60_000, StreamConfig.Durability.INTERVAL),
                List.of("grp.a"), List.of(25L)),
            new SystemEvent.GroupRemoved(3, "grp.b"),
            new SystemEvent.StreamCreated(10, stream("KV_cfg", "$KV.cfg.>"), T0, "root", 9),
            new SystemEvent.StreamUpdated(10, stream("KV_cfg", "$KV.cfg.>", "more.*")),
            new SchemaEvent.SchemaCreated(15, "order.v", SchemaType.JSON, new SchemaText("{}", "", ""), Compatibility.NONE,
                List.of("billing"), Map.of("billing", "1, 2, 3"), "root", T0),
            new SchemaEvent.SchemaCreated(16, "gone", SchemaType.PROTOBUF, new SchemaText("message M {}", "M", "CgA="),
                Compatibility.FULL, List.of(), Map.of(), "root", T0),
            new SchemaEvent.SchemaVersionAdded(15, 2, new SchemaText("{\"type\":\"object\"}", "", ""), "root", T0),
            new SchemaEvent.SchemaVersionActivated(15, 2),
            new SchemaEvent.SchemaChanged(15, Compatibility.BACKWARD, List.of("billing"), Map.of("billing", "1, 2, 3")),
            new SchemaEvent.SchemaAttached(3, 15, 2, Enforcement.WARN),
            new SystemEvent.DeadLetterRetrySet(3, List.of(1_000L, 60_000L), 5),
            new SystemEvent.DeadLetterRetrySet(10, List.of(), 0),
            new SchemaEvent.SchemaAttached(10, 16, 1, Enforcement.REFUSE),
            new SchemaEvent.SchemaDetached(3),
            new SchemaEvent.SchemaAttached(3, 15, 1, Enforcement.OFF),
            new SchemaEvent.SchemaRemoved(16),
            new SystemEvent.ConsumerDefined(10, 11, consumer("c1"), T0, 17),
            new SystemEvent.ConsumerUpdated(10, 11, consumer("c1", "$KV.cfg.a", "$KV.cfg.b")),
            new SystemEvent.ConsumerDefined(10, 12, consumer("c2"), T0, 1),
            new SystemEvent.ConsumerRemoved(10, 12),
            new SystemEvent.StreamRestored(new SystemEvent.StreamCreated(30, stream("BACK", "back.>"), T0, "root", 9),
                List.of(new SystemEvent.ConsumerDefined(30, 31, consumer("c1"), T0, 17))),
            new SystemEvent.MemberRegistered(21, false, "cons-a", 3, "grp.a", "uuid", "application", "root", "app", "go", 4, T0),
            new SystemEvent.MemberRegistered(22, true, "prod-a", 3, "", "uuid", "application", "root", "app", "go", 4, T0),
            new SystemEvent.MembersRemoved(List.of(22L)),
            new SystemEvent.TaskStarted(20, "resend_all_dls_msgs", "my.station-1", "root", Map.of("group", "grp.a"), T0),
            new SystemEvent.TaskProgressed(20, 7, 9, Map.of("last", "7")),
            new SystemEvent.TaskEnded(20, SystemEvent.TaskOutcome.FAILED, "why", 8, 9, Map.of("last", "8"), T0 + 1),
            new SystemEvent.IntegrationSaved("slack", Map.of("channel_id", "C1"), Map.of("auth_token", "1:x"),
                List.of("poison_message_alert")),
            new SystemEvent.IntegrationNoted("slack", "[INF] made", T0),
            new SystemEvent.IntegrationRemoved("other"),
            new SystemEvent.StreamDeleted(5),
            station(13, "gone", SystemEvent.RetentionType.ACK_BASED, 0, StreamConfig.Storage.MEMORY,
                1, 120_000, List.of(14L), true, false, "", false, true, "root", T0, 2, List.of(),
                Map.of()),
            new SystemEvent.StationDeleted(13),
            new UserEvent.RootPasswordGiven("pbkdf2-sha256$1$x$y"),
            new UserEvent.ApiKeyMade(30, "root", "build", "5eb1", T0, T0 + 1),
            new UserEvent.ApiKeyMade(31, "root", "gone", "5eb2", T0, 0),
            new UserEvent.ApiKeyRevoked(31),
            new ClusterEvent.ReplicationGroupsFormed(new GroupMap("m-0", List.of(new GroupPlace(25, List.of("m-0", "m-1", "m-2"))))),
            new SystemEvent.ActionTaken("station", "my.station-1", "messages_purged", Map.of("filter", "a.>")));
    }

    /** All kinds of events. */
    public static Set<Class<?>> kinds() {
        Set<Class<?>> kinds = new HashSet<>(List.of(SystemEvent.class.getPermittedSubclasses()));
        kinds.remove(SystemEvent.Kind.class);
        for (Class<?> part : List.of(ClusterEvent.class, SchemaEvent.class, UserEvent.class)) {
            kinds.addAll(List.of(part.getPermittedSubclasses()));
        }
        return kinds;
    }

    /** A group as this release makes it. */
    public static SystemEvent.GroupDefined group(long station, String name, long maxAckTimeMillis, int maxDeliveries,
                                                 long startFromSequence, long lastMessages, List<Long> consumers,
                                                 List<Long> starts, long createdNanos) {
        return new SystemEvent.GroupDefined(station, name, maxAckTimeMillis, maxDeliveries, startFromSequence, lastMessages,
            consumers, starts, createdNanos, StationLayout.consumers(name, maxAckTimeMillis, maxDeliveries,
                startFromSequence, lastMessages));
    }

    /** A station as this release makes it. */
    public static SystemEvent.StationCreated station(long id, String name, SystemEvent.RetentionType retention, long value,
                                                     StreamConfig.Storage storage, int replicas, long windowMillis,
                                                     List<Long> partitions, boolean dlsPoison, boolean dlsSchemaverse,
                                                     String dlsStation, boolean tiered, boolean nativeStation, String user,
                                                     long createdNanos, int version, List<String> tags,
                                                     Map<String, String> colors) {
        return new SystemEvent.StationCreated(id, name, retention, value, storage, replicas, windowMillis, partitions,
            dlsPoison, dlsSchemaverse, dlsStation, tiered, nativeStation, user, createdNanos, version, tags, colors,
            StationLayout.partitions(name, retention, value, storage, replicas, windowMillis, StreamConfig.Durability.ALWAYS),
            Placement.alone(partitions.size()));
    }

    static SystemEvent.StationCreated station() {
        return new SystemEvent.StationCreated(3, "my.station-1", SystemEvent.RetentionType.MESSAGE_AGE_SEC, 3600,
            StreamConfig.Storage.FILE, 1, 120_000, List.of(4L, 5L), true, true, "gone", false, true, "root", T0, 2,
            List.of("default", "billing"), Map.of("default", "0, 165, 255"), StationLayout.partitions("my.station-1",
                SystemEvent.RetentionType.MESSAGE_AGE_SEC, 3600, StreamConfig.Storage.FILE, 1, 120_000, StreamConfig.Durability.ALWAYS), List.of(8L, 7L));
    }

    static StreamConfig stream(String name, String... subjects) {
        return new StreamConfig(name, "text", List.of(subjects), StreamConfig.Retention.LIMITS, -1, 100, -1, 5, 60, 1024,
            StreamConfig.Discard.NEW, true, StreamConfig.Storage.FILE, 1, false, 30, 7, "s2", true, true, false, true,
            true, false, new StreamConfig.Republish("a.>", "b.>", true), 5, 6, Map.of("k", "v"),
            StreamConfig.Durability.INTERVAL, 0, new StreamConfig.Placement("c1", List.of("ssd")));
    }

    static ConsumerConfig consumer(String name, String... filters) {
        return new ConsumerConfig(name, true, "text", ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, 17, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30, 4, List.of(1L, 2L), List.of(filters), filters.length == 1, true, 8, 9,
            512, 1000, 10, true, true, 11, 12, 13, "deliver", "group", 14, 1, false, Map.of("k", "v"));
    }
}

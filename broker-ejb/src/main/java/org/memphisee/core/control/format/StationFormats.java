package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.memphisee.core.cluster.Placement;
import org.memphisee.core.control.SystemEvent;

/** Events of stations. */
final class StationFormats {

    static final List<EventFormat<?>> ALL = List.of(
        // version 2 has colours of tags, 3 how the partitions were made, 4 their placement
        new EventFormat<>("station_created", 4, SystemEvent.StationCreated.class, StationFormats::created,
            StationFormats::created),
        // version 2 has the second tier
        new EventFormat<>("station_updated", 2, SystemEvent.StationUpdated.class, StationFormats::updated,
            StationFormats::updated),
        new EventFormat<>("station_grown", 1, SystemEvent.StationGrown.class, StationFormats::grown, StationFormats::grown),
        new EventFormat<>("dead_letter_retry_set", 1, SystemEvent.DeadLetterRetrySet.class, StationFormats::retry,
            StationFormats::retry),
        new EventFormat<>("station_deleted", 1, SystemEvent.StationDeleted.class, StationFormats::deleted,
            StationFormats::deleted));

    private static final Choice<SystemEvent.RetentionType> RETENTION_TYPE = Choice.of(SystemEvent.RetentionType.class,
        Map.of(SystemEvent.RetentionType.MESSAGE_AGE_SEC, "MESSAGE_AGE_SEC", SystemEvent.RetentionType.MESSAGES, "MESSAGES",
            SystemEvent.RetentionType.BYTES, "BYTES", SystemEvent.RetentionType.ACK_BASED, "ACK_BASED"));

    private StationFormats() { }

    private static void created(SystemEvent.StationCreated event, MemberWriter out) {
        out.number("id", event.id())
            .text("name", event.name())
            .choice("retentionType", RETENTION_TYPE, event.retentionType())
            .number("retentionValue", event.retentionValue())
            .choice("storage", StreamConfigFormat.STORAGE, event.storage())
            .number("replicas", event.replicas())
            .number("idempotencyWindowMillis", event.idempotencyWindowMillis())
            .numbers("partitionIds", event.partitionIds())
            .flag("dlsPoison", event.dlsPoison())
            .flag("dlsSchemaverse", event.dlsSchemaverse())
            .text("dlsStation", event.dlsStation())
            .flag("tieredStorage", event.tieredStorage())
            .flag("nativeStation", event.nativeStation())
            .text("createdBy", event.createdBy())
            .number("createdNanos", event.createdNanos())
            .number("version", event.version())
            .texts("tags", event.tags())
            .textsByName("tagColors", event.tagColors());
        StreamConfigFormat.write(event.config(), out.object("config"));
        out.numbers("placement", event.placement());
    }

    private static SystemEvent.StationCreated created(MemberReader in, int version) throws FormatException {
        List<Long> partitions = in.numbers("partitionIds");
        return new SystemEvent.StationCreated(
            in.number("id"),
            in.text("name"),
            in.choice("retentionType", RETENTION_TYPE),
            in.number("retentionValue"),
            in.choice("storage", StreamConfigFormat.STORAGE),
            in.smallNumber("replicas"),
            in.number("idempotencyWindowMillis"),
            partitions,
            in.flag("dlsPoison"),
            in.flag("dlsSchemaverse"),
            in.text("dlsStation"),
            in.flag("tieredStorage"),
            in.flag("nativeStation"),
            in.text("createdBy"),
            in.number("createdNanos"),
            in.smallNumber("version"),
            in.texts("tags"),
            version < 2 ? Map.of() : in.textsByName("tagColors"),
            StreamConfigFormat.read(version < 3 ? MemberReader.of(OldLayouts.partitions(in.json())) : in.object("config")),
            version < 4 ? Placement.alone(partitions.size()) : in.numbers("placement"));
    }

    private static void updated(SystemEvent.StationUpdated event, MemberWriter out) {
        out.number("id", event.id())
            .choice("retentionType", RETENTION_TYPE, event.retentionType())
            .number("retentionValue", event.retentionValue())
            .number("idempotencyWindowMillis", event.idempotencyWindowMillis())
            .flag("dlsPoison", event.dlsPoison())
            .flag("dlsSchemaverse", event.dlsSchemaverse())
            .text("dlsStation", event.dlsStation())
            .texts("tieredStorage", event.tieredStorage().map(tiered -> List.of(tiered.toString())).orElse(List.of()));
        StreamConfigFormat.write(event.config(), out.object("config"));
    }

    private static SystemEvent.StationUpdated updated(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StationUpdated(
            in.number("id"),
            in.choice("retentionType", RETENTION_TYPE),
            in.number("retentionValue"),
            in.number("idempotencyWindowMillis"),
            in.flag("dlsPoison"),
            in.flag("dlsSchemaverse"),
            in.text("dlsStation"),
            version < 2 ? Optional.empty() : in.texts("tieredStorage").stream().findFirst().map(Boolean::valueOf),
            StreamConfigFormat.read(in.object("config")));
    }

    private static void grown(SystemEvent.StationGrown event, MemberWriter out) {
        out.number("stationId", event.stationId()).number("firstNumber", event.firstNumber())
            .numbers("partitionIds", event.partitionIds()).numbers("placement", event.placement());
        StreamConfigFormat.write(event.config(), out.object("config"));
        out.texts("groups", event.groups()).numbers("consumerIds", event.consumerIds());
    }

    private static SystemEvent.StationGrown grown(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StationGrown(in.number("stationId"), in.smallNumber("firstNumber"), in.numbers("partitionIds"),
            in.numbers("placement"), StreamConfigFormat.read(in.object("config")), in.texts("groups"), in.numbers("consumerIds"));
    }

    private static void retry(SystemEvent.DeadLetterRetrySet event, MemberWriter out) {
        out.number("stationId", event.stationId())
            .numbers("delaysMillis", event.delaysMillis())
            .number("maximum", event.maximum());
    }

    private static SystemEvent.DeadLetterRetrySet retry(MemberReader in, int version) throws FormatException {
        return new SystemEvent.DeadLetterRetrySet(in.number("stationId"), in.numbers("delaysMillis"), in.smallNumber("maximum"));
    }

    private static void deleted(SystemEvent.StationDeleted event, MemberWriter out) {
        out.number("id", event.id());
    }

    private static SystemEvent.StationDeleted deleted(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StationDeleted(in.number("id"));
    }
}

package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of consumer groups. */
final class GroupFormats {

    static final List<EventFormat<?>> ALL = List.of(
        // version 2 has how the consumers were made
        new EventFormat<>("group_defined", 2, SystemEvent.GroupDefined.class, GroupFormats::defined, GroupFormats::defined),
        new EventFormat<>("group_updated", 1, SystemEvent.GroupUpdated.class, GroupFormats::updated, GroupFormats::updated),
        new EventFormat<>("group_removed", 1, SystemEvent.GroupRemoved.class, GroupFormats::removed, GroupFormats::removed));

    private GroupFormats() { }

    private static void defined(SystemEvent.GroupDefined event, MemberWriter out) {
        out.number("stationId", event.stationId())
            .text("name", event.name())
            .number("maxAckTimeMillis", event.maxAckTimeMillis())
            .number("maxDeliveries", event.maxDeliveries())
            .number("startFromSequence", event.startFromSequence())
            .number("lastMessages", event.lastMessages())
            .numbers("consumerIds", event.consumerIds())
            .numbers("startSequences", event.startSequences())
            .number("createdNanos", event.createdNanos());
        ConsumerConfigFormat.write(event.config(), out.object("config"));
    }

    private static SystemEvent.GroupDefined defined(MemberReader in, int version) throws FormatException {
        return new SystemEvent.GroupDefined(
            in.number("stationId"),
            in.text("name"),
            in.number("maxAckTimeMillis"),
            in.smallNumber("maxDeliveries"),
            in.number("startFromSequence"),
            in.number("lastMessages"),
            in.numbers("consumerIds"),
            in.numbers("startSequences"),
            in.number("createdNanos"),
            ConsumerConfigFormat.read(version < 2 ? MemberReader.of(OldLayouts.consumers(in.json())) : in.object("config")));
    }

    private static void updated(SystemEvent.GroupUpdated event, MemberWriter out) {
        out.number("stationId", event.stationId())
            .text("name", event.name())
            .number("maxAckTimeMillis", event.maxAckTimeMillis())
            .number("maxDeliveries", event.maxDeliveries());
    }

    private static SystemEvent.GroupUpdated updated(MemberReader in, int version) throws FormatException {
        return new SystemEvent.GroupUpdated(in.number("stationId"), in.text("name"), in.number("maxAckTimeMillis"),
            in.smallNumber("maxDeliveries"));
    }

    private static void removed(SystemEvent.GroupRemoved event, MemberWriter out) {
        out.number("stationId", event.stationId()).text("name", event.name());
    }

    private static SystemEvent.GroupRemoved removed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.GroupRemoved(in.number("stationId"), in.text("name"));
    }
}

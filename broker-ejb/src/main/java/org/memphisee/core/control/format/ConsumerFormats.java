package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of single consumers. */
final class ConsumerFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("consumer_defined", 1, SystemEvent.ConsumerDefined.class, ConsumerFormats::defined,
            ConsumerFormats::defined),
        new EventFormat<>("consumer_updated", 1, SystemEvent.ConsumerUpdated.class, ConsumerFormats::updated,
            ConsumerFormats::updated),
        new EventFormat<>("consumer_removed", 1, SystemEvent.ConsumerRemoved.class, ConsumerFormats::removed,
            ConsumerFormats::removed));

    private ConsumerFormats() { }

    static void defined(SystemEvent.ConsumerDefined event, MemberWriter out) {
        out.number("partitionId", event.partitionId()).number("consumerId", event.consumerId());
        ConsumerConfigFormat.write(event.config(), out.object("config"));
        out.number("createdNanos", event.createdNanos()).number("startSequence", event.startSequence());
    }

    static SystemEvent.ConsumerDefined defined(MemberReader in, int version) throws FormatException {
        return new SystemEvent.ConsumerDefined(
            in.number("partitionId"),
            in.number("consumerId"),
            ConsumerConfigFormat.read(in.object("config")),
            in.number("createdNanos"),
            in.number("startSequence"));
    }

    private static void updated(SystemEvent.ConsumerUpdated event, MemberWriter out) {
        out.number("partitionId", event.partitionId()).number("consumerId", event.consumerId());
        ConsumerConfigFormat.write(event.config(), out.object("config"));
    }

    private static SystemEvent.ConsumerUpdated updated(MemberReader in, int version) throws FormatException {
        return new SystemEvent.ConsumerUpdated(in.number("partitionId"), in.number("consumerId"),
            ConsumerConfigFormat.read(in.object("config")));
    }

    private static void removed(SystemEvent.ConsumerRemoved event, MemberWriter out) {
        out.number("partitionId", event.partitionId()).number("consumerId", event.consumerId());
    }

    private static SystemEvent.ConsumerRemoved removed(MemberReader in, int version) throws FormatException {
        return new SystemEvent.ConsumerRemoved(in.number("partitionId"), in.number("consumerId"));
    }
}

package org.memphisee.core.control.format;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.cluster.Placement;
import org.memphisee.core.control.SystemEvent;

/** Events of single streams. */
final class StreamFormats {

    static final List<EventFormat<?>> ALL = List.of(
        // version 2 has the placement
        new EventFormat<>("stream_created", 2, SystemEvent.StreamCreated.class, StreamFormats::created, StreamFormats::created),
        new EventFormat<>("stream_updated", 1, SystemEvent.StreamUpdated.class, StreamFormats::updated, StreamFormats::updated),
        new EventFormat<>("stream_deleted", 1, SystemEvent.StreamDeleted.class, StreamFormats::deleted, StreamFormats::deleted),
        // its members are those of stream_created 2 and consumer_defined 1
        new EventFormat<>("stream_restored", 1, SystemEvent.StreamRestored.class, StreamFormats::restored,
            StreamFormats::restored));

    private StreamFormats() { }

    private static void created(SystemEvent.StreamCreated event, MemberWriter out) {
        out.number("partitionId", event.partitionId());
        StreamConfigFormat.write(event.config(), out.object("config"));
        out.number("createdNanos", event.createdNanos())
            .text("createdBy", event.createdBy())
            .numbers("placement", List.of(event.placement()));
    }

    private static SystemEvent.StreamCreated created(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StreamCreated(
            in.number("partitionId"),
            StreamConfigFormat.read(in.object("config")),
            in.number("createdNanos"),
            in.text("createdBy"),
            version < 2 ? Placement.ALONE : in.onlyNumber("placement"));
    }

    private static void updated(SystemEvent.StreamUpdated event, MemberWriter out) {
        out.number("partitionId", event.partitionId());
        StreamConfigFormat.write(event.config(), out.object("config"));
    }

    private static SystemEvent.StreamUpdated updated(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StreamUpdated(in.number("partitionId"), StreamConfigFormat.read(in.object("config")));
    }

    private static void deleted(SystemEvent.StreamDeleted event, MemberWriter out) {
        out.number("partitionId", event.partitionId());
    }

    private static SystemEvent.StreamDeleted deleted(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StreamDeleted(in.number("partitionId"));
    }

    private static void restored(SystemEvent.StreamRestored event, MemberWriter out) {
        created(event.stream(), out.object("stream"));
        out.objects("consumers", event.consumers(), ConsumerFormats::defined);
    }

    private static SystemEvent.StreamRestored restored(MemberReader in, int version) throws FormatException {
        List<SystemEvent.ConsumerDefined> consumers = new ArrayList<>();
        for (MemberReader consumer : in.objects("consumers")) {
            consumers.add(ConsumerFormats.defined(consumer, 1));
        }
        return new SystemEvent.StreamRestored(created(in.object("stream"), 2), consumers);
    }
}

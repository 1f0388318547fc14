package org.memphisee.core.control.format;

import java.util.List;

import org.memphisee.core.control.SystemEvent;

/** Events of tags. */
final class TagFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("tag_defined", 1, SystemEvent.TagDefined.class, TagFormats::defined, TagFormats::defined),
        new EventFormat<>("station_tagged", 1, SystemEvent.StationTagged.class, TagFormats::station, TagFormats::station));

    private TagFormats() { }

    private static void defined(SystemEvent.TagDefined event, MemberWriter out) {
        out.number("id", event.id()).text("name", event.name()).text("color", event.color())
            .text("createdBy", event.createdBy()).number("createdNanos", event.createdNanos());
    }

    private static SystemEvent.TagDefined defined(MemberReader in, int version) throws FormatException {
        return new SystemEvent.TagDefined(in.number("id"), in.text("name"), in.text("color"), in.text("createdBy"),
            in.number("createdNanos"));
    }

    private static void station(SystemEvent.StationTagged event, MemberWriter out) {
        out.number("stationId", event.stationId()).texts("tags", event.tags())
            .textsByName("tagColors", event.tagColors());
    }

    private static SystemEvent.StationTagged station(MemberReader in, int version) throws FormatException {
        return new SystemEvent.StationTagged(in.number("stationId"), in.texts("tags"), in.textsByName("tagColors"));
    }
}

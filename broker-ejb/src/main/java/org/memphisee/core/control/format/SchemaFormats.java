package org.memphisee.core.control.format;

import java.util.List;
import java.util.Map;

import org.memphisee.core.control.SchemaEvent;
import org.memphisee.core.schema.Compatibility;
import org.memphisee.core.schema.Enforcement;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

/** Events of schemas. */
final class SchemaFormats {

    static final List<EventFormat<?>> ALL = List.of(
        new EventFormat<>("schema_created", 1, SchemaEvent.SchemaCreated.class, SchemaFormats::created, SchemaFormats::created),
        new EventFormat<>("schema_version_added", 1, SchemaEvent.SchemaVersionAdded.class, SchemaFormats::added,
            SchemaFormats::added),
        new EventFormat<>("schema_version_activated", 1, SchemaEvent.SchemaVersionActivated.class, SchemaFormats::activated,
            SchemaFormats::activated),
        new EventFormat<>("schema_changed", 1, SchemaEvent.SchemaChanged.class, SchemaFormats::changed, SchemaFormats::changed),
        new EventFormat<>("schema_removed", 1, SchemaEvent.SchemaRemoved.class, SchemaFormats::removed, SchemaFormats::removed),
        new EventFormat<>("schema_attached", 1, SchemaEvent.SchemaAttached.class, SchemaFormats::attached,
            SchemaFormats::attached),
        new EventFormat<>("schema_detached", 1, SchemaEvent.SchemaDetached.class, SchemaFormats::detached,
            SchemaFormats::detached));

    private static final Choice<SchemaType> TYPE = Choice.of(SchemaType.class, Map.of(SchemaType.JSON, "JSON",
        SchemaType.AVRO, "AVRO", SchemaType.PROTOBUF, "PROTOBUF", SchemaType.GRAPHQL, "GRAPHQL"));
    private static final Choice<Compatibility> COMPATIBILITY = Choice.of(Compatibility.class, Map.of(
        Compatibility.NONE, "NONE", Compatibility.BACKWARD, "BACKWARD", Compatibility.FORWARD, "FORWARD",
        Compatibility.FULL, "FULL"));
    private static final Choice<Enforcement> ENFORCEMENT = Choice.of(Enforcement.class, Map.of(Enforcement.OFF, "OFF",
        Enforcement.WARN, "WARN", Enforcement.REFUSE, "REFUSE"));

    private SchemaFormats() { }

    private static void created(SchemaEvent.SchemaCreated event, MemberWriter out) {
        out.number("id", event.id())
            .text("name", event.name())
            .choice("type", TYPE, event.type());
        write(event.text(), out.object("text"));
        out.choice("compatibility", COMPATIBILITY, event.compatibility())
            .texts("tags", event.tags())
            .textsByName("tagColors", event.tagColors())
            .text("createdBy", event.createdBy())
            .number("createdNanos", event.createdNanos());
    }

    private static SchemaEvent.SchemaCreated created(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaCreated(
            in.number("id"),
            in.text("name"),
            in.choice("type", TYPE),
            text(in.object("text")),
            in.choice("compatibility", COMPATIBILITY),
            in.texts("tags"),
            in.textsByName("tagColors"),
            in.text("createdBy"),
            in.number("createdNanos"));
    }

    private static void added(SchemaEvent.SchemaVersionAdded event, MemberWriter out) {
        out.number("schemaId", event.schemaId()).number("version", event.version());
        write(event.text(), out.object("text"));
        out.text("createdBy", event.createdBy()).number("createdNanos", event.createdNanos());
    }

    private static SchemaEvent.SchemaVersionAdded added(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaVersionAdded(
            in.number("schemaId"),
            in.smallNumber("version"),
            text(in.object("text")),
            in.text("createdBy"),
            in.number("createdNanos"));
    }

    private static void activated(SchemaEvent.SchemaVersionActivated event, MemberWriter out) {
        out.number("schemaId", event.schemaId()).number("version", event.version());
    }

    private static SchemaEvent.SchemaVersionActivated activated(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaVersionActivated(in.number("schemaId"), in.smallNumber("version"));
    }

    private static void changed(SchemaEvent.SchemaChanged event, MemberWriter out) {
        out.number("schemaId", event.schemaId())
            .choice("compatibility", COMPATIBILITY, event.compatibility())
            .texts("tags", event.tags())
            .textsByName("tagColors", event.tagColors());
    }

    private static SchemaEvent.SchemaChanged changed(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaChanged(
            in.number("schemaId"),
            in.choice("compatibility", COMPATIBILITY),
            in.texts("tags"),
            in.textsByName("tagColors"));
    }

    private static void removed(SchemaEvent.SchemaRemoved event, MemberWriter out) {
        out.number("id", event.id());
    }

    private static SchemaEvent.SchemaRemoved removed(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaRemoved(in.number("id"));
    }

    private static void attached(SchemaEvent.SchemaAttached event, MemberWriter out) {
        out.number("stationId", event.stationId())
            .number("schemaId", event.schemaId())
            .number("version", event.version())
            .choice("enforcement", ENFORCEMENT, event.enforcement());
    }

    private static SchemaEvent.SchemaAttached attached(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaAttached(
            in.number("stationId"),
            in.number("schemaId"),
            in.smallNumber("version"),
            in.choice("enforcement", ENFORCEMENT));
    }

    private static void detached(SchemaEvent.SchemaDetached event, MemberWriter out) {
        out.number("stationId", event.stationId());
    }

    private static SchemaEvent.SchemaDetached detached(MemberReader in, int version) throws FormatException {
        return new SchemaEvent.SchemaDetached(in.number("stationId"));
    }

    private static void write(SchemaText text, MemberWriter out) {
        out.text("content", text.content()).text("messageName", text.messageName()).text("descriptor", text.descriptor());
    }

    private static SchemaText text(MemberReader in) throws FormatException {
        return new SchemaText(in.text("content"), in.text("messageName"), in.text("descriptor"));
    }
}

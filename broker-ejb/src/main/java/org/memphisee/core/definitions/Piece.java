package org.memphisee.core.definitions;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.definitions.DefinitionsChange.Kind;
import org.memphisee.core.stations.Tag;

/**
 * A thing that is compared and brought in by itself.
 *
 * @param kind what it is
 * @param name its name
 * @param facts what it is like, as the document has it
 * @param item itself: an item of the document, or a value of it
 */
record Piece(Kind kind, String name, ObjectNode facts, Object item) {

    /** What tells pieces apart. */
    record Key(Kind kind, String name) { }

    /** All pieces of a document in the order in which they are brought in. */
    static Map<Key, Piece> of(DefinitionsDocument document) {
        Map<Key, Piece> pieces = new LinkedHashMap<>();
        document.settings().forEach((key, value) -> put(pieces, Kind.SETTING, key,
            JsonNodeFactory.instance.objectNode().put("value", value), value));
        document.users().forEach(user -> put(pieces, Kind.USER, user.name(), DocumentWriter.user(user), user));
        document.tags().forEach(tag -> put(pieces, Kind.TAG, tag.name(), DocumentWriter.tag(tag), tag));
        document.schemas().forEach(schema -> put(pieces, Kind.SCHEMA, schema.name(), DocumentWriter.schema(schema), schema));
        document.stations().forEach(station ->
            put(pieces, Kind.STATION, station.name(), facts(station), station));
        document.stations().forEach(station -> station.schema().ifPresent(pin ->
            put(pieces, Kind.ATTACHMENT, station.name(), DocumentWriter.pin(pin), pin)));
        document.stations().forEach(station -> station.retry().ifPresent(retry ->
            put(pieces, Kind.RETRY, station.name(), DocumentWriter.retry(retry), retry)));
        document.stations().forEach(station -> station.groups().forEach(group ->
            put(pieces, Kind.GROUP, station.name() + "/" + group.name(), DocumentWriter.group(group), group)));
        document.integrations().forEach(integration ->
            put(pieces, Kind.INTEGRATION, integration.name(), DocumentWriter.integration(integration), integration));
        return pieces;
    }

    /** Tags by their names: which colour one has is decided once for all stations. */
    private static ObjectNode facts(StationItem station) {
        ObjectNode facts = DocumentWriter.station(station.request());
        ArrayNode names = facts.putArray("tags");
        station.request().tags().stream().map(Tag::name).sorted().forEach(names::add);
        return facts;
    }

    private static void put(Map<Key, Piece> pieces, Kind kind, String name, ObjectNode facts, Object item) {
        pieces.put(new Key(kind, name), new Piece(kind, name, facts, item));
    }
}

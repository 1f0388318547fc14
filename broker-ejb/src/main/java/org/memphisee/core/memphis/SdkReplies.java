package org.memphisee.core.memphis;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.stations.StationSchemas.Pinned;
import org.memphisee.core.stations.Target;

/** JSON answers of the creations (wire-protocol.md 3.4 and 3.6); SDKs read every member. */
final class SdkReplies {

    private static final int STATION_VERSION = 2;
    private static final String SCHEMA = "schema_update";
    private static final SchemaText NO_TEXT = new SchemaText("", "", "");

    private SdkReplies() { }

    /** A producer may produce; {@code alerts} says whether it is to tell of messages that its schema refuses. */
    static ObjectNode producer(Target target, Optional<Pinned> pinned, boolean alerts) {
        ObjectNode n = common(target.partitions(), pinned);
        n.put("schemaverse_to_dls", target.schemaverseToDls()).put("send_notification", alerts)
            .put("station_version", STATION_VERSION);
        n.putObject("station_partitions_first_functions");
        return n.put("error", "");
    }

    /** A producer may not. */
    static String producerError(String error) {
        ObjectNode n = JsonNodeFactory.instance.objectNode();
        schema(n, SCHEMA, Optional.empty());
        n.putObject("partitions_update").putNull("partitions_list");
        n.put("schemaverse_to_dls", false).put("send_notification", false).put("station_version", 0)
            .putNull("station_partitions_first_functions");
        return n.put("error", error).toString();
    }

    /** A consumer may consume; the Java SDK takes any {@code error} member for a failure. */
    static ObjectNode consumer(Target target, Optional<Pinned> pinned, String lang) {
        ObjectNode n = common(target.partitions(), pinned);
        return lang.equals("java") ? n : n.put("error", "");
    }

    private static ObjectNode common(List<Integer> partitions, Optional<Pinned> pinned) {
        ObjectNode n = JsonNodeFactory.instance.objectNode();
        schema(n, SCHEMA, pinned);
        ArrayNode list = n.putObject("partitions_update").putArray("partitions_list");
        partitions.forEach(list::add);
        return n;
    }

    /** The version that a station pins, also when another one is active; zeros when it has none. */
    static void schema(ObjectNode n, String member, Optional<Pinned> pinned) {
        SchemaText text = pinned.map(p -> p.version().text()).orElse(NO_TEXT);
        ObjectNode schema = n.putObject(member).put("schema_name", pinned.map(p -> p.schema().name()).orElse(""));
        schema.putObject("active_version").put("version_number", pinned.map(p -> p.version().number()).orElse(0))
            .put("descriptor", text.descriptor()).put("schema_content", text.content())
            .put("message_struct_name", text.messageName());
        schema.put("type", pinned.map(p -> p.schema().type().word()).orElse(""));
    }
}

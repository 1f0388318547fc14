package org.memphisee.core.memphis;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stations.Target;

/** JSON answers of the creations (wire-protocol.md 3.4 and 3.6); SDKs read every member. */
final class SdkReplies {

    private static final int STATION_VERSION = 2;

    private SdkReplies() { }

    /** A producer may produce. */
    static ObjectNode producer(Target target) {
        ObjectNode n = common(target.partitions());
        n.put("schemaverse_to_dls", target.schemaverseToDls()).put("send_notification", false)
            .put("station_version", STATION_VERSION);
        n.putObject("station_partitions_first_functions");
        return n.put("error", "");
    }

    /** A producer may not. */
    static String producerError(String error) {
        ObjectNode n = JsonNodeFactory.instance.objectNode();
        schema(n);
        n.putObject("partitions_update").putNull("partitions_list");
        n.put("schemaverse_to_dls", false).put("send_notification", false).put("station_version", 0)
            .putNull("station_partitions_first_functions");
        return n.put("error", error).toString();
    }

    /** A consumer may consume; the Java SDK takes any {@code error} member for a failure. */
    static ObjectNode consumer(Target target, String lang) {
        ObjectNode n = common(target.partitions());
        return lang.equals("java") ? n : n.put("error", "");
    }

    private static ObjectNode common(List<Integer> partitions) {
        ObjectNode n = JsonNodeFactory.instance.objectNode();
        schema(n);
        ArrayNode list = n.putObject("partitions_update").putArray("partitions_list");
        partitions.forEach(list::add);
        return n;
    }

    private static void schema(ObjectNode n) {
        ObjectNode schema = n.putObject("schema_update").put("schema_name", "");
        schema.putObject("active_version").put("version_number", 0).put("descriptor", "").put("schema_content", "")
            .put("message_struct_name", "");
        schema.put("type", "");
    }
}

package org.memphisee.core.control;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.stream.StreamConfig;

/**
 * Configurations inside stored events. What the first format has must be there; what a configuration has got since has a
 * default of its own here, which says what a stream or consumer did before it could be chosen. A log that was written
 * before stays readable, and folds to what it folded to.
 */
final class StoredConfigs {

    /** Members of a stream's configuration that the first format lacks, with what they were then. */
    static final Map<String, JsonNode> STREAM_DEFAULTS =
        Map.of("placement", new ObjectMapper().valueToTree(StreamConfig.Placement.NONE));
    /** The same of a consumer's configuration. */
    static final Map<String, JsonNode> CONSUMER_DEFAULTS = Map.of();

    static final String CONFIG = "config";

    private static final Set<String> OF_STREAMS = Set.of("stream_created", "stream_updated", "station_created");

    private StoredConfigs() { }

    /** Gives the configuration of an event, if it has one, the members that are missing. */
    static void complete(String type, ObjectNode event) {
        if (event.get(CONFIG) instanceof ObjectNode config) {
            complete(config, OF_STREAMS.contains(type) ? STREAM_DEFAULTS : CONSUMER_DEFAULTS);
        }
    }

    static void complete(ObjectNode config, Map<String, JsonNode> defaults) {
        defaults.forEach((member, value) -> {
            if (!config.has(member)) {
                config.set(member, value.deepCopy());
            }
        });
    }
}

package org.memphisee.gateway.metrics;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** Turns an answer of the monitor into series, as the exporter of the reference does (monitoring.md 2.2). */
final class Flat {

    private static final Set<String> TEXTS = Set.of("server_id", "server_name", "version", "domain", "leader", "name");
    private static final Set<String> LEFT_OUT = Set.of("leaf", "cluster_tls_timeout", "cluster_cluster_port",
        "cluster_auth_timeout", "gateway_port", "gateway_auth_timeout", "gateway_tls_timeout", "gateway_connect_retries");

    private Flat() { }

    /**
     * Collects what an object holds.
     *
     * @param prefix what all names begin with
     * @param json the object
     * @param numbers gets its numbers by name, nested names joined
     * @param texts gets the few texts that are shown
     */
    static void collect(String prefix, JsonNode json, Map<String, Double> numbers, Map<String, String> texts) {
        collect(prefix, "", json, numbers, texts);
    }

    private static void collect(String prefix, String path, JsonNode json, Map<String, Double> numbers,
                                Map<String, String> texts) {
        json.properties().forEach(field -> {
            String name = path.isEmpty() ? field.getKey() : path + '_' + field.getKey();
            JsonNode value = field.getValue();
            if (LEFT_OUT.contains(name)) {
                return;
            }
            if (value.isObject()) {
                collect(prefix, name, value, numbers, texts);
            } else if (value.isNumber()) {
                numbers.put(series(prefix + '_' + name), value.doubleValue());
            } else if (value.isTextual() && TEXTS.contains(field.getKey())) {
                texts.put(series(prefix + '_' + name), value.textValue());
            }
        });
    }

    private static String series(String name) {
        return name.replace('/', '_').replaceAll("_+", "_").replaceAll("_$", "");
    }
}

package org.memphisee.cli.migrate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a stream or consumer of another server is called and does here. What this broker does not know is left out, and said;
 * nothing is left out in silence but what says nothing.
 */
final class Translation {

    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final String OF_ITS_SERVER = "_nats.";
    private static final Set<String> STREAM = Set.of("name", "description", "subjects", "retention", "max_consumers", "max_msgs",
        "max_bytes", "max_age", "max_msgs_per_subject", "max_msg_size", "discard", "discard_new_per_subject", "no_ack",
        "duplicate_window", "first_seq", "compression", "republish", "allow_direct", "sealed", "deny_delete", "deny_purge",
        "allow_rollup_hdrs", "consumer_limits");
    private static final Set<String> CONSUMER = Set.of("durable_name", "name", "description", "deliver_policy", "opt_start_seq",
        "opt_start_time", "ack_policy", "ack_wait", "max_deliver", "backoff", "filter_subject", "filter_subjects",
            "replay_policy",
        "rate_limit_bps", "sample_freq", "max_waiting", "max_ack_pending", "idle_heartbeat", "flow_control", "headers_only",
        "max_batch", "max_expires", "max_bytes", "deliver_subject", "deliver_group", "inactive_threshold", "mem_storage");

    /**
     * A stream as it will be here.
     *
     * @param config its configuration
     * @param changes what is different, for people
     */
    record Stream(ObjectNode config, List<String> changes) { }

    /**
     * A consumer as it will be here.
     *
     * @param name its name
     * @param entry configuration and position, as an archive has them
     * @param floor everything up to this sequence was acknowledged
     * @param changes what is different, for people
     */
    record Consumer(String name, byte[] entry, long floor, List<String> changes) { }

    private Translation() { }

    /** Of what the source says of a stream. */
    static Stream stream(JsonNode info) {
        ObjectNode to = JsonNodeFactory.instance.objectNode();
        List<String> changes = new ArrayList<>();
        info.path("config").properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (STREAM.contains(name)) {
                to.set(name, value);
            } else if (name.equals("metadata")) {
                to.set(name, metadata(value));
            } else if (name.equals("storage")) {
                to.put(name, "file");
                if (value.asText().equals("memory")) {
                    changes.add("it is kept on disk instead of in memory");
                }
            } else if (name.equals("num_replicas")) {
                if (value.asInt() > 1) {
                    changes.add("it has one replica instead of " + value.asInt());
                }
            } else if (says(value) && !value.asText().equals("default")) {
                changes.add(lost(name));
            }
        });
        return new Stream(to, List.copyOf(changes));
    }

    private static String lost(String name) {
        return switch (name) {
            case "mirror" -> "it is a stream of its own: the mirror is not followed";
            case "sources" -> "it is filled by publishing alone: its sources are not followed";
            case "allow_msg_ttl" -> "times to live of single messages are not obeyed";
            default -> name + " is left out";
        };
    }

    private static ObjectNode metadata(JsonNode of) {
        ObjectNode to = JsonNodeFactory.instance.objectNode();
        of.properties().forEach(member -> {
            if (!member.getKey().startsWith(OF_ITS_SERVER)) {
                to.set(member.getKey(), member.getValue());
            }
        });
        return to;
    }

    /** Of what the source says of a consumer; empty if it goes with its client anyway. */
    static Optional<Consumer> consumer(JsonNode info) {
        JsonNode config = info.path("config");
        String name = info.path("name").asText();
        if (config.path("durable_name").asText("").isEmpty() || config.path("direct").asBoolean()) {
            return Optional.empty();
        }
        ObjectNode to = JsonNodeFactory.instance.objectNode();
        List<String> changes = new ArrayList<>();
        config.properties().forEach(member -> {
            if (CONSUMER.contains(member.getKey())) {
                to.set(member.getKey(), member.getValue());
            } else if (member.getKey().equals("metadata")) {
                to.set("metadata", metadata(member.getValue()));
            } else if (!member.getKey().equals("num_replicas") && says(member.getValue())
                && !member.getValue().asText().equals("none")) {
                changes.add("consumer " + name + ": " + member.getKey() + " is left out");
            }
        });
        to.put("name", name).put("durable_name", name);
        JsonNode floor = floor(info, to);
        if (floor.path("stream_seq").asLong() == 0 && info.path("delivered").path("stream_seq").asLong() > 0
            && !to.path("deliver_policy").asText("all").equals("all")) {
            changes.add("consumer " + name + ": its server does not tell where it began, messages from before may come");
        }
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.set("config", to);
        ObjectNode state = entry.putObject("state");
        for (String part : List.of("delivered", "ack_floor")) {
            state.putObject(part).put("consumer_seq", floor.path("consumer_seq").asLong())
                .put("stream_seq", floor.path("stream_seq").asLong());
        }
        return Optional.of(new Consumer(name, entry.toString().getBytes(StandardCharsets.UTF_8),
            floor.path("stream_seq").asLong(),
            List.copyOf(changes)));
    }

    /**
     * Up to where everything is acknowledged. What was delivered after it comes again: no server tells which messages of these are
     * acknowledged. nats-server before 2.10 tells nothing before the first acknowledgement.
     */
    private static JsonNode floor(JsonNode info, JsonNode config) {
        if (config.path("ack_policy").asText().equals("none") || info.path("num_ack_pending").asLong() == 0) {
            return info.path("delivered");
        }
        JsonNode floor = info.path("ack_floor");
        long start = config.path("opt_start_seq").asLong();
        return floor.path("stream_seq").asLong() == 0 && start > 0
            ? JsonNodeFactory.instance.objectNode().put("consumer_seq", 0).put("stream_seq", start - 1) : floor;
    }

    /** Whether a member says anything. */
    private static boolean says(JsonNode value) {
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        return value.isTextual() ? !value.asText().isEmpty() && !value.asText().equals(NEVER)
            : value.isNumber() ? value.asDouble() != 0 : value.asBoolean();
    }

    /** The figures that an archive begins with. */
    static byte[] figures(JsonNode state, int consumers) {
        return JsonNodeFactory.instance.objectNode().put("messages", state.path("messages").asLong())
            .put("bytes", state.path("bytes").asLong()).put("first_seq", state.path("first_seq").asLong())
            .put("first_ts", state.path("first_ts").asText(NEVER)).put("last_seq", state.path("last_seq").asLong())
            .put("last_ts", state.path("last_ts").asText(NEVER)).put("consumer_count", consumers).toString()
            .getBytes(StandardCharsets.UTF_8);
    }
}

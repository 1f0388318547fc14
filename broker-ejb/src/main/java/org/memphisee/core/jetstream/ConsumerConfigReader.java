package org.memphisee.core.jetstream;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerConfig.AckPolicy;
import org.memphisee.core.consumer.ConsumerConfig.DeliverPolicy;

/**
 * Reads a consumer configuration as sent (jetstream-api.md 5.7). What depends on the stream is completed and checked by
 * {@link ConsumerRules}.
 */
final class ConsumerConfigReader {

    private static final Map<String, DeliverPolicy> DELIVER = Map.of("all", DeliverPolicy.ALL, "last",
        DeliverPolicy.LAST, "new", DeliverPolicy.NEW, "by_start_sequence", DeliverPolicy.BY_START_SEQUENCE,
        "by_start_time", DeliverPolicy.BY_START_TIME, "last_per_subject", DeliverPolicy.LAST_PER_SUBJECT);
    private static final Map<String, AckPolicy> ACK = Map.of("none", AckPolicy.NONE, "all", AckPolicy.ALL, "explicit",
        AckPolicy.EXPLICIT);

    private static final Set<String> KNOWN = Set.of("durable_name", "name", "description", "deliver_policy",
        "opt_start_seq", "opt_start_time", "ack_policy", "ack_wait", "max_deliver", "backoff", "filter_subject",
        "filter_subjects", "replay_policy", "rate_limit_bps", "sample_freq", "max_waiting", "max_ack_pending",
        "idle_heartbeat", "flow_control", "headers_only", "max_batch", "max_expires", "max_bytes", "deliver_subject",
        "deliver_group", "inactive_threshold", "num_replicas", "mem_storage", "metadata", "direct");

    private ConsumerConfigReader() { }

    /** The configuration as sent; unset numbers are 0, the name is {@code name} or else {@code durable_name}. */
    static ConsumerConfig read(ApiFields f) {
        String durable = f.text("durable_name");
        String name = f.text("name");
        if (!durable.isEmpty() && !name.isEmpty() && !durable.equals(name)) {
            throw ApiError.DURABLE_AND_NAME_DIFFER.refusal();
        }
        return read(f, name.isEmpty() ? durable : name);
    }

    /** The same where the subject names the consumer: of two names that differ, the durable one counts. */
    static ConsumerConfig readNamed(ApiFields f) {
        String durable = f.text("durable_name");
        return read(f, durable.isEmpty() ? f.text("name") : durable);
    }

    private static ConsumerConfig read(ApiFields f, String name) {
        f.refuseUnknown(KNOWN, Map.of("priority_policy", "none"));
        if (f.flag("direct")) {
            throw ApiError.BAD_REQUEST.refusal(); // only servers that mirror each other use it
        }
        String filter = f.text("filter_subject");
        List<String> filters = f.texts("filter_subjects");
        if (!filter.isEmpty() && !filters.isEmpty()) {
            throw ApiError.BOTH_FILTER_FORMS.refusal();
        }
        DeliverPolicy policy = StreamConfigReader.choice(f.text("deliver_policy"), DELIVER, DeliverPolicy.ALL);
        return new ConsumerConfig(name, f.says("durable_name"), f.text("description"), policy,
            f.unsigned("opt_start_seq"), startTime(f, policy),
            StreamConfigReader.choice(f.text("ack_policy"), ACK, AckPolicy.NONE), Math.max(0, f.number("ack_wait")),
            f.number("max_deliver"), f.numbers("backoff"), filter.isEmpty() ? filters : List.of(filter),
            !filter.isEmpty(),
            StreamConfigReader.choice(f.text("replay_policy"), Map.of("instant", false, "original", true), false),
            f.unsigned("rate_limit_bps"), sampling(f.text("sample_freq")), f.smallNumber("max_waiting"),
            f.number("max_ack_pending"), f.number("idle_heartbeat"), f.flag("flow_control"), f.flag("headers_only"),
            f.smallNumber("max_batch"), f.number("max_expires"), f.smallNumber("max_bytes"), f.text("deliver_subject"),
            f.text("deliver_group"), Math.max(0, f.number("inactive_threshold")), f.smallNumber("num_replicas"),
            f.flag("mem_storage"), f.map("metadata"));
    }

    /** The zero time is a time only for who asks to begin at a time. */
    private static long startTime(ApiFields f, DeliverPolicy policy) {
        return policy == DeliverPolicy.BY_START_TIME || f.says("opt_start_time") ? Times.parse(f.text("opt_start_time")) : 0;
    }

    private static int sampling(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        try {
            int percent = Integer.parseInt(digits);
            if (percent >= 0 && percent <= 100) {
                return percent;
            }
        } catch (NumberFormatException e) {
            throw ApiError.SAMPLING_INVALID.refusal("\"" + text + "\" is not a number");
        }
        throw ApiError.SAMPLING_INVALID.refusal("\"" + text + "\" is not between 0 and 100");
    }
}

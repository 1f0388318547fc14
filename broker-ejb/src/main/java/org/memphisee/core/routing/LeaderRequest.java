package org.memphisee.core.routing;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A kind of request that only the node which serves a stream can answer.
 *
 * @param streamToken which token of the subject is the stream's name, from 0
 * @param type name of its answer, empty for one whose errors are statuses
 * @param repeated whether it may be asked again of another node when the first one went away without an answer
 * @param defines whether it may change what is defined
 */
record LeaderRequest(int streamToken, String type, boolean repeated, boolean defines) {

    static final byte[] NONE = {};
    /** Not 503 alone: clients take that for "nobody serves it". */
    static final byte[] UNAVAILABLE = "NATS/1.0 500 JetStream system temporarily unavailable\r\n\r\n"
        .getBytes(StandardCharsets.US_ASCII);

    private static final String API = "$JS.API.";
    private static final Map<String, LeaderRequest> KNOWN = Map.ofEntries(
        Map.entry(API + "STREAM.INFO.*", new LeaderRequest(4, "stream_info_response", true, false)),
        Map.entry(API + "STREAM.UPDATE.*", new LeaderRequest(4, "stream_update_response", false, true)),
        Map.entry(API + "STREAM.PURGE.*", new LeaderRequest(4, "stream_purge_response", false, false)),
        Map.entry(API + "STREAM.MSG.GET.*", new LeaderRequest(5, "stream_msg_get_response", true, false)),
        Map.entry(API + "STREAM.MSG.DELETE.*", new LeaderRequest(5, "stream_msg_delete_response", false, false)),
        Map.entry(API + "STREAM.SNAPSHOT.*", new LeaderRequest(4, "stream_snapshot_response", false, false)),
        Map.entry(API + "DIRECT.GET.*", new LeaderRequest(4, "", true, false)),
        Map.entry(API + "DIRECT.GET.*.>", new LeaderRequest(4, "", true, false)),
        Map.entry(API + "CONSUMER.CREATE.*", new LeaderRequest(4, "consumer_create_response", false, true)),
        Map.entry(API + "CONSUMER.CREATE.*.>", new LeaderRequest(4, "consumer_create_response", false, true)),
        Map.entry(API + "CONSUMER.DURABLE.CREATE.*.*", new LeaderRequest(5, "consumer_create_response", false, true)),
        Map.entry(API + "CONSUMER.DELETE.*.*", new LeaderRequest(4, "consumer_delete_response", false, true)),
        Map.entry(API + "CONSUMER.INFO.*.*", new LeaderRequest(4, "consumer_info_response", true, false)),
        Map.entry(API + "CONSUMER.NAMES.*", new LeaderRequest(4, "consumer_names_response", true, false)),
        Map.entry(API + "CONSUMER.LIST.*", new LeaderRequest(4, "consumer_list_response", true, false)));

    /** The kind of request that a pattern is for, null when any node answers it. */
    static LeaderRequest of(String pattern) {
        return KNOWN.get(pattern);
    }

    /** The name of the stream. */
    String stream(String subject) {
        String[] tokens = subject.split("\\.", streamToken + 2);
        return tokens.length > streamToken ? tokens[streamToken] : "";
    }

    /** The answer when nobody serves the stream, or nobody knows whether it was done. */
    String unavailable() {
        return "{\"type\":\"io.nats.jetstream.api.v1." + type + "\",\"error\":{\"code\":503,\"err_code\":10008,\"description\":"
            + "\"JetStream system temporarily unavailable\"}}";
    }
}

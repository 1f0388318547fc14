package org.memphisee.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What a member of a group asks the broker, in the words of an SDK (wire-protocol.md 3.6, 3.10, 4.4). */
public final class GroupRequests {

    static final String JOIN = "$memphis_consumer_creations";
    static final String GIVEN_UP = "$memphis_nacked_dls";
    private static final int VERSION = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private GroupRequests() { }

    /** Makes the group, and the station, where they are not there. */
    static byte[] join(BrokerSession session, GroupSpec spec) {
        return bytes(JsonNodeFactory.instance.objectNode().put("name", spec.member())
            .put("station_name", spec.station()).put("connection_id", session.connectionId())
            .put("consumer_type", "application").put("consumers_group", spec.group())
            .put("max_ack_time_ms", spec.ackWaitMillis()).put("max_msg_deliveries", spec.maxDeliveries())
            .put("start_consume_from_sequence", 1).put("last_messages", -1).put("req_version", VERSION)
            .put("username", session.user()).put("app_id", session.connectionId()).put("sdk_lang", "java").toString());
    }

    /** Subject on which messages of a partition are asked for. */
    static String next(GroupSpec spec, int partition) {
        return "$JS.API.CONSUMER.MSG.NEXT." + consumer(spec, partition);
    }

    /** Asks for messages. */
    static byte[] pull(int batch, long expiresNanos, long maxBytes) {
        return bytes("{\"batch\":" + batch + ",\"expires\":" + expiresNanos + ",\"max_bytes\":" + maxBytes + "}");
    }

    /** Why a message is given up. */
    static byte[] givenUp(GroupSpec spec, Delivery delivery, String why) {
        return bytes(JsonNodeFactory.instance.objectNode()
            .put("station_name", StationNames.internal(spec.station())).put("error", why)
            .put("partition", delivery.partition()).put("cg_name", spec.group()).put("seq", delivery.sequence())
            .toString());
    }

    /** Whether the group is there, as one of its partitions knows it. */
    static CompletableFuture<Boolean> exists(BrokerSession session, GroupSpec spec, int partition) {
        return session.request("$JS.API.CONSUMER.INFO." + consumer(spec, partition), new byte[0]).thenApply(answer -> {
            String text = new String(answer, StandardCharsets.UTF_8);
            return !text.contains("consumer not found") && !text.contains("stream not found");
        });
    }

    /**
     * When the group was made, as one of its partitions knows it; empty if the broker does not say. A group that was deleted and
     * made again has another time, also when its station was.
     *
     * @return completes on the link's thread
     */
    static CompletableFuture<String> created(BrokerSession session, GroupSpec spec, int partition) {
        return session.request("$JS.API.CONSUMER.INFO." + consumer(spec, partition), new byte[0]).thenApply(answer -> {
            try {
                return JSON.readTree(answer).path("created").asText("");
            } catch (IOException e) {
                return "";
            }
        });
    }

    private static String consumer(GroupSpec spec, int partition) {
        return StationNames.stream(spec.station(), partition) + "." + StationNames.internal(spec.group());
    }

    /**
     * Whether the station's first stream is there.
     *
     * @return completes on the link's thread
     */
    public static CompletableFuture<Boolean> stationExists(BrokerSession session, String station) {
        return session.request("$JS.API.STREAM.NAMES", bytes(JsonNodeFactory.instance.objectNode()
            .put("subject", StationNames.stream(station, 1) + ".final").toString()))
            .thenCombine(session.request("$JS.API.STREAM.NAMES", bytes(JsonNodeFactory.instance.objectNode()
                .put("subject", StationNames.stream(station, 0) + ".final").toString())),
                (partitioned, plain) -> names(partitioned, station) || names(plain, station));
    }

    private static boolean names(byte[] answer, String station) {
        return new String(answer, StandardCharsets.UTF_8).contains("\"" + StationNames.internal(station));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

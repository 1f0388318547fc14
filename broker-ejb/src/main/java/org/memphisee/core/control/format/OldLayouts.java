package org.memphisee.core.control.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How partitions and consumers were made by releases that did not say so in the event. Frozen: what this gives is what
 * exists under those events, whatever new stations and groups look like.
 */
final class OldLayouts {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long FOURTEEN_DAYS = 14L * 24 * 3600 * NANOS_PER_SECOND;

    private OldLayouts() { }

    /** The configuration of partitions of {@code station_created} before version 3. */
    static ObjectNode partitions(JsonNode event) {
        String name = event.path("name").asText().replace('.', '#') + "${partition}";
        String retention = event.path("retentionType").asText();
        long value = event.path("retentionValue").asLong();
        boolean ackBased = retention.equals("ACK_BASED");
        ObjectNode n = MAPPER.createObjectNode().put("name", name).put("description", "");
        n.putArray("subjects").add(name + ".>");
        n.put("retention", ackBased ? "INTEREST" : "LIMITS").put("maxConsumers", -1)
            .put("maxMsgs", retention.equals("MESSAGES") ? value : -1)
            .put("maxBytes", retention.equals("BYTES") ? value : -1).put("maxMsgsPerSubject", -1)
            .put("maxAgeNanos", retention.equals("MESSAGE_AGE_SEC") ? value * NANOS_PER_SECOND : 0)
            .put("maxMsgSize", -1).put("discard", "OLD").put("discardNewPerSubject", false)
            .put("storage", event.path("storage").asText()).put("replicas", event.path("replicas").asInt())
            .put("noAck", false).put("duplicateWindowNanos", event.path("idempotencyWindowMillis").asLong() * NANOS_PER_MILLI)
            .put("firstSeq", 0).put("compression", "none").put("allowDirect", false).put("mirrorDirect", false)
            .put("sealed", false).put("denyDelete", false).put("denyPurge", false).put("allowRollup", false);
        n.putObject("republish").put("source", "").put("destination", "").put("headersOnly", false);
        n.put("consumerInactiveThresholdNanos", 0).put("consumerMaxAckPending", 0).putObject("metadata");
        return n.put("durability", "ALWAYS").put("unclaimedAgeNanos", ackBased ? FOURTEEN_DAYS : 0);
    }

    /** The configuration of consumers of {@code group_defined} before version 2. */
    static ObjectNode consumers(JsonNode event) {
        long from = event.path("startFromSequence").asLong();
        long lastMessages = event.path("lastMessages").asLong();
        String policy = lastMessages > 0 || from > 1 ? "BY_START_SEQUENCE" : lastMessages == 0 ? "NEW" : "ALL";
        ObjectNode n = MAPPER.createObjectNode().put("name", event.path("name").asText().replace('.', '#'))
            .put("durable", true).put("description", "").put("deliverPolicy", policy).put("optStartSeq", 0)
            .put("optStartTimeNanos", 0).put("ackPolicy", "EXPLICIT")
            .put("ackWaitNanos", event.path("maxAckTimeMillis").asLong() * NANOS_PER_MILLI)
            .put("maxDeliver", event.path("maxDeliveries").asInt());
        n.putArray("backoffNanos");
        n.putArray("filterSubjects").add("{stream}.final");
        n.put("singleFilter", true).put("replayOriginal", false).put("rateLimitBps", 0).put("sampleFreq", 0)
            .put("maxWaiting", 512).put("maxAckPending", -1).put("idleHeartbeatNanos", 0).put("flowControl", false)
            .put("headersOnly", false).put("maxBatch", 0).put("maxExpiresNanos", 0).put("maxBytes", 0)
            .put("deliverSubject", "").put("deliverGroup", "").put("inactiveThresholdNanos", 0).put("replicas", 0)
            .put("memoryStorage", false).putObject("metadata");
        return n;
    }
}

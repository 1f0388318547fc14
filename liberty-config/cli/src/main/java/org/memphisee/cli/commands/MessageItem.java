package org.memphisee.cli.commands;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A stored message as it is shown: the payload as text if it is UTF-8, else in Base64. */
final class MessageItem {

    private MessageItem() { }

    /** All members; headers of the broker's own are left out. */
    static ObjectNode of(String station, int partition, long sequence, String time, Map<String, String> headers,
                         byte[] payload) {
        ObjectNode n = Tools.object().put("station", station).put("partition", partition).put("sequence", sequence)
            .put("time", time).put("size", payload.length);
        n.put("producer", headers.getOrDefault("$memphis_producedBy", ""));
        ObjectNode shown = n.putObject("headers");
        headers.forEach((name, value) -> {
            if (!name.startsWith("$memphis")) {
                shown.put(name, value);
            }
        });
        return payload(n, payload);
    }

    /** Adds the payload and how it is written. */
    static ObjectNode payload(ObjectNode n, byte[] payload) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            return n.put("encoding", "utf-8").put("payload", text);
        } catch (CharacterCodingException e) {
            return n.put("encoding", "base64").put("payload", Base64.getEncoder().encodeToString(payload));
        }
    }

    /** The payload's bytes again. */
    static byte[] bytes(ObjectNode n) {
        String payload = n.path("payload").asText();
        return n.path("encoding").asText().equals("base64") ? Base64.getDecoder().decode(payload)
            : payload.getBytes(StandardCharsets.UTF_8);
    }
}

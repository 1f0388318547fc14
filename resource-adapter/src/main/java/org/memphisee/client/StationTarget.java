package org.memphisee.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.memphisee.ra.api.BrokerException;
import org.memphisee.ra.api.OutboundMessage;
import org.memphisee.ra.api.PublishRefusedException;

/** A station as a producer sees it: its partitions, and which of them a message goes to. Thread-safe. */
final class StationTarget {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String name;
    private final int[] partitions;
    private final String[] subjects;
    private final byte[][] subjectBytes;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 16));

    private StationTarget(String name, int[] partitions) {
        this.name = name;
        this.partitions = partitions.length == 0 ? new int[1] : partitions;
        subjects = new String[this.partitions.length];
        subjectBytes = new byte[this.partitions.length][];
        for (int i = 0; i < subjects.length; i++) {
            subjects[i] = StationNames.stream(name, this.partitions[i]) + ".final";
            subjectBytes[i] = subjects[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads the broker's answer to a producer or consumer creation (wire-protocol.md 3.4 and 3.6).
     *
     * @return partition numbers, empty for a stream without partitions
     * @throws BrokerException with the broker's text if it refused
     */
    static int[] partitions(String what, byte[] answer) {
        JsonNode json;
        try {
            json = JSON.readTree(answer);
        } catch (IOException e) { // errors of consumer creations are plain text
            throw new BrokerException(what + ": " + new String(answer, StandardCharsets.UTF_8));
        }
        String error = json.path("error").asText("");
        JsonNode list = json.path("partitions_update").path("partitions_list");
        if (!error.isEmpty() || !list.isArray()) {
            throw new BrokerException(what + ": " + (error.isEmpty() ? "the broker's answer is not understood" : error));
        }
        int[] partitions = new int[list.size()];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = list.get(i).asInt();
        }
        return partitions;
    }

    static StationTarget of(String name, byte[] answer) {
        return new StationTarget(name, partitions("Producing to station " + name, answer));
    }

    /** Index of the partition for a message: its number, by its key, by its id (a repeat meets the first), in turn. */
    int indexFor(OutboundMessage message) {
        if (message.partition() > 0) {
            if (!message.key().isEmpty()) {
                throw new PublishRefusedException(0, "Can not use both partition number and partition key");
            }
            for (int i = 0; i < partitions.length; i++) {
                if (partitions[i] == message.partition()) {
                    return i;
                }
            }
            throw new PublishRefusedException(0, "Station " + name + " has no partition " + message.partition());
        }
        if (partitions.length == 1) {
            return 0;
        }
        String key = message.key().isEmpty() ? message.id() : message.key();
        return key.isEmpty() ? Math.floorMod(turn.getAndIncrement(), partitions.length)
            : StationNames.indexOf(key, partitions.length);
    }

    String name() {
        return name;
    }

    /** Number of the partition behind the stream that acknowledged a message published to the one with this index. */
    int partition(String stream, int index) {
        if (!stream.isEmpty() && !subjects[index].startsWith(stream + ".")) {
            for (int i = 0; i < subjects.length; i++) {
                if (subjects[i].startsWith(stream + ".")) {
                    return partitions[i]; // it had the message id first
                }
            }
        }
        return partitions[index];
    }

    String subject(int index) {
        return subjects[index];
    }

    byte[] subjectBytes(int index) {
        return subjectBytes[index];
    }
}

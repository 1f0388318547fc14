package org.memphisee.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.observe.StreamFigures;
import org.memphisee.core.partition.PartitionLife;
import org.memphisee.core.partition.StreamState;
import org.memphisee.core.stream.StreamConfig;

/** Streams and consumers as a walk would find them. */
final class Figures {

    private Figures() { }

    static StreamFigures stream(String name, String... consumers) {
        List<ConsumerInfo> infos = new ArrayList<>();
        for (String consumer : consumers) {
            infos.add(consumer(name, consumer, "of " + consumer));
        }
        return new StreamFigures(1, new StreamConfig(name, "", List.of(name + ".>"), StreamConfig.Retention.LIMITS, -1, -1, -1,
            -1, 0, -1, StreamConfig.Discard.OLD, false, StreamConfig.Storage.FILE, 1, false, 0, 0, "none", false, false,
            false, false, false, false, StreamConfig.Republish.NONE, 0, 0, Map.of(), StreamConfig.Durability.ALWAYS, 0,
            StreamConfig.Placement.NONE), 0,
            new StreamState(3, 90, 5, 0, 7, 0, 1, 0, infos.size(), PartitionLife.SERVING), infos);
    }

    static ConsumerInfo consumer(String stream, String name, String description) {
        ConsumerConfig config = new ConsumerConfig(name, true, description, ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 0, -1, List.of(), List.of(), false, false, 0, 0, 512, 1000, 0, false, false, 0,
            0, 0, "", "", 0, 0, false, Map.of());
        return new ConsumerInfo(stream, config, 0, 11, 12, 0, 13, 14, 0, 15, 16, 17, 18, 19, 20,
            false);
    }
}

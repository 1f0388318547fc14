package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.consumer.ConsumerInfo;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/** What groups give up: out of deliveries, or terminated (dead-lettered) by a client. */
class GivenUpTest {

    private static final long SECOND = PartitionFixture.SECOND;

    private PartitionFixture f = fixture(14 * 24 * 3600 * SECOND);

    private static PartitionFixture fixture(long unclaimedAge) {
        return new PartitionFixture(PartitionFixture.config(c -> {
            c.retention = StreamConfig.Retention.INTEREST;
            c.unclaimedAge = unclaimedAge;
            return c;
        }));
    }

    private void group(long id, String name) {
        define(id, name);
        f.settle();
    }

    private void define(long id, String name) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.ALL, 0, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, SECOND, 2, List.of(), List.of("s.final"), true, false, 0, 0, 512, -1, 0,
            false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        f.shard.execute(() -> f.partition.operations().addConsumer(id, config, f.clock.wallNanos(), 1, () -> { }));
    }

    /** Gives the group a message and answers its ack subject. */
    private String next(String group) {
        byte[] bytes = (group + "{\"batch\":1}").getBytes(StandardCharsets.UTF_8);
        int name = group.length();
        f.shard.execute(() -> f.partition.pull(new PublishRequest(bytes, 0, name, name, 0, name, 0, bytes.length - name), 0,
            name, "in"));
        int before = f.deliveries().size();
        f.settle();
        assertEquals(before + 1, f.deliveries().size());
        return f.deliveries().get(before);
    }

    private void say(String ackSubject, String word) {
        byte[] bytes = (ackSubject + word).getBytes(StandardCharsets.UTF_8);
        int subject = ackSubject.length();
        f.shard.execute(() -> f.partition.acknowledge(new PublishRequest(bytes, 0, subject, subject, 0, subject, 0,
            bytes.length - subject), ""));
        f.settle();
    }

    private ConsumerInfo info(String group) {
        return f.partition.operations().consumerInfos().stream().filter(i -> i.config().name().equals(group)).findFirst().orElseThrow();
    }

    private void store(String... payloads) {
        for (String payload : payloads) {
            f.publish("s.final", payload);
        }
        f.settle();
    }

    @Test
    void shouldKeepADeadLetteredMessageOfAnAckBasedStation() {
        group(5, "g");
        store("a", "b");
        say(next("g"), "+TERM");
        say(next("g"), "+ACK");
        f.advance(10 * SECOND);
        assertEquals(List.of("a"), f.payloads());
        assertEquals(1, info("g").numTerminated());
        assertEquals(0, info("g").lag());
        assertEquals(0, info("g").numRedelivered());
        assertEquals(2, info("g").ackFloorStreamSeq());

        f.comingBack = () -> define(5, "g");
        f.crash();
        f.advance(10 * SECOND);
        assertEquals(List.of("a"), f.payloads());
        assertEquals(1, info("g").givenUp());
        store("c");
        say(next("g"), "+ACK");
        assertEquals(List.of("a"), f.payloads());
    }

    @Test
    void shouldKeepAMessageThatOneGroupOfAnAckBasedStationGaveUp() {
        group(5, "g");
        group(6, "h");
        store("a");
        say(next("g"), "+TERM no good");
        say(next("h"), "+ACK");
        assertEquals(List.of("a"), f.payloads());
        assertEquals(1, info("g").givenUp());
        assertEquals(0, info("h").givenUp());
    }

    @Test
    void shouldCountAMessageOutOfDeliveriesOnce() {
        group(5, "g");
        store("a", "b");
        next("g");
        f.advance(2 * SECOND);
        say(next("g"), "-NAK");
        say(next("g"), "+ACK"); // of the second message: the first has no deliveries left
        f.advance(10 * SECOND);
        assertEquals(List.of("a"), f.payloads());
        assertEquals(1, info("g").numExhausted());
        f.comingBack = () -> define(5, "g");
        f.crash();
        f.advance(10 * SECOND);
        assertEquals(1, info("g").numExhausted());
        assertEquals(List.of("a"), f.payloads());
    }

    @Test
    void shouldKeepWhatTheLastGroupOfAnAckBasedStationLeaves() {
        group(5, "g");
        store("a", "b", "c");
        say(next("g"), "+TERM");
        say(next("g"), "+ACK");
        f.shard.execute(() -> f.partition.operations().removeConsumer("g"));
        f.settle();
        assertEquals(List.of("a", "c"), f.payloads());
    }

    @Test
    void shouldRemoveATerminatedMessageOfAPlainStreamAsNatsDoes() {
        f = fixture(0);
        group(5, "g");
        store("a");
        say(next("g"), "+TERM");
        assertEquals(List.of(), f.payloads());
        assertEquals(1, info("g").numTerminated());
    }
}

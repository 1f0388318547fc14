package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.consumer.ConsumerConfig;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.port.PublishRequest;

/** A consumer that takes the place of another one of its name, as when a group is moved. */
class GroupMoveTest {

    private final PartitionFixture f = new PartitionFixture(PartitionFixture.config(c -> {
        c.retention = StreamConfig.Retention.INTEREST;
        return c;
    }));
    private long id = 1_000;

    @BeforeEach
    void fill() {
        f.consumer("a");
        f.consumer("b");
        for (int i = 1; i <= 5; i++) {
            f.publish("s.x", Integer.toString(i));
        }
        f.settle();
    }

    private void move(String name, long start) {
        ConsumerConfig config = new ConsumerConfig(name, true, "", ConsumerConfig.DeliverPolicy.BY_START_SEQUENCE, start, 0,
            ConsumerConfig.AckPolicy.EXPLICIT, 30 * PartitionFixture.SECOND, -1, List.of(), List.of(), false, false, 0, 0,
            512, -1, 0, false, false, 0, 0, 0, "", "", 0, 0, false, Map.of());
        long number = ++id;
        f.partition.run(p -> p.addConsumer(number, config, f.clock.wallNanos(), start, () -> { }));
        f.settle();
    }

    @Test
    void shouldGoBackToWhatIsThereAndLoseNothingOnTheWay() {
        f.pull("a", 3);
        f.acknowledgeAll(); // b still needs them
        move("b", 1);
        assertEquals(List.of("1", "2", "3", "4", "5"), f.pull("b", 5));
        move("b", 2);
        assertEquals(List.of("2", "3", "4", "5"), f.pull("b", 5));
    }

    @Test
    void shouldRemoveWhatOnlyTheOneBeforeNeeded() {
        f.pull("a", 4);
        f.acknowledgeAll();
        assertEquals(5, f.state().messages());
        move("b", 4);
        assertEquals(List.of("5"), List.of(f.payloads().get(f.payloads().size() - 1)));
        assertEquals(List.of("4", "5"), f.payloads());
    }

    @Test
    void shouldEndWaitingRequestsAsIfTheirTimeWasOver() {
        f.waitingConsumer(7);
        f.settle();
        f.pull("w7", 5);
        f.acknowledgeAll();
        f.statuses().clear();
        byte[] bytes = "w7{\"batch\":1,\"expires\":3600000000000}".getBytes(StandardCharsets.UTF_8);
        f.shard.execute(() -> f.partition.pull(new PublishRequest(bytes, 0, 2, 2, 0, 2, 0,
            bytes.length - 2), 0, 2, "inbox"));
        f.settle();
        move("w7", 6);
        assertTrue(f.statuses().contains("NATS/1.0 408 Request Timeout"), f.statuses()::toString);
    }

    @Test
    void shouldStartWhereItWasMovedToAfterACrash() {
        f.pull("b", 2);
        f.acknowledgeAll();
        f.comingBack = () -> move("b", 4);
        f.advance(PartitionFixture.SECOND);
        f.crash(); // the event was durable, the cursors are those of the one before
        f.settle();
        assertEquals(List.of("4", "5"), f.pull("b", 5));
    }
}

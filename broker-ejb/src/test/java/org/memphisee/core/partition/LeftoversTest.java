package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.stream.StreamConfig;

/** What was acknowledged, and not removed yet when the process died, is removed by the next one. */
class LeftoversTest {

    private PartitionFixture f = fixture(StreamConfig.Retention.LIMITS);

    private static PartitionFixture fixture(StreamConfig.Retention retention) {
        return new PartitionFixture(PartitionFixture.config(c -> {
            c.retention = retention;
            return c;
        }));
    }

    private void store(String subject, String... payloads) {
        for (String payload : payloads) {
            f.publish(subject, payload);
        }
        f.settle();
    }

    /** The event of the change is on the disk, and nothing else of it. */
    private void dieInTheMiddleOfTheChangeTo(StreamConfig.Retention retention) {
        StreamBuilder changed = StreamBuilder.of(f.config);
        changed.retention = retention;
        f.config = changed.build();
        f.crash();
        f.settle();
    }

    @Test
    void shouldRemoveWhatEverybodyHadWhenTheRetentionChanged() {
        f.consumer("a");
        f.consumer("b");
        store("s.x", "1", "2", "3", "4");
        assertEquals(List.of("1", "2", "3"), f.pull("a", 3));
        assertEquals(List.of("1", "2"), f.pull("b", 2));
        f.acknowledgeAll();
        f.advance(PartitionFixture.SECOND);
        assertEquals(4, f.state().messages());

        dieInTheMiddleOfTheChangeTo(StreamConfig.Retention.INTEREST);
        assertEquals(List.of("3", "4"), f.payloads());
    }

    @Test
    void shouldKeepWhatSomebodyHoldsAndFindTheRestBetween() {
        f.consumer("a");
        f.consumer("b");
        store("s.x", "1", "2", "3");
        f.pull("a", 3);
        f.acknowledgeAll();
        f.pull("b", 3); // and says nothing
        f.consumer("c", "s.y");
        store("s.y", "4");
        f.pull("a", 1);
        f.pull("b", 1);
        f.advance(PartitionFixture.SECOND);

        dieInTheMiddleOfTheChangeTo(StreamConfig.Retention.INTEREST);
        assertEquals(List.of("1", "2", "3", "4"), f.payloads());
        f.pull("c", 1);
        f.acknowledgeAll();
        f.advance(31 * PartitionFixture.SECOND); // the others get theirs again
        f.pull("a", 4);
        f.pull("b", 4);
        f.acknowledgeAll();
        assertEquals(List.of(), f.payloads());
    }

    @Test
    void shouldRemoveWhatNobodyIsFor() {
        f.consumer("a", "s.a");
        store("s.b", "1");
        store("s.a", "2");
        f.pull("a", 5);
        f.advance(PartitionFixture.SECOND);
        dieInTheMiddleOfTheChangeTo(StreamConfig.Retention.INTEREST);
        assertEquals(List.of("2"), f.payloads());
    }

    @Test
    void shouldRemoveWhatHadToBeReadFirst() {
        for (StreamConfig.Retention retention : List.of(StreamConfig.Retention.INTEREST,
            StreamConfig.Retention.WORKQUEUE)) {
            f = fixture(retention);
            f.consumer("a");
            store("s.x", "1", "2");
            store("s.x", "3");
            assertEquals(List.of("1", "2", "3"), f.pull("a", 3));
            f.crowdTheCache();
            f.acknowledge();
            f.settleWithoutReading();
            f.clock.now += PartitionFixture.SECOND;
            f.settleWithoutReading();
            assertEquals(3, f.state().messages(), "the case is there");

            f.crash();
            f.settle();
            assertEquals(List.of(), f.payloads(), retention::name);
            assertEquals(3, f.state().lastSeq());
        }
    }

    @Test
    void shouldKeepWhatAWorkQueueHasNoConsumerFor() {
        f = fixture(StreamConfig.Retention.WORKQUEUE);
        f.consumer("a", "s.a");
        store("s.b", "1");
        store("s.a", "2");
        f.pull("a", 5);
        f.acknowledgeAll();
        f.advance(PartitionFixture.SECOND);
        f.crash();
        f.settle();
        assertEquals(List.of("1"), f.payloads());
    }
}

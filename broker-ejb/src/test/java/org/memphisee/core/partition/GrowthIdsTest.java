package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.memphisee.core.partition.publish.StationWindow;
import org.memphisee.core.stream.StreamConfig;
import org.memphisee.core.stream.StreamConfig.Storage;
import org.memphisee.port.PublishRequest;

/** Message ids of a station that gets its second partition. */
class GrowthIdsTest {

    private static final long WINDOW = 120 * PartitionFixture.SECOND;

    private PartitionFixture f;
    private Partition second;
    private boolean shared;

    private void begin(Storage storage) {
        f = new PartitionFixture(PartitionFixture.config(c -> {
            c.storage = storage;
            return c;
        }));
    }

    private void share(StationWindow window) {
        f.shard.execute(() -> {
            f.partition.enter();
            f.partition.share(window, () -> shared = true);
        });
    }

    private void addSecond(StationWindow window) {
        StreamConfig config = f.config.withSubjects("T", List.of("t.>"));
        second = new Partition(2, f.clock.wallNanos(), config, f.partition.resources(), new IgnoringListener(),
            Optional.of(window));
        second.run(PartitionOperations::opened);
        f.settle();
    }

    private PublishAnswer publish(String id) {
        return f.publish("s.a", "x", "Nats-Msg-Id", id);
    }

    private PublishAnswer publishToSecond(String id) {
        PublishAnswer answer = new PublishAnswer();
        PublishRequest r = Requests.publish("t.a", Requests.header("Nats-Msg-Id", id), "x".getBytes(StandardCharsets.UTF_8));
        f.shard.execute(() -> second.publish(r, answer));
        f.settle();
        return answer;
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void shouldKnowInTheSecondWhatTheFirstHasAndTheOtherWayRound(Storage storage) {
        begin(storage);
        publish("old");
        f.settle();
        f.crowdTheCache();
        f.settle();
        PublishAnswer onTheWay = publish("on-the-way");
        f.shard.turn();
        assertEquals(storage == Storage.FILE, onTheWay.waiting());
        publish("gathering");
        StationWindow window = new StationWindow(f.index);
        share(window);
        f.settle();
        assertTrue(shared);
        addSecond(window);
        publish("later");
        f.settle();

        int sequence = 0;
        for (String id : new String[] {"old", "on-the-way", "gathering", "later"}) {
            assertEquals("{\"stream\":\"S\", \"seq\":" + ++sequence + ",\"duplicate\": true}", publishToSecond(id).text());
            PublishAnswer repeat = publish(id);
            f.settle();
            assertTrue(repeat.text().contains("duplicate"), repeat::text);
        }
        assertEquals("{\"stream\":\"T\", \"seq\":1}", publishToSecond("new").text());
        PublishAnswer repeat = publish("new");
        f.settle();
        assertEquals("{\"stream\":\"T\", \"seq\":1,\"duplicate\": true}", repeat.text());
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void shouldForgetIdsWhenTheirWindowHasPassed(Storage storage) {
        begin(storage);
        publish("old");
        f.settle();
        StationWindow window = new StationWindow(f.index);
        share(window);
        f.settle();
        addSecond(window);
        f.advance(WINDOW + 2 * PartitionFixture.SECOND);
        assertFalse(publishToSecond("old").text().contains("duplicate"));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void shouldNotTakeOverWhatIsOlderThanTheWindow(Storage storage) {
        begin(storage);
        publish("old");
        f.settle();
        f.advance(WINDOW + PartitionFixture.SECOND);
        StationWindow window = new StationWindow(f.index);
        share(window);
        f.settle();
        assertTrue(shared);
        addSecond(window);
        assertEquals("{\"stream\":\"T\", \"seq\":1}", publishToSecond("old").text());
    }
}

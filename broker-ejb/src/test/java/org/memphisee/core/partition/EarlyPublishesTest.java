package org.memphisee.core.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.memphisee.core.append.ShardCommand;

/** Publishes that come before their partition is open wait in their order, within the memory of their shard. */
class EarlyPublishesTest {

    /** Budget of the fixture's shard. */
    private static final int BUDGET = 1 << 20;
    private static final String PAYLOAD = "x".repeat(1_000);

    private final PartitionFixture f = new PartitionFixture(PartitionFixture.config(c -> c), false);

    @Test
    void shouldStoreThemInOrderOnceItIsOpen() {
        List<PublishAnswer> answers = publish(3);
        f.settle();
        answers.forEach(a -> assertTrue(a.waiting()));
        f.open();
        for (int i = 0; i < 3; i++) {
            assertEquals(i + 1, answers.get(i).sequence());
        }
        assertEquals(0, f.shard.heldBytes());
    }

    @Test
    void shouldPauseReadersWhileTheyWait() {
        List<String> heard = new ArrayList<>();
        publish(BUDGET / PAYLOAD.length());
        f.settle();
        ShardCommand.Batch next = new ShardCommand.Batch();
        next.add(() -> { }, 1);
        f.shard.submit(next, new ShardCommand.Reader() {
            @Override
            public void pauseReading() {
                heard.add("pause");
            }

            @Override
            public void resumeReading() {
                heard.add("resume");
            }
        });
        f.settle();
        assertEquals(List.of("pause"), heard);
        f.open();
        assertEquals(List.of("pause", "resume"), heard);
    }

    @Test
    void shouldRefuseWhatHasNoRoomAndKeepTheRest() {
        List<PublishAnswer> answers = publish(4 * BUDGET / PAYLOAD.length());
        f.settle();
        assertTrue(f.shard.heldBytes() <= 2 * BUDGET, () -> f.shard.heldBytes() + " bytes");
        long refused = answers.stream().filter(a -> !a.waiting()).count();
        assertTrue(refused > answers.size() / 3 && refused < answers.size(), () -> refused + " refused");
        PublishAnswer last = answers.get(answers.size() - 1);
        assertTrue(last.refusedWith(10023), last::text);
        assertTrue(last.text().contains("still being opened"), last::text);
        f.open();
        assertEquals(answers.size() - refused, f.state().messages());
        assertEquals(0, f.shard.heldBytes());
    }

    @Test
    void shouldTellThemThatTheStreamWasRemovedMeanwhile() {
        PublishAnswer answer = publish(1).get(0);
        f.settle();
        f.shard.execute(() -> f.partition.remove(() -> { }));
        f.settle();
        assertTrue(answer.refusedWith(10059), answer::text);
        assertEquals(0, f.shard.heldBytes());
    }

    @Test
    void shouldTellThemWhenItWillNeverServe() {
        PublishAnswer answer = publish(1).get(0);
        f.settle();
        f.shard.execute(() -> f.partition.escaped(new IllegalStateException("no such thing")));
        f.settle();
        assertTrue(answer.refusedWith(10118), answer::text);
        assertEquals(0, f.shard.heldBytes());
    }

    private List<PublishAnswer> publish(int messages) {
        List<PublishAnswer> answers = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            answers.add(f.publish("s.a", PAYLOAD));
        }
        return answers;
    }
}

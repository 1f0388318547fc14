package org.memphisee.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.StoreException;
import org.memphisee.simulation.ConsumerModel.Acks;
import org.memphisee.simulation.ConsumerModel.Kind;

/** Faults that stories have found, each told as briefly as it can be. */
class WorldFaultsTest {

    private final ExecutorService stage = Executors.newSingleThreadExecutor();
    private final Story story = new Story(1);
    private final Actions actions = new Actions(story);

    private interface Told {
        void tell() throws StoreException;
    }

    private void told(Told what) throws InterruptedException {
        try {
            stage.submit(() -> {
                story.open();
                what.tell();
                story.check();
                return null;
            }).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    @AfterEach
    void close() {
        stage.shutdown();
    }

    private StreamModel stream(String name) {
        StreamModel s = new StreamModel(name, List.of(name + ".a"), StreamModel.Retention.LIMITS, -1, -1, 0, false, false,
            2_000 * Story.MILLI, name);
        story.streams.put(name, s);
        story.ask(story.someone(), "$JS.API.STREAM.CREATE." + name, s.config(), answer -> s.known = true);
        story.pass(Story.MILLI);
        return s;
    }

    private ConsumerModel consumer(StreamModel s) {
        ConsumerModel c = new ConsumerModel(s, "d1", Kind.PULL, Acks.EXPLICIT, "", -1, 1_000 * Story.MILLI, true, story.next());
        s.consumers.put(c.name, c);
        s.consumersEver.add(c);
        story.ask(story.someone(), "$JS.API.CONSUMER.CREATE." + s.name + "." + c.name, "{\"stream_name\":\"" + s.name
            + "\",\"config\":" + c.config() + "}", answer -> c.known = true);
        story.pass(Story.MILLI);
        return c;
    }

    /** Found by seed 6: the answer promised that the message does not come again, and it came again. */
    @Test
    void shouldNotConfirmAnAcknowledgementOfADeliveryThatACrashForgot() throws InterruptedException {
        told(() -> {
            ConsumerModel c = consumer(stream("A"));
            actions.publish(c.stream, 1);
            story.pass(Story.MILLI);
            actions.pull(c, 1, 0);
            story.pass(Story.MILLI);
            ConsumerModel.Delivery first = c.waiting.remove(0);
            story.crash();

            actions.acknowledge(c, first);
            story.pass(200 * Story.MILLI);
            actions.pull(c, 1, 0);
            story.pass(Story.MILLI);

            assertEquals(List.of(first.sequence()), c.waiting.stream().map(ConsumerModel.Delivery::sequence).toList());
            actions.acknowledge(c, c.waiting.remove(0));
            story.pass(200 * Story.MILLI);
            assertEquals(1, c.done.size());
        });
    }
}

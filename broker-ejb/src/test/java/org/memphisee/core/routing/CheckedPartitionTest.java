package org.memphisee.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.append.ShardCommand;
import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaType;
import org.memphisee.core.schema.StationCheck;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.port.PublishRequest;

/** The loop's turns are the test's. */
class CheckedPartitionTest {

    private static final int BUDGET = 100;

    private final List<Throwable> failures = new ArrayList<>();
    private final CheckLoop loop = new CheckLoop(BrokerClock.SYSTEM, failures::add, BUDGET);
    private final List<String> stored = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final PublishOrigin origin = (r, outcome) -> refused.add(((PublishOutcome.Refused) outcome).text());
    private final CheckedPartition a = new CheckedPartition(new Stored("a"), "a", loop);
    private final CheckedPartition b = new CheckedPartition(new Stored("b"), "b", loop);
    private final Reader reader = new Reader();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private static final class Reader implements ShardCommand.Reader {
        private int pauses;
        private int resumed;

        @Override
        public void pauseReading() {
            pauses++;
        }

        @Override
        public void resumeReading() {
            resumed++;
        }
    }

    private final class Stored implements PartitionRef {
        private final String name;

        private Stored(String name) {
            this.name = name;
        }

        @Override
        public boolean acknowledges() {
            return true;
        }

        @Override
        public void publish(Lane lane, PublishRequest r, PublishOrigin who, int bytes) {
            stored.add(name + ":" + new String(r.bytes(), r.bodyOffset(), r.payloadLength(), StandardCharsets.UTF_8));
        }

        @Override
        public void refuse(Lane lane, PublishRequest r, PublishOrigin who, PublishOutcome.Refused outcome, int bytes) {
            stored.add(name + " refused");
            who.ended(r, outcome);
        }

        @Override
        public void failed(Lane lane, PublishRequest r, String problem) {
            failed.add(new String(r.bytes(), r.bodyOffset(), r.payloadLength(), StandardCharsets.UTF_8) + ": " + problem);
        }

        @Override
        public void acknowledge(Lane lane, PublishRequest r, String reply, int bytes, Runnable unknown) {
            throw new AssertionError();
        }

        @Override
        public void pull(Lane lane, PublishRequest r, int offset, int length, String inbox, int bytes, Runnable unknown) {
            throw new AssertionError();
        }

        @Override
        public void flowControl(Lane lane, String consumer, String subject, int bytes) {
            throw new AssertionError();
        }
    }

    /** On a thread of its own, whose lane belongs to the loop for ever. */
    private void turn() {
        try {
            thread.submit(loop::turn).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        thread.shutdown();
        assertTrue(thread.awaitTermination(20, TimeUnit.SECONDS));
        assertEquals(List.of(), failures);
    }

    private static StationCheck check(boolean refuse) {
        MessageCheck check = (bytes, offset, length) -> bytes[offset] == '!' ? "it is bad" : "";
        return new StationCheck("s", SchemaType.JSON, 1, refuse, check);
    }

    private void publish(CheckedPartition to, String payload, int bytes) {
        byte[] all = payload.getBytes(StandardCharsets.UTF_8);
        to.publish(Lane.current(), new PublishRequest(all, 0, 0, 0, 0, 0, 0, all.length), origin, bytes);
    }

    private void flush() {
        Lane.current().flushCommands(reader);
    }

    @Test
    void shouldPassAtOnceWithoutASchemaUnlessSomethingWaits() {
        publish(a, "1", 1);
        assertEquals(List.of("a:1"), stored);
        assertNull(a.rejections());
        a.check(check(true));
        publish(a, "2", 1);
        a.check(null);
        publish(a, "!", 1);
        flush();
        publish(a, "4", 1);
        flush();
        assertEquals(List.of("a:1"), stored, "in its order or not yet");
        turn();
        assertEquals(List.of("a:1", "a:2", "a:!", "a:4"), stored);
        publish(a, "5", 1);
        assertEquals("a:5", stored.get(4));
        assertFalse(loop.ready());
    }

    @Test
    void shouldRefuseOrOnlyCount() {
        a.check(check(true));
        publish(a, "0", 1);
        publish(a, "!", 1);
        publish(a, "1", 1);
        flush();
        turn();
        assertEquals(List.of("a:0", "a refused", "a:1"), stored, "the refusal has its place too");
        assertEquals(List.of("Schema validation has failed: it is bad"), refused);
        a.check(check(false));
        publish(a, "!", 1);
        flush();
        turn();
        assertEquals(List.of("a:0", "a refused", "a:1", "a:!"), stored);
        assertEquals(1, a.rejections().refused());
        assertEquals(1, a.rejections().warned());
        assertEquals(List.of("!: it is bad", "!: it is bad"), failed, "whether it is refused or not");
    }

    /** The broker would tell of it again and again. */
    @Test
    void shouldNotTellOfADeadLetterThatIsRefused() {
        a.check(check(true));
        byte[] bad = {'!'};
        a.publish(Lane.current(), new PublishRequest(bad, 0, 0, 0, 0, 0, 0, 1), new PublishOrigin() {
            @Override
            public boolean deadLetter() {
                return true;
            }

            @Override
            public void ended(PublishRequest request, PublishOutcome outcome) {
                origin.ended(request, outcome);
            }
        }, 1);
        flush();
        turn();
        assertEquals(List.of("Schema validation has failed: it is bad"), refused);
        assertEquals(List.of(), failed);
    }

    @Test
    void shouldLetPartitionsTakeTurns() {
        a.check(check(true));
        b.check(check(true));
        for (int i = 0; i < 1000; i++) {
            publish(a, "x", 0);
        }
        flush();
        publish(b, "y", 0);
        flush();
        turn();
        turn();
        assertTrue(stored.contains("b:y") && stored.size() < 1000, stored.size() + " before it");
        while (loop.ready()) {
            turn();
        }
        assertEquals(1001, stored.size());
    }

    @Test
    void shouldPauseReadersAboveTheBudgetAndResumeThem() {
        a.check(check(true));
        publish(a, "1", BUDGET);
        flush();
        assertEquals(0, reader.pauses);
        publish(a, "2", 1);
        flush();
        assertEquals(1, reader.pauses);
        assertEquals(BUDGET + 1, loop.heldBytes());
        turn();
        assertEquals(1, reader.resumed);
        assertEquals(0, loop.heldBytes());
    }

    @Test
    void shouldTakeNothingWhileItsShardTakesNothing() {
        a.check(check(true));
        loop.pauseReading();
        publish(a, "1", 1);
        flush();
        assertFalse(loop.ready());
        turn();
        assertEquals(List.of(), stored);
        loop.resumeReading();
        assertTrue(loop.ready());
        turn();
        assertEquals(List.of("a:1"), stored);
    }

    @Test
    void shouldLoseOnlyTheMessageWhoseCheckThrows() {
        a.check(new StationCheck("s", SchemaType.JSON, 1, true, (bytes, offset, length) -> {
            if (bytes[offset] == '!') {
                throw new IllegalStateException("thrown");
            }
            return "";
        }));
        publish(a, "!", 1);
        publish(a, "1", 1);
        flush();
        turn();
        turn();
        assertEquals(List.of("a:1"), stored);
        assertEquals(1, failures.size());
        assertEquals(0, loop.heldBytes());
        failures.clear();
    }
}

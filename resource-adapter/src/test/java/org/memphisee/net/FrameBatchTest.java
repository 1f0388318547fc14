package org.memphisee.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches and the queue behind them, on a channel without a socket. */
class FrameBatchTest {

    private static final byte[] SID = {'1'};
    private static final byte[] SUBJECT = {'s'};

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ArrayPool pool = new ArrayPool();
    private final NetCounters counters = new NetCounters();
    private final Owner owner = new Owner();
    private final OutboundQueue queue = new OutboundQueue(channel, pool, owner,
            NetSettings.DEFAULTS.withBudgets(1, 10 << 20, 10_000));

    private static final class Owner implements OutboundQueue.Owner {
        private int wakeUps;
        private int tooSlow;
        private int flushed;

        @Override
        public void wakeUp() {
            wakeUps++;
        }

        @Override
        public void tooSlow() {
            tooSlow++;
        }

        @Override
        public void flushed() {
            flushed++;
        }
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static void add(FrameBatch batch, byte[] body, int headerLength) {
        batch.message(SID, SUBJECT, 0, 1, SUBJECT, 0, 0, body, 0, headerLength, body.length - headerLength);
    }

    private static String frame(byte[] payload) {
        return "MSG s 1 " + payload.length + "\r\n" + new String(payload, StandardCharsets.ISO_8859_1) + "\r\n";
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        int wakeUps;
        do {
            wakeUps = owner.wakeUps;
            queue.flush();
        } while (owner.wakeUps > wakeUps); // it asked for another turn
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            text.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        return text.toString();
    }

    @Test
    void shouldKeepFramesOfAnySizeInOrder() {
        Random random = new Random(11);
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        for (int turn = 0; turn < 200; turn++) {
            StringBuilder expected = new StringBuilder();
            for (int sends = random.nextInt(4); sends >= 0; sends--) {
                for (int frames = random.nextInt(30); frames > 0; frames--) {
                    byte[] payload = new byte[random.nextInt(random.nextInt(20) == 0 ? 200_000 : 400)];
                    random.nextBytes(payload);
                    add(batch, payload, 0);
                    expected.append(frame(payload));
                }
                batch.send();
                assertEquals(0, batch.size());
            }
            assertEquals(expected.length(), queue.queuedBytes());
            assertEquals(expected.toString(), written());
            assertEquals(0, queue.queuedBytes());
        }
        assertEquals(0, owner.tooSlow);
    }

    @Test
    void shouldWakeTheEventLoopOnceForAllThatWaits() {
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        for (int i = 0; i < 100; i++) {
            add(batch, new byte[10], 0);
            batch.send();
        }
        assertEquals(1, owner.wakeUps);
        queue.flush();
        ByteBuf only = channel.readOutbound();
        assertEquals(100 * frame(new byte[10]).length(), only.readableBytes());
        only.release();
        assertTrue(channel.outboundMessages().isEmpty(), "small batches go out in one write");
        assertEquals(100, counters.outMessages());
        assertEquals(1000, counters.outBytes());
    }

    @Test
    void shouldSendHeadersOnlyToClientsThatKnowThem() {
        byte[] body = "NATS/1.0\r\n\r\nhi".getBytes(StandardCharsets.US_ASCII);
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        add(batch, body, 12);
        batch.send();
        assertEquals("MSG s 1 2\r\nhi\r\n", written());
        queue.headersSupported(true);
        add(batch, body, 12);
        batch.send();
        assertEquals("HMSG s 1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", written());
    }

    @Test
    void shouldNotGatherMoreThanMayEverWait() {
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        for (int i = 0; i < 1000; i++) {
            add(batch, new byte[1 << 20], 0);
        }
        assertTrue(batch.size() <= 10 << 20);
        batch.send();
        assertEquals(1, owner.tooSlow);
        assertEquals("", written());
    }

    @Test
    void shouldReportASlowClientWhenTheBudgetIsExceeded() {
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        for (int i = 0; i < 11; i++) {
            add(batch, new byte[1 << 20], 0);
            batch.send();
        }
        assertEquals(1, owner.tooSlow);
        assertTrue(queue.sealed());
    }

    @Test
    void shouldReportWhenEverythingIsWrittenAfterSealing() {
        FrameBatch batch = new FrameBatch(queue, pool, counters);
        add(batch, new byte[10], 0);
        batch.send();
        queue.seal();
        assertEquals(1, owner.flushed);
        add(batch, new byte[10], 0);
        batch.send();
        assertEquals(frame(new byte[10]), written());
        assertEquals(1, owner.flushed);
    }

    @Test
    void shouldReuseLargeArrays() {
        byte[] array = pool.take(50_000);
        assertEquals(65_536, array.length);
        pool.give(array);
        assertSame(array, pool.take(40_000));
        pool.give(new byte[10]);
        assertEquals(ArrayPool.SMALLEST, pool.take(10).length);
        assertTrue(pool.take(3 << 20).length >= 3 << 20);
    }
}

package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.memphisee.core.cluster.WriteFence;
import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.log.LogStore;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.World;

/** What liveness learns of the log writer. */
class LogWriterFaultTest {

    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private long now;
    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long wallNanos() {
            return now;
        }

        @Override
        public long nowNanos() {
            return now;
        }
    };

    private interface Write {
        void run() throws StoreException;
    }

    private LogWriter writer(Write write) {
        LogStore store = (LogStore) Proxy.newProxyInstance(LogStore.class.getClassLoader(), new Class<?>[] {LogStore.class},
            (proxy, method, arguments) -> {
                write.run();
                return null;
            });
        return new LogWriter(store, clock, LIMIT);
    }

    private static void write(LogWriter writer) {
        writer.submit(new Proposal(List.of(), true, 1, new WriteFence(), outcome -> { }));
        writer.turn();
    }

    @Test
    void shouldBeWellAfterAWriteAndWhenTheDiskIsFull() {
        LogWriter writer = writer(() -> { });
        write(writer);
        assertEquals(Optional.empty(), writer.fault(LIMIT));
        LogWriter full = writer(() -> {
            throw new StoreException("no space", null, true);
        });
        write(full);
        assertEquals(Optional.empty(), full.fault(LIMIT));
    }

    @Test
    void shouldTellThatTheStoreFailedForGood() {
        LogWriter writer = writer(() -> {
            throw new StoreException("input/output error", null, false);
        });
        write(writer);
        assertTrue(writer.fault(LIMIT).orElseThrow().contains("input/output error"));
        LogWriter broken = writer(() -> {
            throw new IllegalStateException("a defect");
        });
        write(broken);
        assertTrue(broken.fault(LIMIT).orElseThrow().contains("a defect"));
    }

    @Test
    void shouldTellThatAWriteDoesNotComeBack() {
        LogWriter[] writer = new LogWriter[1];
        Optional<?>[] seen = new Optional<?>[2];
        writer[0] = writer(() -> {
            now += LIMIT;
            seen[0] = writer[0].fault(LIMIT);
            now += TimeUnit.SECONDS.toNanos(1);
            seen[1] = writer[0].fault(LIMIT);
        });
        write(writer[0]);
        assertEquals(Optional.empty(), seen[0]);
        assertEquals(Optional.of("a write to the log has not come back for 31 s"), seen[1]);
        assertEquals(Optional.empty(), writer[0].fault(LIMIT), "it came back");
    }

    @Test
    @Timeout(20)
    void shouldTellThatItsThreadHasEnded() throws InterruptedException {
        Thread[] made = new Thread[1];
        LogWriter writer = writer(() -> { });
        writer.start(World.of(loop -> made[0] = new Thread(() -> { })));
        made[0].join();
        assertEquals(Optional.of("the log writer's thread has ended"), writer.fault(LIMIT));
    }
}

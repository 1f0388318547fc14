package org.memphisee.core.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Queue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.SideRecord;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.store.memory.MemoryLogStore;

/** How side logs keep to their limits. */
class SideLogsTest {

    private static final long DAY = 86_400L * 1_000_000_000L;

    private final MemoryLogStore store = new MemoryLogStore(MemoryLogStore.Disk.KEEPS);
    private final Queue<Runnable> reading = new ArrayDeque<>();
    private long now = 1_000 * DAY;
    private final BrokerClock clock = new BrokerClock() {
        @Override
        public long nowNanos() {
            return now;
        }

        @Override
        public long wallNanos() {
            return now;
        }
    };
    private LogWriter writer;
    private SideLogs logs;

    @BeforeEach
    void open() throws StoreException {
        writer = new LogWriter(store, clock, DAY);
        logs = new SideLogs(store, writer, reading::add, clock);
        logs.recover();
        logs.countEarlier();
        read();
    }

    private void read() {
        for (Runnable task = reading.poll(); task != null; task = reading.poll()) {
            task.run();
        }
    }

    private void write() {
        while (writer.turn()) { }
    }

    private void append(int records, int bytes) {
        for (int i = 0; i < records; i++) {
            logs.append(SideLog.SERVER, new byte[bytes]);
        }
        write();
    }

    private long stored() throws StoreException {
        return store.readSideLog(SideLog.SERVER, 0, true, Integer.MAX_VALUE).size();
    }

    private long oldest() throws StoreException {
        return store.readSideLog(SideLog.SERVER, 0, true, 1).get(0).number();
    }

    @Test
    void shouldLetTheOldestGoWhenTheBudgetIsFull() throws Exception {
        logs.limit(SideLog.SERVER, 1_000, 1 << 20);

        append(20_000, 1_000);

        assertTrue(logs.bytes(SideLog.SERVER) <= 1 << 20, "accounted " + logs.bytes(SideLog.SERVER));
        assertTrue(stored() * 1_000 > 900_000, "no more than needed: " + stored());
        assertTrue(stored() * 1_064 <= 1 << 20, "stored " + stored());
        assertEquals(20_000, store.readSideLog(SideLog.SERVER, Long.MAX_VALUE, false, 1).get(0).number());
    }

    @Test
    void shouldLetGoWhatIsTooOld() throws Exception {
        logs.limit(SideLog.SERVER, 7, 1 << 20);
        append(SideLogs.PIECE_RECORDS, 10);
        now += 5 * DAY;
        append(3, 10);
        now += 3 * DAY;

        logs.trim();
        write();

        assertEquals(SideLogs.PIECE_RECORDS + 1, oldest());
        now += 7 * DAY;
        logs.trim();
        write();
        assertEquals(0, stored());
        assertEquals(0, logs.bytes(SideLog.SERVER));
    }

    @Test
    void shouldGoOnCountingAfterARestartAndCountWhatWasThere() throws Exception {
        append(1_000, 100);
        long before = logs.bytes(SideLog.SERVER);

        SideLogs next = new SideLogs(store, writer, reading::add, clock);
        next.recover();
        next.limit(SideLog.SERVER, 1_000, 100_000);
        next.countEarlier();
        next.append(SideLog.SERVER, new byte[100]); // before the others are counted: nothing goes
        write();
        assertEquals(1_001, stored());
        read();
        assertEquals(before + 164, next.bytes(SideLog.SERVER));
        next.trim();
        write();

        assertTrue(stored() <= 100_000 / 164, "stored " + stored());
        assertEquals(1_001, store.readSideLog(SideLog.SERVER, Long.MAX_VALUE, false, 1).get(0).number());
    }

    @Test
    void shouldKeepOneRecordThatIsLargerThanTheBudget() throws Exception {
        logs.limit(SideLog.SERVER, 1_000, 10_000);

        append(1, 50_000);

        SideRecord only = store.readSideLog(SideLog.SERVER, 0, true, 10).get(0);
        assertEquals(50_000, only.bytes().length);
    }
}

package org.memphisee.core.append;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import org.memphisee.core.cluster.Proposal;
import org.memphisee.core.cluster.WriteOutcome;
import org.memphisee.core.log.SideLog;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;

/** The system log on top of the log writer. Used by the control loop, which is also where outcomes arrive. */
public final class SystemLogWriter implements SystemLog, SystemEventStore {

    private final LogWriter writer;
    private final SideLogs sideLogs;
    private Executor controlLoop;
    private long last;

    /** A log that {@link #begin} makes ready. */
    public SystemLogWriter(LogWriter writer, SideLogs sideLogs) {
        this.writer = writer;
        this.sideLogs = sideLogs;
    }

    /**
     * Before the control loop runs.
     *
     * @param loop where outcomes are told
     * @param lastIndex last index that was recovered, 0 for none
     */
    public void begin(Executor loop, long lastIndex) {
        controlLoop = loop;
        last = lastIndex;
    }

    @Override
    public long append(byte[] event, SideLog beside, long atNanos, Outcome outcome) {
        long index = ++last;
        put(index, List.of(new Stored(event, beside, atNanos)), null, outcome);
        return index;
    }

    @Override
    public void put(long first, List<Stored> events, StoreChange position, Outcome outcome) {
        List<StoreChange> changes = new ArrayList<>(2 * events.size() + 1);
        int bytes = 0;
        long index = first;
        for (Stored each : events) {
            sideLogs.appended(each.beside(), index, each.atNanos(), each.event().length);
            changes.add(new StoreChange.PutSystemEvent(index, each.event()));
            changes.add(new StoreChange.PutSideRecord(each.beside(), index, each.atNanos(), each.event()));
            bytes += 2 * each.event().length;
            index++;
        }
        if (position != null) {
            changes.add(position);
        }
        CrashPoint.SYSTEM_BEFORE_COMMIT.reached();
        submit(changes, bytes, outcome);
    }

    @Override
    public void begin(long index, byte[] snapshot, StoreChange position, Outcome outcome) {
        submit(List.of(new StoreChange.PutSystemSnapshot(index, snapshot), new StoreChange.TruncateSystemLog(index), position),
            snapshot.length, outcome);
    }

    private void submit(List<StoreChange> changes, int bytes, Outcome outcome) {
        writer.submit(new Proposal(changes, true, bytes, written -> {
            if (written instanceof WriteOutcome.Failed failure) {
                controlLoop.execute(() -> outcome.failed(failure.cause()));
            } else {
                CrashPoint.SYSTEM_AFTER_COMMIT.reached();
                controlLoop.execute(outcome::durable);
            }
        }));
    }

    @Override
    public void snapshot(long index, byte[] snapshot, long keepFrom) {
        List<StoreChange> changes = List.of(new StoreChange.PutSystemSnapshot(index, snapshot),
            new StoreChange.TruncateSystemLog(keepFrom - 1));
        // when it fails the events are still there, so nothing is lost; a later snapshot takes them in
        writer.submit(new Proposal(changes, false, snapshot.length, written -> { }));
    }
}

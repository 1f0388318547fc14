package org.memphisee.core.control;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.api.Author;
import org.memphisee.core.cluster.UndecidedException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SystemEventStore;
import org.memphisee.core.log.SystemLog;

/**
 * Appends events and folds them once they are durable, so that {@link Definitions} never holds what a crash could take
 * back. After a failed write other than a full disk the store accepts nothing until a restart (P3), and every further
 * change is refused here. Control loop only.
 */
final class ChangeLog {

    private final SystemLog log;
    private final Definitions definitions;
    private final ChangeSubjects subjects;
    private final int snapshotEvery;
    private final long keepEvents;
    private final List<SystemEventListener> listeners = new ArrayList<>();
    private long durableIndex;
    private int sinceSnapshot;
    private int snapshotSize;
    private int inFlight;
    private volatile boolean frozen;

    /**
     * A log that continues after what was recovered.
     *
     * @param snapshotEvery events between two snapshots
     * @param keepEvents events that stay in the log behind a snapshot, for projections that lag
     */
    ChangeLog(SystemLog log, Definitions definitions, int snapshotEvery, long keepEvents) {
        this.log = log;
        this.definitions = definitions;
        this.subjects = new ChangeSubjects(definitions);
        this.snapshotEvery = snapshotEvery;
        this.keepEvents = keepEvents;
    }

    /** Tells where recovery ended. */
    void recovered(long index, int eventsSinceSnapshot) {
        durableIndex = index;
        sinceSnapshot = eventsSinceSnapshot;
    }

    void listen(SystemEventListener listener) {
        listeners.add(listener);
    }

    /** Last event that is durable and folded. */
    long durableIndex() {
        return durableIndex;
    }

    /** Appends that wait for the store. */
    int inFlight() {
        return inFlight;
    }

    ChangeSubjects subjects() {
        return subjects;
    }

    /** Whether the store refused a write and changes are refused until a restart. Any thread. */
    boolean frozen() {
        return frozen;
    }

    /**
     * Appends an event.
     *
     * @param by who wants it
     * @param atNanos when, nanoseconds since the epoch
     * @param beforeFold runs when it is durable, before it is folded
     * @param durable runs after the event was folded
     * @param failed gets why it was not
     */
    void append(Author by, long atNanos, SystemEvent event, Runnable beforeFold, Runnable durable,
                Consumer<StoreException> failed) {
        ChangeSubjects.Found about = subjects.of(event);
        append(SystemEventCodec.encode(event, new ChangeNote(by, atNanos, about.subject(), about.before())), atNanos, event,
            beforeFold, durable, failed);
    }

    /** The same of an event as another node wrote it. */
    void append(byte[] stored, long atNanos, SystemEvent event, Runnable beforeFold, Runnable durable,
                Consumer<StoreException> failed) {
        if (frozen) {
            failed.accept(new StoreException("the store stopped after a failed write; restart the broker", null, false));
            return;
        }
        inFlight++;
        long[] index = new long[1];
        index[0] = log.append(stored, subjects.of(event).log(), atNanos, new SystemLog.Outcome() {
            @Override
            public void durable() {
                durable(index[0]);
            }

            @Override
            public void durable(long at) {
                inFlight--;
                beforeFold.run();
                folded(at, event);
                durable.run();
                snapshotIfDue();
            }

            @Override
            public void failed(StoreException cause) {
                inFlight--;
                frozen |= !cause.full() && !(cause instanceof UndecidedException); // then it is not the store that fails
                failed.accept(cause);
            }
        });
    }

    /** How an event that another node appended is kept here. */
    SystemEventStore.Stored kept(byte[] stored, SystemEvent event, ChangeNote note) {
        return new SystemEventStore.Stored(stored, subjects.of(event).log(), note.atNanos());
    }

    /** An event that another node appended is durable here. */
    void followed(long index, SystemEvent event) {
        folded(index, event);
        snapshotIfDue();
    }

    private void folded(long index, SystemEvent event) {
        durableIndex = index;
        sinceSnapshot++;
        definitions.apply(event);
        listeners.forEach(listener -> listener.event(index, event));
    }

    private void snapshotIfDue() {
        // a large snapshot waits for more events, so that many definitions in a row do not cost the square of their number
        if (sinceSnapshot >= Math.max(snapshotEvery, snapshotSize / 2)) {
            sinceSnapshot = 0;
            DefinitionsSnapshot all = definitions.snapshot(durableIndex);
            snapshotSize = all.events().size();
            byte[] snapshot = SystemEventCodec.encodeSnapshot(all);
            log.snapshot(durableIndex, snapshot, Math.max(0, durableIndex - keepEvents + 1));
        }
    }
}

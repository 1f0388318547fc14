package org.memphisee.core.notices;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.memphisee.core.notices.Alert.Kind;
import org.memphisee.core.tasks.TaskView;
import org.memphisee.core.tasks.TaskView.State;
import org.memphisee.core.time.BrokerClock;

/** The newest {@value #KEPT} notices, and the alerts on their way to whoever sends them on. Any thread; nothing waits. */
public final class Notices implements Alerts {

    /** Notices that are kept: some 250 KiB at most. */
    public static final int KEPT = 100;

    private final BrokerClock clock;
    private final AtomicLong last = new AtomicLong();
    private final AtomicReferenceArray<Notice> ring = new AtomicReferenceArray<>(KEPT);
    private final Map<Kind, LongAdder> raised = new EnumMap<>(Kind.class);
    private volatile Consumer<Alert> sender = alert -> { };

    public Notices(BrokerClock clock) {
        this.clock = clock;
        for (Kind kind : Kind.values()) {
            raised.put(kind, new LongAdder());
        }
    }

    /** Who is told of each alert, on the thread that raises it, and must not wait; one at a time. */
    public void sendBy(Consumer<Alert> to) {
        sender = to;
    }

    @Override
    public void raise(Alert alert) {
        raised.get(alert.kind()).increment();
        long now = clock.wallNanos();
        String page = alert.station().isEmpty() ? "" : "/stations/" + alert.station()
            + (alert.deadLetter() == 0 ? "" : "/dead-letters/" + alert.deadLetter());
        add(alert.kind() == Kind.DISCONNECTION ? Notice.Kind.INFO : Notice.Kind.ERROR, alert.kind().title() + ": " + alert.text(), alert.station(), page, now, now);
        sender.accept(alert);
    }

    /** How many alerts of a kind were raised since the start. */
    public long raised(Kind kind) {
        return raised.get(kind).sum();
    }

    /** A task ended (features.md 5.7). */
    public void ended(TaskView task) {
        String what = task.operation() + (task.station().isEmpty() ? "" : " at station " + task.station())
            + ", triggered by user " + task.user();
        String how = switch (task.state()) {
            case COMPLETED -> " has been completed successfully";
            case CANCELLED -> " has been stopped";
            case INTERRUPTED -> " was interrupted by a restart of the broker";
            case FAILED, RUNNING -> task.reason().equals("an internal error") ? " has failed due to an internal error"
                : " has failed: " + task.reason();
        };
        boolean well = task.state() == State.COMPLETED || task.state() == State.CANCELLED;
        add(well ? Notice.Kind.INFO : Notice.Kind.ERROR, what + how, task.station(), "/tasks", task.startedNanos(),
            task.endedNanos());
    }

    private void add(Notice.Kind kind, String text, String station, String page, long start, long end) {
        long id = last.incrementAndGet();
        ring.set((int) (id % KEPT), new Notice(id, kind, text, station, page, start, end));
    }

    /** The notices that are kept and newer than the given number, the newest first. */
    public List<Notice> newerThan(long id) {
        List<Notice> newer = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            Notice notice = ring.get(i);
            if (notice != null && notice.id() > id) {
                newer.add(notice);
            }
        }
        newer.sort(Comparator.comparingLong(Notice::id).reversed());
        return newer;
    }
}

package org.memphisee.core.tasks;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.SystemEvent.TaskEnded;
import org.memphisee.core.control.SystemEvent.TaskOutcome;
import org.memphisee.core.control.SystemEvent.TaskStarted;
import org.memphisee.core.control.TaskDefinition;
import org.memphisee.core.control.TaskDefinitions;
import org.memphisee.core.time.BrokerClock;
import org.memphisee.core.time.TimedLoop;

/**
 * Tasks of the broker: begun, looked at, stopped, and remembered over a restart (features.md 9.8, ADR 0120). At most
 * {@value #MOST} run at a time, and one of a kind for each station. What runs when the broker stops is not ended: the next start goes
 * on with it, or says that it was interrupted. Any thread. What fails does so with a {@link TaskRefusal} for
 * people, a {@link org.memphisee.core.control.ControlLoop.LoopFullException} or a
 * {@link org.memphisee.core.log.StoreException}.
 */
public final class Tasks {

    /** Tasks that run at a time. */
    public static final int MOST = 16;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** A task whose step does not end in this time is given up (management-api.md M-090). */
    private static final long PATIENCE_NANOS = 20 * MINUTE_NANOS;
    /** Progress is stored no more often than this. */
    private static final long STORE_NANOS = 1_000_000_000L;
    private static final System.Logger LOG = System.getLogger(Tasks.class.getName());

    private final long patienceNanos;
    private final long watchNanos;
    private final ControlEngine engine;
    private final BrokerClock clock;
    private final TimedLoop loop;
    private final TaskLog log;
    private final Map<String, TaskKind> kinds = new ConcurrentHashMap<>();
    private final List<Consumer<TaskView>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Long, RunningTask> running = new LinkedHashMap<>();
    private final Deque<RunningTask> ended = new ArrayDeque<>();
    private final List<TaskStarted> beginning = new ArrayList<>();
    private volatile List<TaskView> views = List.of();

    /** Tasks that are not yet running, and the loop on which they will, which is the caller's. */
    public Tasks(ControlEngine engine, TimedLoop loop) {
        this(engine, loop, PATIENCE_NANOS, MINUTE_NANOS);
    }

    /** The same with other times. */
    Tasks(ControlEngine engine, TimedLoop loop, long patienceNanos, long watchNanos) {
        this.patienceNanos = patienceNanos;
        this.watchNanos = watchNanos;
        this.engine = engine;
        this.clock = engine.clock();
        this.loop = loop;
        this.log = new TaskLog(engine);
    }

    /** Makes a kind known. Before {@link #start}, which goes on with those that were interrupted. */
    public void register(TaskKind kind) {
        kinds.put(kind.name(), kind);
    }

    /** Adds who is told of each task that ended, on the loop of tasks. */
    public void whenEnded(Consumer<TaskView> listener) {
        listeners.add(listener);
    }

    /** Takes over what the definitions know, when they are recovered. Done when {@link #list} shows it. */
    public CompletableFuture<Void> start() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            Collection<TaskDefinition> known = engine.definitions().tasks().all();
            loop.execute(() -> {
                known.forEach(this::recovered);
                publish();
                loop.after(watchNanos, this::watch);
                ready.complete(null);
            });
        });
        return ready;
    }

    /** The same in a cluster: tasks of other nodes are theirs, and those of this node wait for {@link #resumeOwn}. */
    public CompletableFuture<Void> startAmong() {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.resume(() -> {
            List<TaskDefinition> over = engine.definitions().tasks().all().stream().filter(task -> task.end().isPresent()).toList();
            loop.execute(() -> {
                over.forEach(this::recovered);
                publish();
                loop.after(watchNanos, this::watch);
                ready.complete(null);
            });
        });
        return ready;
    }

    /**
     * Goes on with tasks of this node that a restart interrupted, or ends them, when it knows everything that was defined: an end that
     * was decided counts. Any thread.
     */
    public void resumeOwn() {
        engine.resume(() -> {
            List<TaskDefinition> left = engine.definitions().tasks().all().stream()
                .filter(task -> task.end().isEmpty() && engine.own(task.started().id())).toList();
            loop.execute(() -> {
                left.stream().filter(task -> !running.containsKey(task.started().id())).forEach(this::recovered);
                publish();
            });
        });
    }

    /** All that run and the last {@value TaskDefinitions#KEPT} that ended, the newest first. */
    public List<TaskView> list() {
        return views;
    }

    /**
     * Begins a task.
     *
     * @param kind name of a kind that was registered
     * @param station the station it is about, empty for none
     * @param user who asks
     * @param arguments what it is told, {@value TaskStep#MAX_DATA} characters altogether
     * @return the task when its begin is durable
     */
    public CompletableFuture<TaskView> begin(String kind, String station, String user, Map<String, String> arguments) {
        return begin(kind, station, Author.named(user), arguments);
    }

    /** The same, with how they asked. */
    public CompletableFuture<TaskView> begin(String kind, String station, Author by, Map<String, String> arguments) {
        TaskKind known = kinds.get(kind);
        if (known == null) {
            throw new IllegalArgumentException("there is no kind of task " + kind);
        }
        TaskStarted wanted = new TaskStarted(0, kind, station, by.user(), TaskStep.bounded(arguments), clock.wallNanos());
        CompletableFuture<TaskView> result = new CompletableFuture<>();
        loop.execute(() -> begin(known, by, wanted, result));
        return result;
    }

    private void begin(TaskKind kind, Author by, TaskStarted wanted, CompletableFuture<TaskView> result) {
        if (running.values().stream().anyMatch(task -> same(task.started, wanted))
            || beginning.stream().anyMatch(other -> same(other, wanted))) {
            result.completeExceptionally(new TaskRefusal(kind.title() + " is running already"
                + (wanted.station().isEmpty() ? "" : " for station " + wanted.station())));
            return;
        }
        if (running.size() + beginning.size() >= MOST) {
            result.completeExceptionally(new TaskRefusal(MOST + " tasks are running already, wait until one has ended"));
            return;
        }
        beginning.add(wanted);
        log.begin(by, wanted).whenComplete((started, failure) -> loop.execute(() -> {
            beginning.remove(wanted);
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            RunningTask task = new RunningTask(started, kind, 0, 0, Map.of());
            run(task, kind);
            result.complete(task.view());
        }));
    }

    private static boolean same(TaskStarted a, TaskStarted b) {
        return a.kind().equals(b.kind()) && a.station().equals(b.station());
    }

    /**
     * Tells a task to stop. It ends when its step has ended.
     *
     * @param user who asks
     * @return the task when it has ended, however it did
     */
    public CompletableFuture<TaskView> cancel(long id, String user) {
        CompletableFuture<TaskView> result = new CompletableFuture<>();
        loop.execute(() -> {
            RunningTask task = running.get(id);
            if (task == null) {
                boolean over = ended.stream().anyMatch(other -> other.id() == id);
                result.completeExceptionally(
                    new TaskRefusal("Task " + id + (over ? " has ended already" : " does not exist")));
                return;
            }
            task.stoppedBy = user;
            task.stops.add(result);
            publish();
            if (!task.stepping) {
                stop(task);
            }
        });
        return result;
    }

    // ---- loop of tasks

    private void recovered(TaskDefinition known) {
        TaskKind kind = kinds.get(known.started().kind());
        RunningTask task = new RunningTask(known.started(), kind, known.done(), known.total(), known.data());
        if (known.end().isPresent()) {
            task.end = known.end().get();
            ended.addLast(task);
        } else if (kind != null && kind.resumable()) {
            run(task, kind);
        } else {
            running.put(task.id(), task);
            end(task, TaskOutcome.INTERRUPTED, "The broker was restarted");
        }
    }

    private void run(RunningTask task, TaskKind kind) {
        running.put(task.id(), task);
        task.movedAt = clock.nowNanos();
        task.storeFrom = task.movedAt;
        publish();
        try {
            task.work = kind.work().apply(task.state());
        } catch (RuntimeException e) {
            broken(task, e);
            return;
        }
        step(task);
    }

    private void step(RunningTask task) {
        if (task.end != null || task.stepping) {
            return;
        }
        if (!task.stoppedBy.isEmpty()) {
            stop(task);
            return;
        }
        task.stepping = true;
        CompletableFuture<TaskStep> next;
        try {
            next = Objects.requireNonNull(task.work.step(task.state()), "a step without a future");
        } catch (RuntimeException e) {
            next = CompletableFuture.failedFuture(e);
        }
        next.whenComplete((step, failure) -> loop.execute(() -> stepped(task, step, failure)));
    }

    private void stepped(RunningTask task, TaskStep step, Throwable failure) {
        task.stepping = false;
        if (task.end != null) {
            return; // given up meanwhile
        }
        task.movedAt = clock.nowNanos();
        if (step == null) {
            broken(task, failure);
            return;
        }
        task.take(step);
        switch (step.next()) {
            case COMPLETE -> end(task, TaskOutcome.COMPLETED, "");
            case FAIL -> end(task, TaskOutcome.FAILED, step.reason());
            case GO_ON -> {
                publish();
                store(task);
                if (step.pauseNanos() == 0) {
                    loop.execute(() -> step(task)); // behind what waits: no task holds up the others
                } else {
                    loop.after(step.pauseNanos(), () -> step(task));
                }
            }
        }
    }

    private void broken(RunningTask task, Throwable failure) {
        LOG.log(Level.ERROR, () -> "task " + task.id() + ", " + task.title + ", failed", failure);
        end(task, TaskOutcome.FAILED, "an internal error");
    }

    private void stop(RunningTask task) {
        end(task, TaskOutcome.CANCELLED, "Stopped by user " + task.stoppedBy);
    }

    /** What is not stored now is stored with a later step, or with the end. */
    private void store(RunningTask task) {
        if (task.storing || clock.nowNanos() - task.storeFrom < 0) {
            return;
        }
        task.storing = true;
        log.append(task.progress()).whenComplete((event, failure) -> loop.execute(() -> {
            task.storing = false;
            task.storeFrom = clock.nowNanos() + STORE_NANOS;
        }));
    }

    private void watch() {
        long now = clock.nowNanos();
        List.copyOf(running.values()).stream().filter(task -> task.end == null && now - task.movedAt > patienceNanos)
            .forEach(task -> end(task, TaskOutcome.FAILED, "No progress for " + patienceNanos / MINUTE_NANOS + " minutes"));
        loop.after(watchNanos, this::watch);
    }

    /** The task counts as running until its end is durable, so that its place is not given away before. */
    private void end(RunningTask task, TaskOutcome outcome, String reason) {
        if (task.end != null) {
            return;
        }
        task.end = new TaskEnded(task.id(), outcome, reason, task.done, task.total, task.data, clock.wallNanos());
        if (task.work != null) {
            try {
                task.work.ended(outcome);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, () -> "task " + task.id() + ", " + task.title + ", ended with a failure", e);
            }
        }
        // when the store takes it no more, it has ended all the same; after a restart it is interrupted, or goes on
        log.append(task.end).whenComplete((event, failure) -> loop.execute(() -> over(task)));
    }

    private void over(RunningTask task) {
        running.remove(task.id());
        ended.addLast(task);
        if (ended.size() > TaskDefinitions.KEPT) {
            ended.removeFirst();
        }
        publish();
        TaskView view = task.view();
        task.stops.forEach(stop -> stop.complete(view));
        listeners.forEach(listener -> listener.accept(view));
    }

    private void publish() {
        List<TaskView> all = new ArrayList<>();
        running.values().forEach(task -> all.add(0, task.view()));
        List<TaskView> before = new ArrayList<>();
        ended.forEach(task -> before.add(0, task.view()));
        all.addAll(before);
        views = List.copyOf(all);
    }
}

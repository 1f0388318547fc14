package org.memphisee.core.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.memphisee.core.log.SystemLog;
import org.memphisee.core.control.ControlFixture;
import org.memphisee.core.control.FakeSystemLog;
import org.memphisee.core.control.SystemEvent.TaskOutcome;
import org.memphisee.core.control.TaskDefinitions;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.tasks.TaskView.State;
import org.memphisee.core.time.TimedLoop;
import org.memphisee.support.Await;

class TasksTest {

    private static final String KIND = "copy";

    /** A step that waits for the test to end it. */
    private record Asked(TaskState state, CompletableFuture<TaskStep> answer) { }

    private final FakeSystemLog log = new FakeSystemLog();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<TaskOutcome> cleaned = new LinkedBlockingQueue<>();
    private final BlockingQueue<TaskView> ended = new LinkedBlockingQueue<>();
    private boolean among;
    private ControlFixture control;
    private Tasks tasks;
    private TimedLoop loop;

    private TimedLoop loop() {
        loop = new TimedLoop(control.engine.clock());
        loop.start(control.engine.world(), "background");
        return loop;
    }

    private void open(boolean resumable) throws Exception {
        control = new ControlFixture(log, ControlFixture.settings()).start();
        open(new Tasks(control.engine, loop()), resumable);
    }

    private void open(Tasks opened, boolean resumable) throws Exception {
        tasks = opened;
        tasks.register(new TaskKind(KIND, "Copy", "Copying", resumable, state -> new TaskWork() {
            @Override
            public CompletableFuture<TaskStep> step(TaskState now) {
                Asked step = new Asked(now, new CompletableFuture<>());
                asked.add(step);
                return step.answer();
            }

            @Override
            public void ended(TaskOutcome outcome) {
                cleaned.add(outcome);
            }
        }));
        tasks.whenEnded(ended::add);
        (among ? tasks.startAmong() : tasks.start()).get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        loop.close();
        control.close();
    }

    private void restart(boolean resumable) throws Exception {
        close();
        asked.clear();
        open(resumable);
    }

    private TaskView begin(String station) throws Exception {
        return get(tasks.begin(KIND, station, "ann", Map.of("to", "b")));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing came");
        return next;
    }

    private static String refusal(CompletableFuture<?> future) {
        Throwable cause = assertThrows(ExecutionException.class, () -> get(future)).getCause();
        return assertInstanceOf(TaskRefusal.class, cause).getMessage();
    }

    private TaskView only() {
        assertEquals(1, tasks.list().size(), tasks.list().toString());
        return tasks.list().get(0);
    }

    @Test
    void shouldDoOneStepAfterTheOtherAndKeepTheResult() throws Exception {
        open(false);
        TaskView begun = begin("a");
        assertEquals(State.RUNNING, begun.state());
        Asked first = next(asked);
        assertEquals(new TaskState(begun.id(), "a", "ann", Map.of("to", "b"), 0, 0, Map.of()), first.state());
        assertEquals(null, asked.poll(), "the next step waits for the first");
        first.answer().complete(TaskStep.goOn(3, 10, Map.of("at", "3")));
        Asked second = next(asked);
        assertEquals(new TaskState(begun.id(), "a", "ann", Map.of("to", "b"), 3, 10, Map.of("at", "3")), second.state());
        assertEquals(3, only().done());
        second.answer().complete(TaskStep.complete(10, 10, Map.of("copied", "9")));
        TaskView end = next(ended);
        assertEquals(List.of(end), tasks.list());
        assertEquals(new TaskView(begun.id(), KIND, "Copy", "a", "ann", begun.startedNanos(), 10, 10, Map.of("copied", "9"),
            State.COMPLETED, false, "", end.endedNanos(), "Copying"), end);
        assertEquals(TaskOutcome.COMPLETED, next(cleaned));
        restart(false);
        assertEquals(List.of(end), tasks.list());
    }

    @Test
    void shouldGoOnWithItsOwnTasksInAClusterWhenItKnowsWhatWasDecided() throws Exception {
        log.numbers = new SystemLog.NumberShare(1, 3);
        among = true;
        open(true);
        TaskView begun = begin("a");
        next(asked).answer().complete(TaskStep.goOn(3, 10, Map.of("at", "3")));
        next(asked);
        restart(true);
        assertEquals(List.of(), tasks.list(), "it may have ended meanwhile");
        tasks.resumeOwn();
        assertEquals(begun.id(), next(asked).state().id());
        assertEquals(State.RUNNING, only().state());
        tasks.resumeOwn();
        restart(false);
        tasks.resumeOwn();
        assertEquals(State.INTERRUPTED, next(ended).state());
    }

    @Test
    void shouldLeaveTasksOfOtherNodesAlone() throws Exception {
        log.numbers = new SystemLog.NumberShare(1, 3);
        among = true;
        open(true);
        begin("a");
        next(asked);
        log.numbers = new SystemLog.NumberShare(2, 3);
        restart(true);
        tasks.resumeOwn();
        begin("b"); // behind it
        assertEquals("b", next(asked).state().station());
        assertEquals("b", only().station());
    }

    @Test
    void shouldPauseBetweenStepsAsTheWorkWishes() throws Exception {
        open(false);
        begin("");
        long before = System.nanoTime();
        next(asked).answer().complete(TaskStep.goOnAfter(20_000_000, 1, 0, Map.of()));
        next(asked);
        assertTrue(System.nanoTime() - before >= 20_000_000);
        assertThrows(IllegalArgumentException.class,
            () -> TaskStep.goOnAfter(TaskStep.MAX_PAUSE_NANOS + 1, 1, 0, Map.of()));
    }

    @Test
    void shouldSayThatItWasInterruptedWhenTheBrokerWasRestarted() throws Exception {
        open(false);
        TaskView begun = begin("a");
        next(asked).answer().complete(TaskStep.goOn(3, 10, Map.of("at", "3")));
        next(asked);
        awaitStored("task_progressed");
        restart(false);
        TaskView end = next(ended);
        assertEquals(State.INTERRUPTED, end.state());
        assertEquals("The broker was restarted", end.reason());
        assertEquals(begun.id(), end.id());
        assertEquals(3, end.done());
        assertEquals(null, asked.poll(), "it does not go on");
        restart(false);
        assertEquals(List.of(end), tasks.list());
        assertEquals(null, ended.poll(), "it ends once");
    }

    @Test
    void shouldGoOnFromWhatWasStoredWhenItsKindCan() throws Exception {
        open(true);
        TaskView begun = begin("a");
        next(asked).answer().complete(TaskStep.goOn(3, 10, Map.of("at", "3")));
        next(asked).answer().complete(TaskStep.goOn(4, 10, Map.of("at", "4"))); // within a second, so not stored
        next(asked);
        awaitStored("task_progressed");
        restart(true);
        Asked again = next(asked);
        assertEquals(new TaskState(begun.id(), "a", "ann", Map.of("to", "b"), 3, 10, Map.of("at", "3")), again.state());
        again.answer().complete(TaskStep.complete(10, 10, Map.of()));
        assertEquals(State.COMPLETED, next(ended).state());
    }

    /** Also what a snapshot holds in place of events. */
    @Test
    void shouldSurviveInASnapshot() throws Exception {
        open(true);
        begin("a");
        next(asked).answer().complete(TaskStep.goOn(3, 10, Map.of("at", "3")));
        next(asked);
        awaitStored("task_progressed");
        assertEquals(2, control.definitions().events().size());
    }

    private void awaitStored(String type) {
        Await.until(type + " is stored", () -> log.events.values().stream()
            .anyMatch(e -> new String(e, StandardCharsets.UTF_8).contains(type)));
    }

    @Test
    void shouldEndBetweenStepsWhenSomebodyStopsIt() throws Exception {
        open(true);
        TaskView begun = begin("a");
        Asked step = next(asked);
        CompletableFuture<TaskView> stopped = tasks.cancel(begun.id(), "bob");
        Await.until("the task is stopping", () -> only().stopping());
        step.answer().complete(TaskStep.goOn(5, 10, Map.of()));
        TaskView end = get(stopped);
        assertEquals(State.CANCELLED, end.state());
        assertEquals("Stopped by user bob", end.reason());
        assertEquals(5, end.done());
        assertEquals(TaskOutcome.CANCELLED, next(cleaned));
        assertEquals("Task " + begun.id() + " has ended already", refusal(tasks.cancel(begun.id(), "bob")));
        assertEquals("Task 77 does not exist", refusal(tasks.cancel(77, "bob")));
        restart(true);
        assertEquals(State.CANCELLED, only().state());
        assertEquals(null, asked.poll());
    }

    @Test
    void shouldEndAtOnceWhenItIsStoppedInAPause() throws Exception {
        open(false);
        TaskView begun = begin("a");
        next(asked).answer().complete(TaskStep.goOnAfter(TaskStep.MAX_PAUSE_NANOS, 1, 2, Map.of()));
        Await.until("one step is done", () -> only().done() == 1);
        assertEquals(State.CANCELLED, get(tasks.cancel(begun.id(), "bob")).state());
    }

    @Test
    void shouldCompleteWhenItsLastStepEndsAfterSomebodyStoppedIt() throws Exception {
        open(false);
        TaskView begun = begin("a");
        Asked step = next(asked);
        CompletableFuture<TaskView> stopped = tasks.cancel(begun.id(), "bob");
        step.answer().complete(TaskStep.complete(10, 10, Map.of()));
        assertEquals(State.COMPLETED, get(stopped).state());
    }

    @Test
    void shouldTellWhyATaskFailedAndNothingOfOurInsides() throws Exception {
        open(false);
        begin("a");
        next(asked).answer().complete(TaskStep.fail("x".repeat(600), 1, 2, Map.of()));
        assertEquals("x".repeat(500), next(ended).reason());
        begin("b");
        next(asked).answer().completeExceptionally(new IllegalStateException("secret"));
        TaskView end = next(ended);
        assertEquals("failed an internal error", end.state().word() + " " + end.reason());
        begin("c");
        next(asked).answer().complete(null);
        assertEquals("an internal error", next(ended).reason());
    }

    @Test
    void shouldSurviveWorkThatThrows() throws Exception {
        open(false);
        tasks.register(new TaskKind("bad", "Bad", "Badness", false, state -> {
            if (state.station().equals("early")) {
                throw new IllegalStateException("in the factory");
            }
            return now -> {
                throw new IllegalStateException("in a step");
            };
        }));
        for (String station : List.of("early", "late")) {
            get(tasks.begin("bad", station, "ann", Map.of()));
            assertEquals(State.FAILED, next(ended).state(), station);
        }
        begin("a");
        next(asked).answer().complete(TaskStep.complete(1, 1, Map.of()));
        assertEquals(State.COMPLETED, next(ended).state());
    }

    @Test
    void shouldGiveUpATaskThatDoesNotMoveAndFreeItsPlace() throws Exception {
        control = new ControlFixture(log, ControlFixture.settings()).start();
        open(new Tasks(control.engine, loop(), 1, 1_000_000), false);
        begin("a");
        Asked stuck = next(asked);
        TaskView end = next(ended);
        assertEquals("No progress for 0 minutes", end.reason());
        stuck.answer().complete(TaskStep.complete(1, 1, Map.of())); // too late
        assertEquals(State.FAILED, only().state());
        assertEquals(TaskOutcome.FAILED, next(cleaned));
        begin("a");
    }

    @Test
    void shouldRefuseASecondOneOfItsKindForAStation() throws Exception {
        open(false);
        CompletableFuture<TaskView> first = tasks.begin(KIND, "a", "ann", Map.of());
        CompletableFuture<TaskView> second = tasks.begin(KIND, "a", "ann", Map.of());
        assertEquals("Copy is running already for station a", refusal(second));
        get(first);
        assertEquals("Copy is running already for station a", refusal(tasks.begin(KIND, "a", "ann", Map.of())));
        get(tasks.begin(KIND, "b", "ann", Map.of()));
    }

    @Test
    void shouldRefuseMoreThanMayRunUntilOneHasEnded() throws Exception {
        open(false);
        for (int i = 0; i < Tasks.MOST; i++) {
            begin("s" + i);
        }
        assertEquals("16 tasks are running already, wait until one has ended",
            refusal(tasks.begin(KIND, "more", "ann", Map.of())));
        next(asked).answer().complete(TaskStep.complete(1, 1, Map.of()));
        next(ended);
        begin("more");
        assertEquals(Tasks.MOST + 1, tasks.list().size());
    }

    @Test
    void shouldRememberTheLastTenThatEnded() throws Exception {
        open(false);
        for (int i = 0; i < TaskDefinitions.KEPT + 3; i++) {
            begin("s" + i);
            next(asked).answer().complete(TaskStep.complete(1, 1, Map.of()));
            next(ended);
        }
        List<String> shown = tasks.list().stream().map(TaskView::station).toList();
        assertEquals(List.of("s12", "s11", "s10", "s9", "s8", "s7", "s6", "s5", "s4", "s3"), shown);
        restart(false);
        assertEquals(shown, tasks.list().stream().map(TaskView::station).toList());
        assertEquals(2 * TaskDefinitions.KEPT, control.definitions().events().size());
    }

    @Test
    void shouldRefuseWhatIsTooLargeToRemember() throws Exception {
        open(false);
        Map<String, String> large = Map.of("k", "x".repeat(TaskStep.MAX_DATA));
        assertThrows(IllegalArgumentException.class, () -> tasks.begin(KIND, "", "ann", large));
        assertThrows(IllegalArgumentException.class, () -> TaskStep.goOn(1, 1, large));
        assertThrows(IllegalArgumentException.class, () -> tasks.begin("unknown", "", "ann", Map.of()));
    }

    @Test
    void shouldBeginNothingWhatTheStoreDoesNotTake() throws Exception {
        open(false);
        log.failWith(new StoreException("full", null, true));
        CompletableFuture<TaskView> begun = tasks.begin(KIND, "a", "ann", Map.of());
        assertInstanceOf(StoreException.class, assertThrows(CompletionException.class, begun::join).getCause());
        assertEquals(List.of(), tasks.list());
        log.failWith(null);
        begin("a"); // its place was given back
        Asked step = next(asked);
        log.failWith(new StoreException("full", null, true));
        step.answer().complete(TaskStep.complete(1, 1, Map.of()));
        assertEquals(State.COMPLETED, next(ended).state()); // it ended whatever the store says
        log.failWith(null);
        restart(false);
        assertEquals(State.INTERRUPTED, next(ended).state());
    }

    @Test
    void shouldNotLetOneTaskHoldUpTheOthers() throws Exception {
        open(false);
        List<String> order = new CopyOnWriteArrayList<>();
        tasks.register(new TaskKind("busy", "Busy", "Business", false, state -> now -> {
            order.add(now.station());
            return CompletableFuture.completedFuture(now.done() == 999 ? TaskStep.complete(1_000, 1_000, Map.of())
                : TaskStep.goOn(now.done() + 1, 1_000, Map.of()));
        }));
        CompletableFuture<TaskView> a = tasks.begin("busy", "a", "ann", Map.of());
        CompletableFuture<TaskView> b = tasks.begin("busy", "b", "ann", Map.of());
        get(a);
        get(b);
        next(ended);
        next(ended);
        assertEquals(2_000, order.size());
    }

}

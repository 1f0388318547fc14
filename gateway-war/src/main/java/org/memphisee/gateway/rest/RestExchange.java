package org.memphisee.gateway.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

import org.memphisee.core.client.ByteBudget;
import org.memphisee.ejb.RequestTimings;
import org.memphisee.port.HttpAnswer;
import org.memphisee.port.HttpCall;

/**
 * One request and its one answer. Begins on the event loop of its connection and stays there while its steps are short;
 * one that is to do more {@link #leaveLoop leaves it} for the container's executor. No thread waits. Steps of one exchange
 * never run at the same time, except that time may be over or the client gone.
 */
final class RestExchange {

    private static final long PATIENCE_MILLIS = 30_000;
    /** In the log only, as other servers write it. */
    private static final int CLIENT_LEFT = 499;
    private static final String ANY = "*";
    private static final String VARY = "Origin";

    final HttpCall call;
    final String method;
    /** Path as sent, not decoded. */
    final String path;
    /** Query as sent, null for none. */
    final String query;
    final String contentType;
    private final Executor executor;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicLong kept = new AtomicLong();
    private final RequestTimings timings;
    private final AccessLog log;
    private final long begun = System.nanoTime();
    /** Kind of request in the timings. */
    private volatile String kind = "other";
    private volatile ByteBudget keptFrom;
    private volatile Executor lane;
    private volatile Runnable whenOver = () -> { };
    private List<String> more = List.of();

    /**
     * Of a request that has just come.
     *
     * @param executor for what is too much for an event loop
     */
    RestExchange(HttpCall call, Executor executor, RequestTimings timings, AccessLog log) {
        this.call = call;
        this.method = call.method();
        String target = RequestTarget.local(call.target());
        int mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? null : target.substring(mark + 1);
        this.contentType = call.header("Content-Type");
        this.executor = executor;
        this.lane = call.loop();
        this.timings = timings;
        this.log = log;
        call.whenGone(this::gone);
        call.patience(PATIENCE_MILLIS, this::late);
    }

    /** Names the kind of request, one of few, for the timings. */
    void kind(String named) {
        kind = named;
    }

    /**
     * The answer may take longer than usual. Event loop.
     *
     * @param millis so much longer
     */
    void patience(long millis) {
        call.patience(millis + PATIENCE_MILLIS, this::late);
    }

    private void late() {
        whenOver.run();
        answer(Answer.TOO_SLOW);
    }

    private void gone() {
        if (answered.compareAndSet(false, true)) {
            log.add(CLIENT_LEFT, (System.nanoTime() - begun) / 1000, method, path);
        }
        whenOver.run();
        giveBack();
    }

    /** Counts memory that this request needs until it is answered; false when there is no room. */
    boolean keep(ByteBudget budget, long bytes) {
        if (bytes > 0 && !budget.take(bytes)) {
            return false;
        }
        keptFrom = budget;
        kept.addAndGet(Math.max(0, bytes));
        return true;
    }

    private void giveBack() {
        long bytes = kept.getAndSet(0);
        if (bytes > 0) {
            keptFrom.give(bytes);
        }
    }

    /** Whether it was answered: what is still to be done for it is done in vain. */
    boolean over() {
        return answered.get();
    }

    /** Where this exchange does what is too much for an event loop. */
    Executor executor() {
        return executor;
    }

    /** Goes on on the executor, now and with all further steps; also so that many steps in a row do not fill a stack. */
    void leaveLoop(Runnable work) {
        lane = executor;
        try {
            executor.execute(() -> step(work));
        } catch (RejectedExecutionException serverStops) {
            answer(Answer.NOT_READY);
        }
    }

    /** Goes on when the future is done, on the event loop or where it went from there. */
    <T> void when(CompletableFuture<T> future, BiConsumer<T, Throwable> next) {
        if (future.isDone()) {
            future.whenComplete((value, error) -> step(() -> next.accept(value, error)));
            return;
        }
        whenOver = () -> future.cancel(false);
        future.whenComplete((value, error) -> {
            try {
                lane.execute(() -> step(() -> next.accept(value, error)));
            } catch (RejectedExecutionException serverStops) {
                answer(Answer.NOT_READY);
            }
        });
    }

    /** Runs a part of the work; what it throws becomes the answer. */
    void step(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            answer(Refusals.other(e));
        }
    }

    /** Answers; false when there was an answer already. */
    boolean answer(Answer answer) {
        return answer(answer, () -> { });
    }

    /**
     * The same.
     *
     * @param whenWritten runs when the body is not needed any more, in any case
     */
    boolean answer(Answer answer, Runnable whenWritten) {
        if (!answered.compareAndSet(false, true)) {
            whenWritten.run();
            giveBack(); // of a step that went on after the client had left
            return false;
        }
        long took = System.nanoTime() - begun;
        timings.record(kind, answer.status(), took);
        log.add(answer.status(), took / 1000, method, path);
        call.answer(new HttpAnswer(answer.status(), fields(answer, more), answer.body()), () -> {
            whenWritten.run();
            giveBack();
        });
        return true;
    }

    /** The headers of an answer (rest-gateway.md 8). */
    static List<String> fields(Answer answer, List<String> more) {
        if (more.isEmpty() && !answer.temporary() && answer.type() != null) { // nearly always
            return List.of("Access-Control-Allow-Origin", ANY, "Vary", VARY, "Content-Type", answer.type());
        }
        List<String> fields = new ArrayList<>(more);
        fields.addAll(List.of("Access-Control-Allow-Origin", ANY));
        if (!more.contains("Vary")) {
            fields.addAll(List.of("Vary", VARY));
        }
        if (answer.type() != null) {
            fields.addAll(List.of("Content-Type", answer.type()));
        }
        if (answer.temporary()) {
            fields.addAll(List.of("Retry-After", "1"));
        }
        return fields;
    }

    /** Adds a header to the answer. */
    void header(String name, String value) {
        List<String> all = new ArrayList<>(more);
        all.add(name);
        all.add(value);
        more = all;
    }
}

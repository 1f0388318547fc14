package org.memphisee.gateway.rest;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.memphisee.core.client.ByteBudget;
import org.memphisee.ejb.RequestTimings;

/**
 * One request and its one answer. Begins on the container's thread; once it must wait it goes on without any, and
 * further steps run on the executor. Steps of one exchange never run at the same time, except that time may be over.
 */
final class Exchange {

    private static final long PATIENCE_MILLIS = 30_000;
    /** Larger answers are written as the client takes them. */
    private static final int AT_ONCE_BYTES = 16 << 10;

    /** For headers and body only: the container keeps the rest by thread, so that was read before. */
    final HttpServletRequest request;
    final String method;
    /** Path as sent, not decoded. */
    final String uri;
    /** Query as sent, null for none. */
    final String query;
    final String contentType;
    private final HttpServletResponse response;
    private final Executor executor;
    private final ShortWaits waits;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicLong kept = new AtomicLong();
    private final RequestTimings timings;
    private final long begun = System.nanoTime();
    /** Kind of request in the timings. */
    private volatile String kind = "other";
    private volatile ByteBudget keptFrom;
    private AsyncContext async;
    private volatile Runnable whenOver = () -> { };

    Exchange(HttpServletRequest request, HttpServletResponse response, Executor executor, ShortWaits waits,
             RequestTimings timings) {
        this.request = request;
        this.method = request.getMethod();
        this.uri = request.getRequestURI();
        this.query = request.getQueryString();
        this.contentType = request.getContentType();
        this.response = response;
        this.executor = executor;
        this.waits = waits;
        this.timings = timings;
    }

    /** Names the kind of request, one of few, for the timings. */
    void kind(String named) {
        kind = named;
    }

    /** Lets the container's thread go; the request lasts until the answer. */
    void detach() {
        detach(0);
    }

    /**
     * The same for a request that is to be answered late; must come before any wait.
     *
     * @param millis how much longer than usual the answer may take
     */
    void detach(long millis) {
        if (async == null) {
            async = request.startAsync(request, response);
            async.setTimeout(millis + PATIENCE_MILLIS);
            async.addListener(new Ending());
        }
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

    /** Goes on later on the executor, so that many steps in a row neither hold a thread nor fill its stack. */
    void later(Runnable work) {
        detach();
        executor.execute(() -> step(work));
    }

    /** Goes on when the future is done: at once, after a moment on this thread, or later on the executor. */
    <T> void when(CompletableFuture<T> future, BiConsumer<T, Throwable> next) {
        if (async == null) {
            waits.await(future);
        }
        if (future.isDone()) {
            future.whenComplete((value, error) -> step(() -> next.accept(value, error)));
            return;
        }
        detach();
        whenOver = () -> future.cancel(false);
        future.whenComplete((value, error) -> executor.execute(() -> step(() -> next.accept(value, error))));
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
            return false;
        }
        timings.record(kind, answer.status(), System.nanoTime() - begun);
        boolean later = false;
        try {
            if (answer.body().length > AT_ONCE_BYTES) {
                detach();
            }
            response.setStatus(answer.status());
            if (answer.temporary()) {
                response.setHeader("Retry-After", "1");
            }
            if (answer.type() != null) {
                response.setContentType(answer.type());
            }
            response.setContentLength(answer.body().length);
            if (answer.body().length > AT_ONCE_BYTES) {
                SlowWriter writer = new SlowWriter(response.getOutputStream(), answer.body(), () -> end(whenWritten));
                whenOver = writer::abandon;
                response.getOutputStream().setWriteListener(writer);
                later = true;
            } else if (!method.equals("HEAD")) {
                response.getOutputStream().write(answer.body());
            }
        } catch (IOException | IllegalStateException clientIsGone) {
            // nobody to tell
        } finally {
            if (!later) {
                end(whenWritten);
            }
        }
        return true;
    }

    private void end(Runnable whenWritten) {
        whenWritten.run();
        giveBack();
        if (async != null) {
            try {
                async.complete();
            } catch (IllegalStateException completedByTheContainer) {
                // then there is nothing left to do
            }
        }
    }

    void header(String name, String value) {
        response.setHeader(name, value);
    }

    /** The container's view of the end. */
    private final class Ending implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) {
            whenOver.run();
            answer(Answer.TOO_SLOW);
        }

        @Override
        public void onError(AsyncEvent event) {
            whenOver.run();
            answer(Answer.SERVER_ERROR);
        }

        @Override
        public void onComplete(AsyncEvent event) { // also when the container ended what nobody answered
            whenOver.run();
            giveBack();
        }

        @Override
        public void onStartAsync(AsyncEvent event) { // happens once
        }
    }
}

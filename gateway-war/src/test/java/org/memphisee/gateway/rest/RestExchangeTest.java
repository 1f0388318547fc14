package org.memphisee.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.memphisee.core.client.ByteBudget;
import org.memphisee.ejb.RequestTimings;

/** A request's steps, its body and its end, without a network. */
class RestExchangeTest {

    private static final Answer TOO_LARGE = Answer.failure(413, "too large");
    private static final int KIB = 1024;

    private final FakeCall call = new FakeCall();
    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final ByteBudget budget = new ByteBudget(64 * KIB);
    private final RequestBody bodies = new RequestBody(budget);

    private RestExchange exchange() {
        return new RestExchange(call, executor::add, new RequestTimings(), AccessLog.none());
    }

    private CompletableFuture<byte[]> read(RestExchange exchange, int limit) {
        return bodies.read(exchange, limit, TOO_LARGE);
    }

    /** Answers with the length of the body, or with what went wrong with it. */
    private RestExchange answeringBody(int limit) {
        RestExchange exchange = exchange();
        exchange.when(read(exchange, limit), (body, error) -> exchange.answer(error == null
            ? Answer.text(200, Integer.toString(body.length)) : Refusals.other(error)));
        return exchange;
    }

    private void piece(int bytes) {
        call.body.piece(ByteBuffer.wrap(new byte[bytes]));
    }

    private void finish() {
        call.runLoop();
        for (Runnable work = executor.poll(); work != null; work = executor.poll()) {
            work.run();
        }
        call.runLoop();
    }

    @Test
    void shouldPutABodyOfUnknownLengthTogether() {
        CompletableFuture<byte[]> body = read(exchange(), 100);
        call.body.piece(ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8)));
        call.body.piece(ByteBuffer.wrap("de".getBytes(StandardCharsets.UTF_8)));
        assertFalse(body.isDone());
        call.body.end();
        assertArrayEquals("abcde".getBytes(StandardCharsets.UTF_8), body.join());
    }

    @Test
    void shouldTakeABodyOfExactlyTheLimitAndNotAByteMore() {
        answeringBody(20 * KIB);
        piece(20 * KIB);
        call.body.end();
        finish();
        assertEquals("20480", call.text());

        FakeCall other = new FakeCall();
        RestExchange second = new RestExchange(other, executor::add, new RequestTimings(), AccessLog.none());
        second.when(read(second, 20 * KIB), (body, error) -> second.answer(Refusals.other(error)));
        other.body.piece(ByteBuffer.wrap(new byte[20 * KIB]));
        other.body.piece(ByteBuffer.wrap(new byte[1]));
        other.runLoop();
        assertEquals(413, other.onlyAnswer().status());
    }

    @Test
    void shouldRefuseWhatIsAnnouncedAsTooLargeWithoutReadingIt() {
        call.length = 101;
        answeringBody(100);
        assertEquals(413, call.onlyAnswer().status());
        assertNull(call.body);
    }

    @Test
    void shouldGiveTheMemoryOfABodyBackWhenItsAnswerIsWritten() {
        answeringBody(50 * KIB);
        piece(40 * KIB);
        assertTrue(budget.taken() > 0);
        call.body.end();
        finish();
        assertTrue(budget.taken() > 0, "the message may still be on its way");
        call.whenWritten.run();
        assertEquals(0, budget.taken());
    }

    @Test
    void shouldGiveTheMemoryBackWhenTheClientLeaves() {
        RestExchange exchange = answeringBody(50 * KIB);
        piece(40 * KIB);
        call.body.failed(new IOException("the client left"));
        call.whenGone.run();
        finish();
        assertTrue(exchange.over());
        call.whenWritten.run();
        assertEquals(0, budget.taken());
    }

    @Test
    void shouldAskToTryAgainWhenManyBodiesFillTheMemory() {
        assertTrue(budget.take(60 * KIB));
        answeringBody(50 * KIB);
        piece(40 * KIB);
        call.runLoop();
        assertEquals(503, call.onlyAnswer().status());
        assertTrue(call.onlyAnswer().fields().contains("Retry-After"));
        call.whenWritten.run();
        assertEquals(60 * KIB, budget.taken());
    }

    @Test
    void shouldUndoCompressionAwayFromTheEventLoop() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[10 * KIB]);
        }
        call.headers.put("Content-Encoding", "gzip");
        answeringBody(10 * KIB);
        call.body.piece(ByteBuffer.wrap(packed.toByteArray()));
        call.body.end();
        call.runLoop();
        assertEquals(List.of(), call.answers);
        finish();
        assertEquals("10240", call.text());
    }

    @Test
    void shouldSayThatTheBodyDidNotArrive() {
        call.length = 10;
        answeringBody(100);
        piece(4);
        call.body.failed(new IOException("the body came too slowly"));
        finish();
        assertEquals(408, call.onlyAnswer().status());
    }

    @Test
    void shouldAnswerOnceAndRunWhatFollowsInAnyCase() {
        RestExchange exchange = exchange();
        AtomicInteger written = new AtomicInteger();
        assertTrue(exchange.answer(Answer.DONE, written::incrementAndGet));
        assertFalse(exchange.answer(Answer.TOO_SLOW, written::incrementAndGet));
        assertEquals(1, written.get());
        call.whenWritten.run();
        assertEquals(2, written.get());
        assertEquals(200, call.onlyAnswer().status());
    }

    @Test
    void shouldCancelWhatItWaitsForWhenTimeIsOver() {
        RestExchange exchange = exchange();
        CompletableFuture<String> never = new CompletableFuture<>();
        exchange.when(never, (value, error) -> exchange.answer(Answer.DONE));
        call.whenOver.run();
        assertTrue(never.isCancelled());
        finish();
        assertEquals(503, call.onlyAnswer().status());
    }

    @Test
    void shouldCancelWhatItWaitsForWhenTheClientLeaves() {
        RestExchange exchange = exchange();
        CompletableFuture<String> never = new CompletableFuture<>();
        exchange.when(never, (value, error) -> exchange.answer(Answer.DONE));
        call.whenGone.run();
        assertTrue(never.isCancelled());
        finish();
        assertEquals(List.of(), call.answers);
    }

    @Test
    void shouldGoOnOnTheLoopUntilItLeavesItAndThenNeverAgain() {
        RestExchange exchange = exchange();
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        exchange.when(first, (value, error) -> exchange.leaveLoop(() ->
            exchange.when(second, (again, failure) -> exchange.answer(Answer.DONE))));
        first.complete("");
        assertEquals(1, call.onLoop.size());
        call.runLoop();
        assertEquals(1, executor.size());
        executor.poll().run();
        second.complete("");
        assertEquals(0, call.onLoop.size());
        executor.poll().run();
        assertEquals(200, call.onlyAnswer().status());
    }

    @Test
    void shouldAnswerWhenTheContainerTakesNoMoreWork() {
        RestExchange exchange = new RestExchange(call, work -> {
            throw new RejectedExecutionException("the server stops");
        }, new RequestTimings(), AccessLog.none());
        exchange.leaveLoop(() -> exchange.answer(Answer.DONE));
        assertEquals(503, call.onlyAnswer().status());
    }

    @Test
    void shouldMakeWhatAStepThrowsTheAnswer() {
        RestExchange exchange = exchange();
        exchange.step(() -> {
            throw new Rejection(Answer.USERNAME_REQUIRED);
        });
        assertEquals(400, call.onlyAnswer().status());
    }

    @Test
    void shouldTellPathAndQueryApart() {
        RestExchange exchange = exchange();
        assertEquals("/stations/a/produce/single", exchange.path);
        assertEquals("x=y", exchange.query);
    }
}

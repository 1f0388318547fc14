package org.memphisee.gateway.rest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import org.memphisee.core.client.ByteBudget;
import org.memphisee.port.HttpBody;

/** Gathers bodies as they come. Thread-safe. */
final class RequestBody {

    private static final int FIRST_BYTES = 8 << 10;
    private static final byte[] EMPTY = {};
    private static final Answer BUSY = Answer.failure(503, "the broker is busy, try again");

    private final ByteBudget budget;

    /**
     * @param budget for bodies of all requests that are not answered yet, but for the first bytes of each
     */
    RequestBody(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Reads the whole body and undoes its compression. Event loop of the exchange.
     *
     * @param limit bytes it may have, also after that
     * @param tooLarge answer to larger ones
     */
    CompletableFuture<byte[]> read(RestExchange exchange, int limit, Answer tooLarge) {
        long announced = exchange.call.contentLength();
        if (announced > limit) {
            return CompletableFuture.failedFuture(new Rejection(tooLarge));
        }
        if (announced == 0) {
            return CompletableFuture.completedFuture(EMPTY);
        }
        Gathering gathering = new Gathering(exchange, limit, tooLarge, (int) announced);
        exchange.call.read(gathering);
        String encoding = exchange.call.header("Content-Encoding");
        return encoding == null || encoding.isEmpty() ? gathering.result
            : gathering.result.thenApplyAsync(
                bytes -> Compression.undo(bytes, encoding, limit, tooLarge, more -> keep(exchange, more)),
                exchange.executor());
    }

    private void keep(RestExchange exchange, int bytes) {
        if (!exchange.keep(budget, bytes)) {
            throw new Rejection(BUSY);
        }
    }

    /** Gathers a body piece by piece. */
    private final class Gathering implements HttpBody {
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final RestExchange exchange;
        private final int limit;
        private final Answer tooLarge;
        private byte[] bytes;
        private int length;

        /**
         * @param announced bytes, or -1 when that is not known
         */
        Gathering(RestExchange exchange, int limit, Answer tooLarge, int announced) {
            this.exchange = exchange;
            this.limit = limit;
            this.tooLarge = tooLarge;
            this.bytes = new byte[announced < 0 ? FIRST_BYTES : Math.min(FIRST_BYTES, announced)];
        }

        @Override
        public void piece(ByteBuffer more) {
            if (result.isDone()) {
                return;
            }
            int n = more.remaining();
            if (n > limit - length) {
                failed(new Rejection(tooLarge));
            } else if (n <= bytes.length - length || grow(length + n)) {
                more.get(bytes, length, n);
                length += n;
            }
        }

        private boolean grow(int needed) {
            int next = (int) Math.min(limit, Math.max(needed, bytes.length * 2L));
            if (!exchange.keep(budget, next - bytes.length)) {
                failed(new Rejection(BUSY));
                return false;
            }
            bytes = Arrays.copyOf(bytes, next);
            return true;
        }

        @Override
        public void end() {
            result.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }

        @Override
        public void failed(IOException why) {
            failed((Exception) why);
        }

        private void failed(Exception why) {
            bytes = EMPTY;
            length = 0;
            result.completeExceptionally(why);
        }
    }
}

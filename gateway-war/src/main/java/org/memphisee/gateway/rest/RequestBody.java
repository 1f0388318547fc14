package org.memphisee.gateway.rest;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;

import org.memphisee.core.client.ByteBudget;

/** Reads bodies: at once what is there already, else as it comes, without a thread that waits. */
final class RequestBody {

    private static final int FIRST_BYTES = 8 << 10;

    private final ByteBudget budget;

    /**
     * @param budget for bodies of all requests that are not complete yet
     */
    RequestBody(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Reads the whole body and undoes its compression.
     *
     * @param limit bytes it may have, also after that
     * @param tooLarge answer to larger ones
     */
    CompletableFuture<byte[]> read(Exchange exchange, int limit, Answer tooLarge) {
        HttpServletRequest request = exchange.request;
        long announced = request.getContentLengthLong();
        if (announced > limit) {
            return CompletableFuture.failedFuture(new Rejection(tooLarge));
        }
        String encoding = request.getHeader("Content-Encoding");
        CompletableFuture<byte[]> raw;
        try {
            ServletInputStream in = request.getInputStream();
            if (announced == 0) {
                raw = CompletableFuture.completedFuture(new byte[0]);
            } else if (announced > 0 && in.available() >= announced) {
                raw = CompletableFuture.completedFuture(in.readNBytes((int) announced));
            } else {
                Gathering gathering = new Gathering(in, limit, tooLarge, (int) Math.max(0, announced));
                exchange.detach();
                in.setReadListener(gathering);
                raw = gathering.result;
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return encoding == null || encoding.isEmpty() ? raw
            : raw.thenApply(bytes -> Compression.undo(bytes, encoding, limit, tooLarge));
    }

    /** Gathers a body piece by piece; called by one thread of the container at a time. */
    private final class Gathering implements ReadListener {
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final ServletInputStream in;
        private final int limit;
        private final Answer tooLarge;
        private byte[] bytes;
        private int length;
        private long taken;

        Gathering(ServletInputStream in, int limit, Answer tooLarge, int announced) {
            this.in = in;
            this.limit = limit;
            this.tooLarge = tooLarge;
            this.bytes = new byte[Math.min(FIRST_BYTES, Math.max(announced, 64))];
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (!result.isDone() && in.isReady() && !in.isFinished()) {
                if (length == bytes.length && !grow()) {
                    return;
                }
                int n = in.read(bytes, length, bytes.length - length);
                if (n < 0) {
                    return;
                }
                length += n;
            }
        }

        private boolean grow() {
            if (length > limit) {
                end(new Rejection(tooLarge));
                return false;
            }
            int next = (int) Math.min(limit + 1L, bytes.length * 2L);
            if (!budget.take(next - bytes.length)) {
                end(new Rejection(Answer.failure(503, "the broker is busy, try again")));
                return false;
            }
            taken += next - bytes.length;
            bytes = Arrays.copyOf(bytes, next);
            return true;
        }

        @Override
        public void onAllDataRead() {
            if (length > limit) {
                end(new Rejection(tooLarge));
            } else {
                byte[] all = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
                giveBack();
                result.complete(all);
            }
        }

        @Override
        public void onError(Throwable clientIsGone) {
            end(clientIsGone);
        }

        private void end(Throwable why) {
            bytes = new byte[0];
            length = 0;
            giveBack();
            result.completeExceptionally(why);
        }

        private void giveBack() {
            budget.give(taken);
            taken = 0;
        }
    }
}

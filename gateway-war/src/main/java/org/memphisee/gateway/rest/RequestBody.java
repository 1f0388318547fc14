package org.memphisee.gateway.rest;

import java.io.EOFException;
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
    private static final Answer BUSY = Answer.failure(503, "the broker is busy, try again");
    /** Bodies up to this size mostly came with their headers; a thread that waits for the rest waits shortly. */
    private static final int SMALL_BYTES = 16 << 10;

    private final ByteBudget budget;
    private final ShortWaits reads;

    /**
     * @param budget for bodies of all requests that are not answered yet, but for the first bytes of each
     * @param reads threads that may wait for the rest of a small body at a time, as long as the container lets them
     */
    RequestBody(ByteBudget budget, ShortWaits reads) {
        this.budget = budget;
        this.reads = reads;
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
            } else if (announced > 0 && announced <= SMALL_BYTES && reads.begin()) {
                raw = CompletableFuture.completedFuture(small(in, (int) announced));
            } else {
                Gathering gathering = new Gathering(exchange, limit, tooLarge, (int) Math.max(0, announced));
                exchange.detach();
                gathering.in = in;
                in.setReadListener(gathering);
                raw = gathering.result;
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return encoding == null || encoding.isEmpty() ? raw
            : raw.thenApply(bytes -> Compression.undo(bytes, encoding, limit, tooLarge, more -> keep(exchange, more)));
    }

    private void keep(Exchange exchange, int bytes) {
        if (!exchange.keep(budget, bytes)) {
            throw new Rejection(BUSY);
        }
    }

    private byte[] small(ServletInputStream in, int announced) throws IOException {
        try {
            byte[] bytes = new byte[announced];
            int length = in.readNBytes(bytes, 0, announced);
            if (length < announced) {
                throw new EOFException("the client left");
            }
            return bytes;
        } finally {
            reads.end();
        }
    }

    /** Gathers a body piece by piece; called by one thread of the container at a time. */
    private final class Gathering implements ReadListener {
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final Exchange exchange;
        private final int limit;
        private final Answer tooLarge;
        private byte[] bytes;
        private int length;
        private ServletInputStream in;

        Gathering(Exchange exchange, int limit, Answer tooLarge, int announced) {
            this.exchange = exchange;
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
            if (!exchange.keep(budget, next - bytes.length)) {
                end(new Rejection(BUSY));
                return false;
            }
            bytes = Arrays.copyOf(bytes, next);
            return true;
        }

        @Override
        public void onAllDataRead() {
            if (length > limit) {
                end(new Rejection(tooLarge));
            } else {
                result.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
            }
        }

        @Override
        public void onError(Throwable clientIsGone) {
            end(clientIsGone);
        }

        private void end(Throwable why) {
            bytes = new byte[0];
            length = 0;
            result.completeExceptionally(why);
        }
    }
}

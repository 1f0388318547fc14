package org.memphisee.core.stations;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.memphisee.core.errand.ErrandRefusal;

/** A request that is answered with an error text. Carries no stack trace: it is an answer, not a fault. */
public final class RequestRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RequestRefusal(String text) {
        super(text, null, false, false);
    }

    /** The same, with what a partition refuses as a refusal of the request. */
    public static <T> CompletableFuture<T> of(CompletableFuture<T> errand) {
        return errand.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(cause instanceof ErrandRefusal ? new RequestRefusal(cause.getMessage()) : cause);
        });
    }
}

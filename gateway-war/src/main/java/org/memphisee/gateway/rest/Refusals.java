package org.memphisee.gateway.rest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.client.LocalRefusal;

/** Refusals of the core as HTTP answers: the core decides and words them, this only finds the status. */
final class Refusals {

    private static final System.Logger LOG = System.getLogger(Refusals.class.getName());

    private final boolean oldStatus;

    /**
     * @param oldStatus whether failed produce requests are always answered with 500, as the reference does
     */
    Refusals(boolean oldStatus) {
        this.oldStatus = oldStatus;
    }

    /** Answer to a produce request. */
    Answer produce(Throwable error) {
        return error(error) instanceof LocalRefusal refusal
            ? Answer.failure(produceStatus(refusal.kind()), refusal.getMessage()) : other(error);
    }

    /** Its status alone. */
    int produceStatus(LocalRefusal.Kind kind) {
        return oldStatus ? 500 : switch (kind) {
            case INVALID -> 400;
            case NOT_ALLOWED -> 403;
            case UNKNOWN_USER -> 401;
            case TOO_LARGE -> 413;
            case STORAGE_FULL, BUSY, UNAVAILABLE -> 503;
            case FAILED -> 500;
        };
    }

    /** Answer to a consume request: everything is 400 but what may pass. */
    Answer consume(Throwable error) {
        if (!(error(error) instanceof LocalRefusal refusal)) {
            return other(error);
        }
        boolean temporary = refusal.kind() == LocalRefusal.Kind.BUSY || refusal.kind() == LocalRefusal.Kind.UNAVAILABLE;
        return Answer.failure(temporary && !oldStatus ? 503 : 400, refusal.getMessage());
    }

    /** What the reference answers with 500 and the bare error; else with the status and what may help. */
    Answer failure(int status, String error, String hint) {
        return oldStatus ? Answer.text(500, error) : Answer.failure(status, error).hint(hint);
    }

    /** What is nobody's fault but ours. */
    static Answer other(Throwable error) {
        Throwable cause = error(error);
        if (cause instanceof Rejection rejection) {
            return rejection.answer();
        }
        if (cause instanceof AccessRefusal refusal && refusal.reason() == AccessRefusal.Reason.BUSY) {
            return Answer.message(503, refusal.getMessage());
        }
        if (cause instanceof IOException) { // of the client's connection: the rest of the body did not come
            return Answer.INCOMPLETE;
        }
        if (cause instanceof CancellationException) { // it took too long and was answered so
            return Answer.TOO_SLOW;
        }
        LOG.log(Level.ERROR, "a request to the REST gateway failed", cause);
        return Answer.SERVER_ERROR;
    }

    static Throwable error(Throwable error) {
        Throwable e = error;
        while (e instanceof CompletionException && e.getCause() != null) {
            e = e.getCause();
        }
        return e;
    }
}

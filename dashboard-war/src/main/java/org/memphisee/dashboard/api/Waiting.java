package org.memphisee.dashboard.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.memphisee.core.access.AccessRefusal;
import org.memphisee.core.access.AccessRefusal.Reason;
import org.memphisee.core.backup.BackupRefusal;
import org.memphisee.core.definitions.DocumentRefusal;
import org.memphisee.core.integrations.IntegrationRefusal;
import org.memphisee.core.settings.SettingRefusal;
import org.memphisee.core.client.LocalRefusal;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.SchemaRefusal;
import org.memphisee.core.stations.Unavailable;
import org.memphisee.core.tasks.TaskRefusal;

/** Waits on a request's thread for what the core does on its own, and turns refusals into answers. */
final class Waiting {

    private static final long SECONDS = 15;

    private Waiting() { }

    /** The result, or the failure that the caller gets as answer. */
    static <T> T await(CompletableFuture<T> future) {
        return await(future, SECONDS);
    }

    /** The same for what may take longer; it goes on when nobody waits any more. */
    static <T> T await(CompletableFuture<T> future, long seconds) {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.of(ApiFailure.UNAVAILABLE, "The server is stopping");
        } catch (TimeoutException e) {
            throw ApiFailure.of(ApiFailure.UNAVAILABLE, "The broker did not answer in time, try again");
        } catch (ExecutionException e) {
            throw answer(e.getCause());
        }
    }

    /** A failure of the core as the caller gets it; what is nobody's fault but ours passes through. */
    static RuntimeException answer(Throwable cause) {
        if (cause instanceof LocalRefusal refusal) {
            return refusal.kind() == LocalRefusal.Kind.INVALID || refusal.kind() == LocalRefusal.Kind.TOO_LARGE
                ? ApiFailure.showable(refusal.getMessage()) : ApiFailure.of(ApiFailure.UNAVAILABLE, refusal.getMessage());
        }
        if (cause instanceof AccessRefusal refusal) {
            return refusal.reason() == Reason.BUSY ? ApiFailure.of(ApiFailure.UNAVAILABLE, refusal.getMessage())
                : ApiFailure.showable(refusal.getMessage());
        }
        if (cause instanceof RequestRefusal || cause instanceof DocumentRefusal || cause instanceof TaskRefusal
            || cause instanceof SettingRefusal || cause instanceof BackupRefusal || cause instanceof IntegrationRefusal) {
            return ApiFailure.showable(cause.getMessage());
        }
        if (cause instanceof SchemaRefusal) {
            return ApiFailure.of(ApiFailure.SCHEMA_CONTENT, cause.getMessage());
        }
        return Unavailable.reason(cause).<RuntimeException>map(reason -> ApiFailure.of(ApiFailure.UNAVAILABLE, reason))
            .orElseGet(() -> cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause));
    }
}

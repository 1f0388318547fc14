package org.memphisee.core.deadletters;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.memphisee.core.access.StationAccess;
import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeResult;
import org.memphisee.core.control.ControlEngine;
import org.memphisee.core.control.NameLock;
import org.memphisee.core.control.SystemEvent.DeadLetterRetrySet;
import org.memphisee.core.letters.RetryPolicy;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.stations.RequestRefusal;
import org.memphisee.core.stations.StationView;
import org.memphisee.core.stations.Target;

/**
 * When dead letters of a station are given to their groups again by themselves (F-114). Any thread; answers come on a thread
 * of the broker and fail as those of {@link DeadLetters} do, or with a {@link StoreException}.
 */
public final class LetterRetries {

    private final ControlEngine engine;
    private final StationAccess access;
    private final LongSupplier keptHours;

    /** {@code keptHours} says how long letters are kept. */
    LetterRetries(ControlEngine engine, StationAccess access, LongSupplier keptHours) {
        this.engine = engine;
        this.access = access;
        this.keptHours = keptHours;
    }

    /** What a station says; {@link RetryPolicy#NONE} when nothing is given again by itself. */
    public CompletableFuture<RetryPolicy> of(String user, StationView station) {
        access.requireRead(user, station.name());
        CompletableFuture<RetryPolicy> result = new CompletableFuture<>();
        engine.submit(() -> result.complete(Target.find(engine.definitions(), station.name())
            .map(target -> engine.definitions().retries().of(target.id())).orElse(RetryPolicy.NONE)));
        return result;
    }

    /**
     * Says it for letters to come and for those that wait for their next attempt; durable.
     *
     * @param by who asks; must be allowed to change the station
     */
    public CompletableFuture<Void> set(Author by, StationView station, RetryPolicy policy) {
        access.requireWrite(by.user(), station.name());
        require(policy);
        CompletableFuture<Void> result = new CompletableFuture<>();
        engine.submit(() -> engine.lock(station.name(), lock -> {
            Target target = Target.find(engine.definitions(), station.name()).orElse(null);
            if (target == null || engine.definitions().retries().of(target.id()).equals(policy)) {
                lock.release();
                answer(result, target == null ? new RequestRefusal("Station " + station.name() + " does not exist") : null);
            } else {
                change(by, new DeadLetterRetrySet(target.id(), policy.delaysMillis(), policy.maximum()), lock, result);
            }
        }));
        return result;
    }

    private void change(Author by, DeadLetterRetrySet event, NameLock lock, CompletableFuture<Void> result) {
        engine.change(by, event, ControlEngine.ending(lock, new ChangeResult() {
            @Override
            public void effective() {
                answer(result, null);
            }

            @Override
            public void failed(StoreException cause) {
                answer(result, cause);
            }
        }));
    }

    private static void answer(CompletableFuture<Void> result, Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private void require(RetryPolicy policy) {
        String problem = problem(policy, keptHours.getAsLong());
        if (!problem.isEmpty()) {
            throw new RequestRefusal(problem);
        }
    }

    /**
     * Why a station may not say so.
     *
     * @param keptHours how long dead letters are kept
     * @return empty when it may
     */
    public static String problem(RetryPolicy policy, long keptHours) {
        if (policy.equals(RetryPolicy.NONE)) {
            return "";
        }
        if (policy.delaysMillis().isEmpty() || policy.delaysMillis().size() > RetryPolicy.MOST_DELAYS) {
            return "delays has to be a list of 1 to " + RetryPolicy.MOST_DELAYS + " numbers";
        }
        if (policy.maximum() < 1 || policy.maximum() > RetryPolicy.MOST_ATTEMPTS) {
            return "maximum has to be 1 to " + RetryPolicy.MOST_ATTEMPTS + " attempts";
        }
        for (long delay : policy.delaysMillis()) {
            if (delay < RetryPolicy.LEAST_MILLIS || delay > RetryPolicy.MOST_MILLIS) {
                return "a delay has to be " + RetryPolicy.LEAST_MILLIS / 1_000 + " to " + RetryPolicy.MOST_MILLIS / 1_000 + " seconds";
            }
            if (delay >= TimeUnit.HOURS.toMillis(keptHours)) {
                return "a delay of " + delay / 1_000 + " seconds is not shorter than dead letters are kept, which is " + keptHours
                    + " hours: shorten it, or keep them longer";
            }
        }
        return "";
    }
}

package org.memphisee.core.stations;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

import org.memphisee.core.errand.ErrandUnavailable;
import org.memphisee.core.log.StoreException;

/** Tells failures that came at a wrong time, and pass, from those that are somebody's fault. Any thread. */
public final class Unavailable {

    private Unavailable() { }

    /** What to tell whoever asked, in words for people; empty when trying again will not help. */
    public static Optional<String> reason(Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            return Optional.of("The broker is busy, try again");
        }
        if (failure instanceof ErrandUnavailable) {
            return Optional.of(failure.getMessage());
        }
        return failure instanceof StoreException
            ? Optional.of("The change could not be stored: " + failure.getMessage()) : Optional.empty();
    }
}

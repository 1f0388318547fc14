package org.memphisee.core.errand;

import java.util.concurrent.CompletableFuture;

import org.memphisee.core.partition.KnownPartition;
import org.memphisee.core.stream.StreamConfig;

/** A partition as doors use it, whichever node decides about it. Any thread; nothing here waits. */
public final class AnyPartition {

    private final Errands errands;
    private final KnownPartition known;

    AnyPartition(Errands errands, KnownPartition known) {
        this.errands = errands;
        this.known = known;
    }

    KnownPartition known() {
        return known;
    }

    /** Its number, never reused. */
    public long id() {
        return known.id();
    }

    /** Name of its stream. */
    public String name() {
        return known.name();
    }

    /** Its configuration now. */
    public StreamConfig config() {
        return known.config();
    }

    /** When it was created, nanoseconds since the epoch. */
    public long createdNanos() {
        return known.createdNanos();
    }

    /** Its figures, of one that another node decides about as {@link Errands#refresh} last brought them. */
    public PartitionFigures figures() {
        return errands.figures(known);
    }

    /**
     * Has an errand done by whoever decides about it, and waits some seconds for somebody who does. Completes on a thread of the
     * broker; fails with an {@link ErrandRefusal}, or an {@link ErrandUnavailable} that says whether a change may have been made.
     */
    public <A> CompletableFuture<A> run(Errand<A> errand) {
        return errands.run(known, errand, true);
    }

    /** The same for somebody who would rather know at once that nobody decides about it. */
    public <A> CompletableFuture<A> runNow(Errand<A> errand) {
        return errands.run(known, errand, false);
    }
}

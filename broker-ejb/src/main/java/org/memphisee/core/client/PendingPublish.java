package org.memphisee.core.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.memphisee.core.partition.publish.PublishOrigin;
import org.memphisee.core.partition.publish.PublishOutcome;
import org.memphisee.port.PublishRequest;

/**
 * One message on its way and the future of its caller. Answered on the shard's thread.
 */
final class PendingPublish extends CompletableFuture<Stored> implements PublishOrigin {

    private final int partition;
    private final int bytes;
    private final ByteBudget budget;
    /** Set when the messages before it in its batch failed; null for a message alone. */
    private final AtomicBoolean stopped;
    private boolean settled;

    /**
     * A message whose bytes were taken from the budget.
     *
     * @param partition number shown to the caller
     */
    PendingPublish(int partition, int bytes, ByteBudget budget, AtomicBoolean stopped) {
        this.partition = partition;
        this.bytes = bytes;
        this.budget = budget;
        this.stopped = stopped;
    }

    @Override
    public boolean wanted() {
        if (stopped != null && stopped.get()) {
            refuse(new LocalRefusal(LocalRefusal.Kind.FAILED, "not sent because an earlier message failed"));
            return false;
        }
        return !isCompletedExceptionally(); // one that nobody acknowledges is done before it is stored
    }

    @Override
    public void ended(PublishRequest request, PublishOutcome outcome) {
        if (outcome instanceof PublishOutcome.Refused refused) {
            refuse(refusal(refused));
        } else if (outcome instanceof PublishOutcome.Unknown unknown) {
            refuse(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, unknown.text()));
        } else if (outcome instanceof PublishOutcome.Undecided undecided) {
            refuse(new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, undecided.text()));
        } else if (outcome instanceof PublishOutcome.Stored stored) {
            settle();
            complete(new Stored(stored.duplicate() ? partitionOf(stored.stream()) : partition, stored.sequence(),
                stored.duplicate()));
        }
    }

    /** The earlier message with the same id may be in another partition: the answer names its stream. */
    private int partitionOf(String stream) {
        return partition == 0 ? 0 : Integer.parseInt(stream.substring(stream.lastIndexOf('$') + 1));
    }

    /** The stream acknowledges nothing: taken is all that can be said. */
    void unacknowledged() {
        settle();
        complete(new Stored(partition, 0, false));
    }

    void refuse(LocalRefusal why) {
        if (stopped != null) {
            stopped.set(true);
        }
        settle();
        completeExceptionally(why);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        settle();
        return super.cancel(mayInterrupt);
    }

    private void settle() {
        synchronized (this) { // nearly never contended: one shard, and a caller that gave up
            if (settled) {
                return;
            }
            settled = true;
        }
        budget.give(bytes);
    }

    private static LocalRefusal refusal(PublishOutcome.Refused refused) {
        return switch (refused.reason()) {
            case TOO_LARGE, HEADERS_TOO_LARGE -> new LocalRefusal(LocalRefusal.Kind.TOO_LARGE, refused.text());
            case NO_ROOM, NO_ROOM_FOR_ID, NO_ROOM_FOR_SUBJECT, NO_ROOM_YET ->
                new LocalRefusal(LocalRefusal.Kind.STORAGE_FULL, refused.text());
            case LIMIT, FROZEN, OFFLINE -> new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, refused.text());
            case GONE -> new LocalRefusal(LocalRefusal.Kind.UNAVAILABLE, "the station was removed meanwhile");
            case ID_IN_PROCESS -> new LocalRefusal(LocalRefusal.Kind.BUSY, refused.text());
            case SCHEMA -> new LocalRefusal(LocalRefusal.Kind.INVALID, refused.text());
            default -> new LocalRefusal(LocalRefusal.Kind.FAILED, refused.text());
        };
    }
}

package org.memphisee.core.station;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;

/**
 * Interest and workqueue retention (jetstream-api.md 6.14): a message goes when no consumer needs it any more. What was
 * settled in a turn is looked at once, at its end. Shard's thread only.
 */
final class InterestRetention {

    private final ShardResources resources;
    private final Removals removals;
    private final LongSupplier lastAssigned;
    private final List<Long> settled = new ArrayList<>();
    private List<ConsumerSlot> consumers = List.of();
    private StreamConfig config;
    /** Who wanted the last message; probably wants the next one too. */
    private ConsumerSlot wanting;
    private boolean turnRequested;
    /** Messages up to here were taken when other consumers, or another retention, decided about them. */
    private long takenBefore;

    /** {@code lastAssigned} tells the last sequence given out, committed or not. */
    InterestRetention(StreamConfig config, ShardResources resources, Removals removals, LongSupplier lastAssigned) {
        this.config = config;
        this.resources = resources;
        this.removals = removals;
        this.lastAssigned = lastAssigned;
    }

    /** A changed retention is in force for what is stored, what is on its way and what comes. */
    void config(StreamConfig next) {
        boolean changed = next.retention() != config.retention();
        config = next;
        if (changed) {
            takenBefore = lastAssigned.getAsLong();
            reviewAll();
        }
    }

    /**
     * All consumers are back.
     *
     * @param unfinished a removal of one was not finished when the process ended
     */
    void opened(boolean unfinished) {
        if (unfinished) {
            reviewAll();
        }
    }

    /** Whether what a consumer gave up stays as long as the consumer does. */
    boolean keepsTerminated() {
        return config.ackBased();
    }

    private boolean applies() {
        return config.retention() != StreamConfig.Retention.LIMITS;
    }

    private boolean byInterest() {
        return config.retention() == StreamConfig.Retention.INTEREST;
    }

    /** A consumer came, changed or went; the list is the owner's own. */
    void consumersChanged(List<ConsumerSlot> now) {
        consumers = now;
        wanting = null;
        takenBefore = lastAssigned.getAsLong();
    }

    /**
     * Whether a message is to be stored: always but for interest retention, where some consumer must need it, or there must
     * be none and the stream keeps messages for those who come (D14).
     */
    boolean wanted(long sequence, byte[] subject, int offset, int length) {
        if (!byInterest()) {
            return true;
        }
        if (consumers.isEmpty()) {
            return config.unclaimedAgeNanos() > 0;
        }
        if (wanting != null && wanting.consumer().unsettled(sequence, subject, offset, length)) {
            return true;
        }
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).consumer().unsettled(sequence, subject, offset, length)) {
                wanting = consumers.get(i);
                return true;
            }
        }
        return false;
    }

    void settled(long sequence) {
        if (!applies()) {
            return;
        }
        settled.add(sequence);
        if (!turnRequested) {
            turnRequested = true;
            resources.shard().atEndOfTurn(this::review);
        }
    }

    private void review() {
        turnRequested = false;
        List<Long> now = List.copyOf(settled);
        settled.clear();
        if (!applies()) {
            return; // no longer
        }
        for (long sequence : now) {
            if (consumers.size() == 1 && consumers.get(0).consumer().filter().everything()) {
                removals.remove(sequence, r -> { });
            } else {
                removals.removeIf(sequence, sequence, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
            }
        }
    }

    /** A new batch: when those who wanted it have left meanwhile, some of it may interest nobody. */
    void committed(StoredBatch batch) {
        if (byInterest() && batch.first() <= takenBefore) {
            removals.removeIf(batch.first(), batch.last(), SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    /** A consumer went, or its word counts from now on: what nobody needs may go. */
    void reviewAll() {
        if (byInterest()) {
            removals.removeIf(1, Long.MAX_VALUE, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    private boolean unneeded(MessageView m) {
        if (consumers.isEmpty() && config.unclaimedAgeNanos() > 0) {
            return false; // kept for those who come within that time (D14)
        }
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).consumer().unsettled(m.sequence, m.bytes, m.subjectOffset, m.subjectLength)) {
                return false;
            }
        }
        return true;
    }
}

package org.memphisee.core.station;

import java.util.ArrayList;
import java.util.List;

import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;

/**
 * Interest and workqueue retention (jetstream-api.md 6.14): a message goes when no consumer needs it any more. What was
 * settled in a turn is looked at once, at its end. Shard's thread only.
 */
final class InterestRetention {

    private final StreamConfig.Retention retention;
    private final ShardResources resources;
    private final Removals removals;
    private final List<Long> settled = new ArrayList<>();
    private List<ConsumerSlot> consumers = List.of();
    private boolean filtered;
    private boolean turnRequested;

    InterestRetention(StreamConfig.Retention retention, ShardResources resources, Removals removals) {
        this.retention = retention;
        this.resources = resources;
        this.removals = removals;
    }

    boolean applies() {
        return retention != StreamConfig.Retention.LIMITS;
    }

    void consumersChanged(List<ConsumerSlot> now) {
        consumers = now;
        filtered = now.stream().anyMatch(s -> !s.consumer().info().config().filterSubjects().isEmpty());
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
        for (long sequence : now) {
            if (consumers.size() == 1 && !filtered) {
                removals.remove(sequence, found -> { });
            } else {
                removals.removeIf(sequence, sequence, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
            }
        }
    }

    /** A new batch: with filters, or without any consumer, some of it may interest nobody. */
    void committed(StoredBatch batch) {
        if (retention == StreamConfig.Retention.INTEREST && filtered) {
            removals.removeIf(batch.first(), batch.last(), SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    /** A consumer went: what only it needed may go. */
    void reviewAll() {
        if (retention == StreamConfig.Retention.INTEREST) {
            removals.removeIf(1, Long.MAX_VALUE, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    private boolean unneeded(MessageView m) {
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).consumer().unsettled(m.sequence, m.bytes, m.subjectOffset, m.subjectLength)) {
                return false;
            }
        }
        return true;
    }
}

package org.memphisee.core.partition.retention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.memphisee.core.consumer.Consumer;
import org.memphisee.core.consumer.MessageView;
import org.memphisee.core.consumer.SubjectFilter;
import org.memphisee.core.partition.log.ShardResources;
import org.memphisee.core.partition.log.StoredBatch;
import org.memphisee.core.partition.log.StoredMessages;
import org.memphisee.core.stream.StreamConfig;

/**
 * Interest and workqueue retention (jetstream-api.md 6.14): a message goes when no consumer needs it any more. What was
 * settled in a turn is looked at once, at its end. Shard's thread only.
 */
public final class InterestRetention {

    private final ShardResources resources;
    private final StoredMessages messages;
    private final Removals removals;
    private final LongSupplier lastAssigned;
    private final List<Long> settled = new ArrayList<>();
    private List<Consumer> consumers = List.of();
    private StreamConfig config;
    /** Who wanted the last message; probably wants the next one too. */
    private Consumer wanting;
    private boolean turnRequested;
    /** Some of what was settled in this turn was settled by consumers that are not the present ones. */
    private boolean settledByOthers;
    /** Messages up to here were taken when other consumers, or another retention, decided about them. */
    private long takenBefore;

    /** {@code lastAssigned} tells the last sequence given out, committed or not. */
    public InterestRetention(StreamConfig config, ShardResources resources, StoredMessages messages, Removals removals,
                      LongSupplier lastAssigned) {
        this.config = config;
        this.resources = resources;
        this.messages = messages;
        this.removals = removals;
        this.lastAssigned = lastAssigned;
    }

    /** A changed retention is in force for what is stored, what is on its way and what comes. */
    public void config(StreamConfig next) {
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
    public void opened(boolean unfinished) {
        if (unfinished) {
            reviewAll();
        } else {
            reviewLeftovers();
        }
    }

    /**
     * What was settled and not removed when the process ended: a message that had to be read first, or a whole stream whose
     * retention had just changed. Found by numbers alone: where all consumers have passed, what is stored and not held by one
     * of them is needed by nobody. Only records with such messages are read. Where one has yet to come, nothing is known
     * without reading; the next start after it has come finds that.
     */
    private void reviewLeftovers() {
        if (!mayJudgeByNumbers() || messages.batches().size() == 0) {
            return;
        }
        long passed = Long.MAX_VALUE;
        for (int i = 0; i < consumers.size(); i++) {
            passed = Math.min(passed, consumers.get(i).passed());
        }
        int[] held = held(passed);
        long from = 0;
        long to = 0;
        List<long[]> ranges = new ArrayList<>(0);
        for (int i = 0; i < held.length && messages.batches().get(i).first() < passed; i++) {
            StoredBatch b = messages.batches().get(i);
            if (b.live() - Math.max(0, b.last() - passed + 1) > held[i]) {
                if (from == 0) {
                    from = b.first();
                }
                to = b.last();
            } else if (from != 0) {
                ranges.add(new long[] {from, to});
                from = 0;
            }
        }
        if (from != 0) {
            ranges.add(new long[] {from, to});
        }
        ranges.forEach(r -> removals.removeIf(r[0], r[1], SubjectFilter.EVERYTHING, this::unneeded, n -> { }));
    }

    /** A work queue keeps what no consumer is for, which numbers do not tell unless the only one is for everything. */
    private boolean mayJudgeByNumbers() {
        return byInterest() ? !consumers.isEmpty() || config.unclaimedAgeNanos() <= 0
            : applies() && consumers.size() == 1 && consumers.get(0).filter().everything();
    }

    /** For each batch, how many of its messages below a sequence some consumer holds. */
    private int[] held(long below) {
        int[] held = new int[messages.batches().size()];
        for (int i = 0; i < consumers.size(); i++) {
            int consumer = i;
            consumers.get(i).visitHeld(sequence -> {
                if (sequence < below && !heldByOneBefore(consumer, sequence)) {
                    held[messages.batches().indexOf(sequence)]++;
                }
            });
        }
        return held;
    }

    private boolean heldByOneBefore(int consumer, long sequence) {
        for (int i = 0; i < consumer; i++) {
            if (consumers.get(i).holds(sequence)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what a consumer gave up stays as long as the consumer does. */
    public boolean keepsTerminated() {
        return config.ackBased();
    }

    private boolean applies() {
        return config.retention() != StreamConfig.Retention.LIMITS;
    }

    private boolean byInterest() {
        return config.retention() == StreamConfig.Retention.INTEREST;
    }

    /** A consumer came, changed or went; the list is the owner's own. */
    public void consumersChanged(List<Consumer> now) {
        consumers = now;
        wanting = null;
        settledByOthers |= !settled.isEmpty();
        takenBefore = lastAssigned.getAsLong();
    }

    /**
     * Whether a message is to be stored: always but for interest retention, where some consumer must need it, or there must
     * be none and the stream keeps messages for those who come (D14).
     */
    public boolean wanted(long sequence, byte[] subject, int offset, int length) {
        if (!byInterest()) {
            return true;
        }
        if (consumers.isEmpty()) {
            return config.unclaimedAgeNanos() > 0;
        }
        if (wanting != null && wanting.unsettled(sequence, subject, offset, length)) {
            return true;
        }
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).unsettled(sequence, subject, offset, length)) {
                wanting = consumers.get(i);
                return true;
            }
        }
        return false;
    }

    public void settled(long sequence) {
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
        boolean byTheOnlyOne = !settledByOthers && consumers.size() == 1 && consumers.get(0).filter().everything();
        settledByOthers = false;
        if (!applies()) {
            return; // no longer
        }
        for (long sequence : now) {
            if (byTheOnlyOne) {
                removals.remove(sequence, r -> { });
            } else {
                removals.removeIf(sequence, sequence, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
            }
        }
    }

    /** A new batch: when those who wanted it have left meanwhile, some of it may interest nobody. */
    public void committed(StoredBatch batch) {
        if (byInterest() && batch.first() <= takenBefore) {
            removals.removeIf(batch.first(), batch.last(), SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    /** A consumer went, or its word counts from now on: what nobody needs may go. */
    public void reviewAll() {
        if (byInterest()) {
            removals.removeIf(1, Long.MAX_VALUE, SubjectFilter.EVERYTHING, this::unneeded, n -> { });
        }
    }

    private boolean unneeded(MessageView m) {
        if (consumers.isEmpty() && config.unclaimedAgeNanos() > 0) {
            return false; // kept for those who come within that time (D14)
        }
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).unsettled(m.sequence, m.bytes, m.subjectOffset, m.subjectLength)) {
                return false;
            }
        }
        return true;
    }
}

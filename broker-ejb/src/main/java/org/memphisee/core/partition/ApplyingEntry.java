package org.memphisee.core.partition;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.memphisee.core.cluster.EntryChange;
import org.memphisee.core.log.StoreChange;
import org.memphisee.core.log.StoreException;
import org.memphisee.core.log.SummaryCodec;

/** An entry of another broker on its way into the partitions: one step after the other, some of which read. Shard's thread. */
final class ApplyingEntry {

    private final List<Step> steps;
    private final Consumer<List<StoreChange>> done;
    private final List<StoreChange> changes = new ArrayList<>();
    private int next;
    private boolean going;
    private boolean stepEnded;

    /**
     * Changes that are applied together.
     *
     * @param partition null for what is only stored
     * @param changes what the store is told, but for a merge
     * @param merge what is to be made here first, or null
     */
    record Step(Partition partition, List<StoreChange> changes, EntryChange.Merge merge) { }

    /** {@code done} is told once: what the store is to be told, or null when a step could not be made. */
    ApplyingEntry(List<Step> steps, Consumer<List<StoreChange>> done) {
        this.steps = steps;
        this.done = done;
    }

    /** Adds the steps of changes of one partition, which is null for what is only stored. */
    static void steps(Partition partition, List<EntryChange> changes, List<Step> steps) {
        List<StoreChange> together = new ArrayList<>();
        for (EntryChange change : changes) {
            if (change instanceof EntryChange.Merge merge) {
                steps.add(new Step(partition, List.copyOf(together), null));
                steps.add(new Step(partition, List.of(), merge));
                together.clear();
            } else {
                together.add(stored(change));
            }
        }
        steps.add(new Step(partition, List.copyOf(together), null));
    }

    private static StoreChange stored(EntryChange change) {
        if (change instanceof EntryChange.Batch c) {
            try {
                return new StoreChange.PutBatch(c.partition(), SummaryCodec.decode(c.summary().bytes()), c.record(), c.offset(),
                    c.length());
            } catch (IOException e) {
                throw new IllegalStateException("a summary that was looked at is damaged", e);
            }
        }
        return ((EntryChange.Stored) change).change();
    }

    /** Makes what steps can be made. */
    void goOn() throws StoreException {
        if (going) {
            stepEnded = true;
            return;
        }
        going = true;
        do {
            if (next == steps.size()) {
                done.accept(changes);
                return;
            }
            stepEnded = false;
            make(steps.get(next++));
        } while (stepEnded);
        going = false;
    }

    private void make(Step step) throws StoreException {
        if (step.merge() != null) {
            step.partition().followMerge(step.merge().replaced(), step.merge().resultCrc(), merged -> {
                if (merged == null) {
                    ended(false);
                } else {
                    applyLater(step.partition(), List.of(merged));
                }
            });
        } else {
            apply(step.partition(), step.changes());
        }
    }

    private void applyLater(Partition partition, List<StoreChange> all) {
        try {
            apply(partition, all);
        } catch (StoreException e) {
            ended(false);
        }
    }

    private void apply(Partition partition, List<StoreChange> all) throws StoreException {
        changes.addAll(all);
        if (partition == null || all.isEmpty()) {
            ended(true);
        } else {
            partition.applied().applyMore(all, this::ended);
        }
    }

    private void ended(boolean applied) {
        if (!applied) {
            done.accept(null);
            return;
        }
        try {
            goOn();
        } catch (StoreException e) {
            done.accept(null);
        }
    }
}

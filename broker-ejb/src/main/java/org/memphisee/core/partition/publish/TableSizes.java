package org.memphisee.core.partition.publish;

import org.memphisee.core.partition.index.IndexBudget;

/**
 * How many slots the next table of a window of ids gets: tables never grow, so that the next one is larger when the last was
 * full, and smaller when it was nearly empty or memory is short. One thread at a time.
 */
final class TableSizes {

    private final IndexBudget budget;
    private final int smallest;
    private final int largest;
    private final int slotBytes;
    private int next;

    /**
     * Sizes between two, which are powers of two.
     *
     * @param slotBytes what a slot takes of the budget
     */
    TableSizes(IndexBudget budget, int smallest, int largest, int slotBytes) {
        this.budget = budget;
        this.smallest = smallest;
        this.largest = largest;
        this.slotBytes = slotBytes;
        this.next = smallest;
    }

    /** A table of so many slots, of which some are used, takes nothing more. */
    void closed(int slots, int used, boolean full) {
        if (full) {
            next = Math.min(largest, slots * 4);
        } else if (used < slots / 8) {
            next = Math.max(smallest, slots / 4);
        }
    }

    /** Slots of a new table, taken from the budget; 0 when there is no room for the smallest. */
    int take() {
        while (!budget.take((long) next * slotBytes)) {
            if (next == smallest) {
                return 0;
            }
            next /= 2;
        }
        return next;
    }

    /** No table is left: the next one is small. */
    void beginAnew() {
        next = smallest;
    }
}

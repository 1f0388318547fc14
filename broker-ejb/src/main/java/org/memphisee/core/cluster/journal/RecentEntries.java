package org.memphisee.core.cluster.journal;

/**
 * The last entries of a group, without a gap, under a budget of bytes; those that are not durable are here whatever it is, since
 * they are nowhere else. Not thread-safe.
 */
final class RecentEntries {

    /** What an entry costs besides its bytes. */
    private static final int OVERHEAD = 64;
    private static final int FEW = 16;

    private final long budget;
    private JournalEntry[] ring = new JournalEntry[FEW];
    private long[] tickets = new long[FEW];
    /** Index of the first; with none, of the next. */
    private long first = 1;
    private int size;
    private long bytes;

    RecentEntries(long budget) {
        this.budget = budget;
    }

    /**
     * Adds the next; whatever does not come before it is forgotten.
     *
     * @param ticket of its record; later ones are larger
     */
    void add(JournalEntry entry, long ticket) {
        if (entry.index() != first + size) {
            clear(entry.index());
        }
        if (size == ring.length) {
            grow();
        }
        ring[slot(entry.index())] = entry;
        tickets[slot(entry.index())] = ticket;
        size++;
        bytes += cost(entry);
    }

    /** The entry, null when it is not here. */
    JournalEntry get(long index) {
        return index < first || index >= first + size ? null : ring[slot(index)];
    }

    /** Forgets entries from an index on. */
    void cut(long from) {
        while (size > 0 && first + size > from) {
            size--;
            remove(first + size);
        }
        if (size == 0) {
            first = from;
        }
    }

    /** Forgets all; the next has this index. */
    void clear(long next) {
        cut(first);
        first = next;
    }

    /** Keeps to the budget; those whose records come after a ticket are not durable and stay. */
    void trim(long durable) {
        while (size > 0 && bytes > budget && tickets[slot(first)] <= durable) {
            remove(first);
            first++;
            size--;
        }
    }

    long bytes() {
        return bytes;
    }

    private void remove(long index) {
        bytes -= cost(ring[slot(index)]);
        ring[slot(index)] = null;
    }

    private void grow() {
        JournalEntry[] larger = new JournalEntry[2 * ring.length];
        long[] largerTickets = new long[larger.length];
        for (long index = first; index < first + size; index++) {
            larger[(int) (index & larger.length - 1)] = ring[slot(index)];
            largerTickets[(int) (index & larger.length - 1)] = tickets[slot(index)];
        }
        ring = larger;
        tickets = largerTickets;
    }

    private int slot(long index) {
        return (int) (index & ring.length - 1);
    }

    private static long cost(JournalEntry entry) {
        return OVERHEAD + (long) entry.length();
    }
}

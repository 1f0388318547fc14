package org.memphisee.contract;

import org.memphisee.core.cluster.journal.JournalException;
import org.memphisee.core.cluster.journal.JournalListener;

/** Remembers what a group was told. */
public class JournalProbe implements JournalListener {

    private volatile long durable;
    private volatile int times;
    private volatile long refused;
    private volatile JournalException why;

    @Override
    public void durable(long ticket) {
        if (ticket <= durable || refused != 0) {
            throw new IllegalStateException("durable " + ticket + " after " + durable + ", refused " + refused);
        }
        times++;
        durable = ticket;
    }

    @Override
    public void refused(long ticket, JournalException cause) {
        refused = ticket;
        why = cause;
    }

    @Override
    public void failed(JournalException cause) {
        why = cause;
    }

    /** After entries were taken back. */
    public void again() {
        refused = 0;
    }

    public long durable() {
        return durable;
    }

    /** How often it was told that something is durable. */
    public int times() {
        return times;
    }

    /** Ticket from which nothing was written, 0 for none. */
    public long refused() {
        return refused;
    }

    public JournalException why() {
        return why;
    }
}

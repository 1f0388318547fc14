package org.memphisee.core.jetstream.transfer;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** One stream on its way. {@link #step} runs on the worker, one at a time; {@link #wake} is for any thread. */
public abstract class Transfer {

    private static final System.Logger LOG = System.getLogger(Transfer.class.getName());

    private final String id;
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile Transfers transfers;
    private volatile boolean ended;

    Transfer(String id) {
        this.id = id;
    }

    /** What it is called in subjects. */
    public final String id() {
        return id;
    }

    final void begin(Transfers in) {
        transfers = in;
        wake();
    }

    /** Something came, or time passed. */
    public final void wake() {
        if (transfers != null && !ended && due.compareAndSet(false, true)) {
            transfers.execute(this::turn);
        }
    }

    private void turn() {
        due.set(false);
        if (ended) {
            return;
        }
        try {
            step();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "transfer failed", e);
            failed(e);
        }
    }

    /** Does what can be done now. */
    abstract void step();

    /** Something unforeseen happened; it must end. */
    abstract void failed(RuntimeException cause);

    final boolean ended() {
        return ended;
    }

    /** Nothing more comes of it. */
    final void end() {
        ended = true;
        transfers.ended(this);
    }
}

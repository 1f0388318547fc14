package org.memphisee.core.replication;

import org.memphisee.core.append.Shard;
import org.memphisee.core.append.ShardTimer;

/**
 * The end of a leadership that is given away: nothing more is taken from clients, and what was taken is decided before another member
 * leads. So nobody has to be told that it is not known what became of a message. Shard's thread only.
 */
final class HandOver {

    /** For so long what is on its way to the shard still arrives. */
    private static final long ARRIVE_NANOS = 20_000_000;
    private static final long LOOK_NANOS = 2_000_000;

    private final Shard shard;
    private final ReplicatedGroup decisions;
    private final ReplicatedState state;
    private final ShardTimer timer = new ShardTimer(this::look);
    /** Null while nothing is given away. */
    private Runnable done;
    private boolean stored;

    HandOver(Shard shard, ReplicatedGroup decisions, ReplicatedState state) {
        this.shard = shard;
        this.decisions = decisions;
        this.state = state;
    }

    /** @param whenDone told once, when everything that was taken is decided */
    void begin(Runnable whenDone) {
        done = whenDone;
        stored = false;
        state.handsOver(true);
        shard.set(timer, shard.clock().nowNanos() + ARRIVE_NANOS);
    }

    private void look() {
        if (!stored) {
            stored = true;
            state.storeSoon();
        } else if (decisions.idle() && state.idle()) {
            done.run();
            return;
        }
        shard.set(timer, shard.clock().nowNanos() + LOOK_NANOS);
    }

    /** This member leads on. */
    void takeBack() {
        if (done != null) {
            over();
            state.handsOver(false);
        }
    }

    /** This member leads no longer. */
    void over() {
        done = null;
        shard.cancel(timer);
    }
}

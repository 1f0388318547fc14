package org.memphisee.ejb;

import java.util.function.BiConsumer;

import org.memphisee.core.tiering.TierFigures;
import org.memphisee.message.OperatorMessage;

/**
 * Tells the operator when tiered storage does not take objects, when it does again, and what was lost meanwhile, at most once a
 * minute. One thread.
 */
final class TierWatch {

    private static final long PACE_NANOS = 60_000_000_000L;

    private final BiConsumer<OperatorMessage, Object[]> tell;
    private boolean failing;
    private long lostTold;
    private long lostAt;

    /** {@code tell} writes a message with its values. */
    TierWatch(BiConsumer<OperatorMessage, Object[]> tell) {
        this.tell = tell;
    }

    /** Looks at where it is now; {@code nowNanos} is monotonic. */
    void look(TierFigures now, long nowNanos) {
        boolean fails = !now.problem().isEmpty();
        if (fails && !failing) {
            tell.accept(OperatorMessage.TIER_FAILS, new Object[] {now.problem()});
        } else if (failing && !fails) {
            tell.accept(OperatorMessage.TIER_WORKS, new Object[0]);
        }
        failing = fails;
        if (now.lost() > lostTold && (lostTold == 0 || nowNanos - lostAt >= PACE_NANOS)) {
            tell.accept(OperatorMessage.TIER_LOST, new Object[] {now.lost() - lostTold});
            lostTold = now.lost();
            lostAt = nowNanos;
        }
    }
}

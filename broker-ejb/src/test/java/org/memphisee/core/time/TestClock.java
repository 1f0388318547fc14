package org.memphisee.core.time;

/** A clock that moves when told. One thread. */
public final class TestClock implements BrokerClock {

    private static final long SECOND = 1_000_000_000L;

    /** The monotonic time. */
    public long now = 1_000 * SECOND;

    @Override
    public long wallNanos() {
        return 1_700_000_000L * SECOND + now;
    }

    @Override
    public long nowNanos() {
        return now;
    }
}

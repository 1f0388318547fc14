package org.memphisee.core.routing;

/** The thread that runs tests. */
public final class TestThread {

    private TestThread() { }

    /** It may have run the loops of a simulated broker for an earlier test; what it publishes from now on leaves at once. */
    public static void runsNoLoop() {
        Lane.ofNoLoop();
    }
}

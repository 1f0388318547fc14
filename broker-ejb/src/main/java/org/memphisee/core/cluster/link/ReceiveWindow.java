package org.memphisee.core.cluster.link;

/** What one link has received and what was done with it; says when the sender should hear of that. One thread at a time. */
final class ReceiveWindow {

    /** The sender hears of it when a quarter of what it may have under way was taken. */
    private static final int PARTS = 4;

    private final int pipe;
    private final int[] budgets;
    private final long[] received;
    private final long[] done;
    private final long[] toldDone;
    private long arrived;
    private long toldArrived;

    /** @param budgets in the order of {@link Traffic} */
    ReceiveWindow(int pipe, int[] budgets) {
        this.pipe = pipe;
        this.budgets = budgets.clone();
        received = new long[budgets.length];
        done = new long[budgets.length];
        toldDone = new long[budgets.length];
    }

    /** A frame has arrived; false when the sender had no right to send it. */
    boolean arrived(Traffic traffic, int bytes) {
        int i = traffic.ordinal();
        long cost = SendWindow.cost(bytes);
        long here = received[i] - done[i];
        if (here > 0 && here + cost > budgets[i]) {
            return false;
        }
        received[i] += cost;
        if (!traffic.express()) {
            arrived += cost;
        }
        return true;
    }

    void done(Traffic traffic, int bytes) {
        done[traffic.ordinal()] += SendWindow.cost(bytes);
    }

    /** Whether the sender may be waiting for what it would be told now. */
    boolean worthTelling() {
        if (arrived - toldArrived >= pipe / PARTS) {
            return true;
        }
        for (int i = 0; i < done.length; i++) {
            if (done[i] - toldDone[i] >= budgets[i] / PARTS) {
                return true;
            }
        }
        return false;
    }

    /** Of what is not express, bytes since the link began. The sender is told this. */
    long tellArrived() {
        toldArrived = arrived;
        return arrived;
    }

    /** Bytes since the link began, in the order of {@link Traffic}. The sender is told this. */
    long[] tellDone() {
        System.arraycopy(done, 0, toldDone, 0, done.length);
        return done.clone();
    }
}

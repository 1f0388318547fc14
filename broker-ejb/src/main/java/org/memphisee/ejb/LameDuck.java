package org.memphisee.ejb;

/**
 * Sends clients of a node that stops to the other nodes: all are told, and after a grace they are disconnected one after the other, so
 * that the others need not take them all at once. On the thread that ends the process.
 */
final class LameDuck {

    private static final long STEP_MILLIS = 100;

    private final long allMillis;
    private final long graceMillis;

    /** Those who are connected. */
    interface Clients {
        /** How many there are. */
        int count();

        /** Tells all of them to go elsewhere; nobody new comes. */
        void tell();

        /** Disconnects so many that were not yet. */
        void dismiss(int most);
    }

    /**
     * A plan.
     *
     * @param allMillis in which all clients are gone
     * @param graceMillis of them, before the first has to go
     */
    LameDuck(long allMillis, long graceMillis) {
        this.allMillis = allMillis;
        this.graceMillis = Math.min(graceMillis, allMillis);
    }

    /** Returns when all are gone, the time is over or somebody is in a hurry; who is there still is disconnected when all is closed. */
    void send(Clients clients, Drain.Hurry hurry) throws InterruptedException {
        clients.tell();
        if (wait(clients, graceMillis, hurry)) {
            return;
        }
        int here = clients.count();
        long steps = Math.max(1, (allMillis - graceMillis) / STEP_MILLIS);
        long sent = 0;
        for (long step = 1; step <= steps; step++) {
            long due = (here * step + steps - 1) / steps;
            clients.dismiss((int) (due - sent));
            sent = due;
            if (wait(clients, STEP_MILLIS, hurry)) {
                return;
            }
        }
    }

    /** True when there is nothing more to wait for. */
    private static boolean wait(Clients clients, long millis, Drain.Hurry hurry) throws InterruptedException {
        for (long left = millis; left > 0; left -= STEP_MILLIS) {
            if (clients.count() == 0 || hurry.within(Math.min(left, STEP_MILLIS))) {
                return true;
            }
        }
        return clients.count() == 0;
    }
}

package org.memphisee.core.cluster.link;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one link may still send. Each kind of traffic has a budget, from when a frame is taken until the peer is done with it; and
 * of what is not express, only a pipe full is between the nodes, so that what is express comes through. One thread at a time.
 */
final class SendWindow {

    /** A frame counts as so much more than it has, so that many small ones are not for nothing. */
    static final int FRAME_COST = 256;
    /** After so many bytes of others it is the turn of what waits for all others. */
    private static final long PATIENCE = 1 << 20;
    private static final Traffic[] TRAFFIC = Traffic.values();

    /** A frame that waits for the pipe. */
    record Waiting(Traffic traffic, byte[] body) { }

    private static final class Lot {
        private final int budget;
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        /** Bytes since the link began: taken, and those that the peer is done with. */
        private long taken;
        private long done;
        private boolean refused;

        private Lot(int budget) {
            this.budget = budget;
        }

        private long used() {
            return taken - done;
        }
    }

    private final Lot[] lots = new Lot[TRAFFIC.length];
    private final int pipe;
    /** Of what is not express, bytes since the link began: sent, and those that the peer has. */
    private long sent;
    private long arrived;
    private long passedBy;

    /** @param budgets in the order of {@link Traffic} */
    SendWindow(int pipe, int[] budgets) {
        this.pipe = pipe;
        for (Traffic traffic : TRAFFIC) {
            lots[traffic.ordinal()] = new Lot(budgets[traffic.ordinal()]);
        }
    }

    static long cost(int bytes) {
        return bytes + (long) FRAME_COST;
    }

    /** Takes a frame, which the caller sends if it is express, and which otherwise waits to be {@link #next}; false: no room. */
    boolean take(Traffic traffic, byte[] body) {
        Lot lot = lots[traffic.ordinal()];
        if (lot.used() > 0 && lot.used() + cost(body.length) > lot.budget) {
            lot.refused = true;
            return false;
        }
        lot.taken += cost(body.length);
        if (!traffic.express()) {
            lot.waiting.add(body);
        }
        return true;
    }

    /** What the pipe has room for, most urgent first; null for nothing. */
    Waiting next() {
        if (sent - arrived >= pipe) {
            return null;
        }
        Traffic traffic = waits(Traffic.BULK) && passedBy >= PATIENCE ? Traffic.BULK : mostUrgent();
        if (traffic == null) {
            return null;
        }
        byte[] body = lots[traffic.ordinal()].waiting.poll();
        sent += cost(body.length);
        passedBy = traffic == Traffic.BULK || !waits(Traffic.BULK) ? 0 : passedBy + cost(body.length);
        return new Waiting(traffic, body);
    }

    private Traffic mostUrgent() {
        for (Traffic traffic : TRAFFIC) {
            if (waits(traffic)) {
                return traffic;
            }
        }
        return null;
    }

    private boolean waits(Traffic traffic) {
        return !lots[traffic.ordinal()].waiting.isEmpty();
    }

    /**
     * The peer says what it has and what it is done with, in bytes since the link began.
     *
     * @return kinds of traffic that were refused and now have room, null when it says what cannot be
     */
    Set<Traffic> reported(long nowArrived, long[] nowDone) {
        if (nowArrived > sent || nowArrived < arrived) {
            return null;
        }
        for (int i = 0; i < lots.length; i++) {
            if (nowDone[i] > lots[i].taken || nowDone[i] < lots[i].done) {
                return null;
            }
        }
        arrived = nowArrived;
        Set<Traffic> room = EnumSet.noneOf(Traffic.class);
        for (Traffic traffic : TRAFFIC) {
            Lot lot = lots[traffic.ordinal()];
            lot.done = nowDone[traffic.ordinal()];
            if (lot.refused && lot.used() <= lot.budget / 2) {
                lot.refused = false;
                room.add(traffic);
            }
        }
        return room;
    }

    /** Bytes that were taken and that the peer is not done with. */
    long pending() {
        long pending = 0;
        for (Lot lot : lots) {
            pending += lot.used();
        }
        return pending;
    }
}

package org.memphisee.client;

import java.util.HashMap;
import java.util.Map;

/**
 * What a member has asked one partition for and what it holds of it. Guarded by its owner.
 */
final class PullBook {

    private record Pull(int batch, long askedAt) { }

    private final Map<Long, Pull> pulls = new HashMap<>();
    private long lastPull;
    private int asked;
    private int held;
    private long heldBytes;

    /** Messages asked for that have not come yet. */
    int asked() {
        return asked;
    }

    int held() {
        return held;
    }

    /**
     * How many messages to ask for now, 0 for none: up to the share, in no smaller steps than half of it.
     *
     * @param share messages this member may hold of the partition
     * @param shareBytes bytes it may hold, unless a single message is larger
     */
    int wanted(int share, long shareBytes) {
        int room = share - asked - held;
        boolean full = held > 0 && heldBytes >= shareBytes;
        return full || room <= 0 || room < share / 2 ? 0 : room;
    }

    /** Bytes that may come for the next request. */
    long room(long shareBytes) {
        return shareBytes - heldBytes;
    }

    /** Asked; returns the request's number. */
    long asked(int batch, long now) {
        long number = ++lastPull;
        pulls.put(number, new Pull(batch, now));
        asked += batch;
        return number;
    }

    /** A message came. */
    void came(int bytes) {
        asked = Math.max(0, asked - 1);
        held++;
        heldBytes += bytes;
    }

    /** A message was settled. */
    void settled(int bytes) {
        held--;
        heldBytes -= bytes;
    }

    /**
     * A request has ended.
     *
     * @param missing messages it did not get, -1: nothing came for it
     */
    void ended(long number, long missing) {
        Pull pull = pulls.remove(number);
        if (pull != null) {
            asked = (int) Math.max(0, asked - (missing < 0 ? pull.batch : missing));
        }
    }

    /** Forgets requests older than that: their end must have been lost. True if there were any. */
    boolean forget(long askedBefore) {
        boolean any = pulls.values().removeIf(p -> p.askedAt - askedBefore < 0);
        if (any && pulls.isEmpty()) {
            asked = 0;
        }
        return any;
    }
}

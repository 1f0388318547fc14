package org.memphisee.core.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.memphisee.core.wire.StatusBlocks;

/** The waiting pull requests, served in turn, one message each (jetstream-api.md 6.9). */
final class PullQueue implements Demand {

    private static final String TIMED_OUT = "408 Request Timeout";

    private final ArrayDeque<WaitingPull> queue = new ArrayDeque<>();
    private final Marks marks;
    private final ConsumerEnvironment env;
    /** A lower bound of the next expiry, heartbeat or retry; found anew when it is reached. */
    private long wake = RedeliverySchedule.NEVER;
    private long retryAt = RedeliverySchedule.NEVER;
    private long turn;
    private int noWaits;
    private final UnheardPulls unheard;

    /**
     * Nobody waits yet.
     *
     * @param again runs a turn because somebody wants messages again
     */
    PullQueue(Marks marks, ConsumerEnvironment env, Runnable again) {
        this.marks = marks;
        this.env = env;
        this.unheard = new UnheardPulls(env, pull -> {
            pull.restartHeartbeat(env.nowNanos());
            add(pull);
            again.run();
        });
    }

    /** Requests that somebody listens for, as far as is known. */
    int size() {
        return queue.size();
    }

    /** Requests that have not expired and whose inbox somebody listens on. */
    int waiting(long now) {
        int n = 0;
        for (WaitingPull pull : queue) {
            n += !pull.expired(now) && pull.inbox.hasInterest() ? 1 : 0;
        }
        return n;
    }

    void add(WaitingPull pull) {
        queue.addLast(pull);
        wake = Math.min(wake, pull.nextWake());
        if (pull.noWait()) {
            noWaits++;
        }
    }

    /** Messages that the waiting requests still want. */
    long wanted() {
        long sum = 0;
        for (WaitingPull pull : queue) {
            sum += pull.left();
        }
        return sum;
    }

    /** Ends requests that have expired and puts those aside whose inbox nobody listens on. */
    void prune(long now) {
        for (Iterator<WaitingPull> i = queue.iterator(); i.hasNext();) {
            WaitingPull pull = i.next();
            if (pull.expired(now)) {
                pull.end(TIMED_OUT);
                forget(i, pull);
            } else if (!pull.inbox.hasInterest()) {
                forget(i, pull);
                unheard.keep(pull);
            }
        }
        unheard.expire(now, TIMED_OUT);
    }

    @Override
    public void beginTurn() {
        turn++;
        retryAt = RedeliverySchedule.NEVER;
    }

    @Override
    public boolean ready(long now) {
        int congested = 0;
        while (congested < queue.size()) {
            WaitingPull pull = queue.peekFirst();
            if (pull.expired(now)) {
                pull.end(TIMED_OUT);
                dropFirst();
                continue;
            }
            if (pull.checkedInTurn == turn && pull.untilCheck-- > 0) {
                return true;
            }
            if (!pull.inbox.hasInterest()) {
                dropFirst();
                unheard.keep(pull);
            } else if (pull.inbox.congested()) {
                congested++;
                pull.untilCheck = 0;
                queue.addLast(queue.pollFirst());
            } else {
                pull.checkedInTurn = turn;
                pull.untilCheck = CHECK_INTERVAL - 1;
                return true;
            }
        }
        if (congested > 0) {
            retryAt = now + CONGESTION_PAUSE_NANOS;
        }
        return false;
    }

    @Override
    public Inbox inboxFor(long size, long now) {
        while (!queue.peekFirst().fits(size)) {
            queue.peekFirst().end("409 Message Size Exceeds MaxBytes");
            dropFirst();
            if (!ready(now)) {
                return null;
            }
        }
        return queue.peekFirst().inbox;
    }

    @Override
    public void sent(long size, long now) {
        WaitingPull pull = queue.peekFirst();
        if (!pull.served()) {
            env.served(now - pull.since());
        }
        pull.sent(size, now);
        if (pull.complete()) {
            if (pull.bytesLeftOver()) {
                pull.end("409 Batch Completed");
            }
            dropFirst();
        } else if (queue.size() > 1) {
            queue.addLast(queue.pollFirst());
        }
    }

    /** Ends no-wait requests: those that got something, and those that would not even wait for the first one. */
    @Override
    public void caughtUp(long now) {
        if (noWaits == 0) {
            return;
        }
        for (Iterator<WaitingPull> i = queue.iterator(); i.hasNext();) {
            WaitingPull pull = i.next();
            if (!pull.noWait()) {
                continue;
            }
            if (pull.served()) {
                pull.end(TIMED_OUT);
                forget(i, pull);
            } else if (!pull.expires()) {
                pull.inbox.status(StatusBlocks.NO_MESSAGES, "");
                forget(i, pull);
            }
        }
    }

    @Override
    public void unreadable() {
        for (WaitingPull pull : queue) {
            pull.end("409 Stored Message Unreadable");
        }
        queue.clear();
        noWaits = 0;
    }

    @Override
    public void onTimer(long now) {
        unheard.expire(now, TIMED_OUT);
        if (now < wake) {
            return;
        }
        wake = RedeliverySchedule.NEVER;
        for (Iterator<WaitingPull> i = queue.iterator(); i.hasNext();) {
            WaitingPull pull = i.next();
            if (pull.expired(now)) {
                pull.end(TIMED_OUT);
                forget(i, pull);
                continue;
            }
            if (pull.heartbeatDue(now)) {
                if (pull.noWait() && pull.served()) {
                    // held back by unacknowledged messages: it does not wait for what acknowledgements may bring
                    pull.end(TIMED_OUT);
                    forget(i, pull);
                    continue;
                }
                if (!pull.inbox.hasInterest()) {
                    forget(i, pull);
                    unheard.keep(pull);
                    continue;
                }
                pull.inbox.status(StatusBlocks.heartbeat(marks.deliveredConsumer, marks.deliveredStream, ""), "");
                pull.restartHeartbeat(now);
            }
            wake = Math.min(wake, pull.nextWake());
        }
    }

    @Override
    public long nextWake() {
        long next = queue.isEmpty() ? RedeliverySchedule.NEVER : Math.min(wake, retryAt);
        return Math.min(next, unheard.nextExpiry());
    }

    /** Ends all requests because the consumer is gone. */
    void consumerDeleted() {
        for (WaitingPull pull : queue) {
            pull.inbox.status(StatusBlocks.CONSUMER_DELETED, "");
        }
        clear();
    }

    /** Ends all requests as if their time was over. */
    void replaced() {
        for (WaitingPull pull : queue) {
            pull.end(TIMED_OUT);
        }
        clear();
    }

    /** Another broker serves the consumer from now on: it gets what is left of the requests, else they end. */
    void leaderChanges() {
        List<WaitingPull> all = new ArrayList<>(queue);
        all.addAll(unheard.take());
        clear();
        long now = env.nowNanos();
        for (WaitingPull pull : all) {
            if (!env.handOn(pull.rest(now))) {
                pull.end("409 Leadership Change");
            }
        }
    }

    /** Ends all requests because the server stops. */
    void serverStops() {
        for (WaitingPull pull : queue) {
            pull.end("409 Server Shutdown");
        }
        clear();
    }

    private void clear() {
        queue.clear();
        noWaits = 0;
        unheard.clear();
    }

    private void dropFirst() {
        if (queue.pollFirst().noWait()) {
            noWaits--;
        }
    }

    private void forget(Iterator<WaitingPull> at, WaitingPull pull) {
        at.remove();
        if (pull.noWait()) {
            noWaits--;
        }
    }
}
